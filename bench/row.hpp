#pragma once
// One row of the table: its name, the row it is a multiple of, and what is done each time.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allocations.hpp"

namespace bench {

/// Made when it is first wanted, so that a run of few rows begins at once. Copies share it.
template <class T>
class Lazy {
 public:
  explicit Lazy(std::function<T()> make) : shared_(std::make_shared<Shared>()) { shared_->make = std::move(make); }
  [[nodiscard]] const T& operator*() const {
    std::call_once(shared_->once, [this] { shared_->value.emplace(shared_->make()); });
    return *shared_->value;
  }
  [[nodiscard]] const T* operator->() const { return &**this; }

 private:
  struct Shared {
    std::once_flag once;
    std::function<T()> make;
    std::optional<T> value;
  };
  std::shared_ptr<Shared> shared_;
};
template <class Make>
[[nodiscard]] auto lazy(Make make) {
  return Lazy<decltype(make())>(std::move(make));
}

using Tokens = Lazy<std::vector<std::string>>;

/// make() returns what is to be called as work(i), i going round 4096. `of` names the row whose time is 1; "" for none.
/// One call does the thing `times` times.
template <class Make>
benchmark::internal::Benchmark* row(const std::string& name, const std::string& of, Make make, std::size_t times = 1) {
  return benchmark::RegisterBenchmark(name.c_str(), [of, times, made = lazy(std::move(make))](benchmark::State& state) {
    auto work = *made;  // its own, for what it keeps from call to call
    // Threads begin at different places; each counts what it allocates itself.
    std::size_t i = static_cast<std::size_t>(state.thread_index()) * 1000;
    work(i & 4095);  // whatever is made on first use
    const Allocations before = allocations();
    for (auto step : state) {
      static_cast<void>(step);
      work(++i & 4095);
    }
    const Allocations after = allocations();
    const auto average = benchmark::Counter::kAvgThreads;
    const auto each = static_cast<double>(state.iterations()) * static_cast<double>(times);
    state.counters["times"] = benchmark::Counter(static_cast<double>(times), average);
    state.counters["allocations"] = benchmark::Counter(static_cast<double>(after.ours - before.ours) / each, average);
    state.counters["libcrypto_allocations"] =
        benchmark::Counter(static_cast<double>(after.libcrypto - before.libcrypto) / each, average);
    state.SetLabel(of);
  });
}

/// Adds the row "hmac/NAME": the hash over the signing inputs of these tokens. Returns its name.
std::string add_hash_over(const std::string& name, Tokens tokens);

void add_limits();
void add_ours();
void add_growth();
void add_peers();

}  // namespace bench
