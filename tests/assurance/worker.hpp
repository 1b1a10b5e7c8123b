#pragma once
// A thread that does one job after another and stays parked in between, so that its stack can be looked at as the job left it.

#include <pthread.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace assurance {

class Worker {
 public:
  Worker() : thread_([this] { serve(); }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    run(nullptr);
    thread_.join();
  }

  /// The lowest address of its stack, and the one behind the highest.
  [[nodiscard]] std::pair<std::uintptr_t, std::uintptr_t> stack() {
    std::pair<std::uintptr_t, std::uintptr_t> range;
    run([&] {
      pthread_attr_t attributes;
      void* low = nullptr;
      std::size_t size = 0;
      pthread_getattr_np(pthread_self(), &attributes);
      pthread_attr_getstack(&attributes, &low, &size);
      pthread_attr_destroy(&attributes);
      range.first = reinterpret_cast<std::uintptr_t>(low);
      range.second = range.first + size;
    });
    return range;
  }

  /// Returns when the job is done; without one the thread ends.
  void run(std::function<void()> job) {
    std::unique_lock lock(mutex_);
    job_ = std::move(job);
    has_job_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !has_job_; });
  }

 private:
  void serve() {
    for (bool more = true; more;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return has_job_; });
      more = job_ != nullptr;
      if (more) deep_down(job_);
      job_ = nullptr;
      has_job_ = false;
      changed_.notify_all();
    }
  }

  // Keeps the frames of the job away from those of the waiting.
  __attribute__((noinline)) static void deep_down(const std::function<void()>& job) {
    volatile char room[std::size_t{32} * 1024];
    room[0] = 0;
    job();
    room[1] = room[0];
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> job_;
  bool has_job_ = false;
  std::thread thread_;
};

}  // namespace assurance
