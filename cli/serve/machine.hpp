#pragma once
// The vending machine that the options describe, and what of it changes while it runs.

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "app.hpp"
#include "callers.hpp"
#include "momento_token/vending/key_source.hpp"
#include "momento_token/vending/policy.hpp"
#include "options.hpp"

namespace cli::serve {

class Machine {
 public:
  /// Exit code 2 for files, keys and options that are wrong, with the place.
  Machine(const ServeOptions& options, Log& log);

  [[nodiscard]] std::unique_ptr<const Handler> app(Common common);
  /// Reads everything again. `tell` learns of each part how it went; what failed stays as it was.
  void reload(const std::function<void(std::string_view, const mt::Result<void>&)>& tell);
  /// Reads what is due; for a thread that may wait.
  void refresh();

 private:
  [[nodiscard]] vending::VendingOptions vending_options() const;

  const ServeOptions& options_;
  Log& log_;
  vending::VendingFunction function_;
  std::shared_ptr<vending::RefreshedSigningKey> key_;
  std::shared_ptr<vending::ReloadablePolicy> policy_;
  Callers callers_;
  std::chrono::steady_clock::time_point bootstrap_due_;
};

}  // namespace cli::serve
