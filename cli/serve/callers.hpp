#pragma once
// Who may ask, as the options say it.

#include <functional>
#include <memory>

#include "momento_token/vending/caller_auth.hpp"
#include "momento_token/vending/key_source.hpp"
#include "options.hpp"

namespace cli::serve {

namespace mt = momento_token;
namespace vending = momento_token::vending;

struct Callers {
  std::shared_ptr<const vending::CallerAuth> auth;
  std::shared_ptr<vending::RefreshedSecret> bootstrap = {};  ///< null when callers have no bootstrap credential
  bool slow = false;                                         ///< checking one costs a memory-hard function
  std::string file = {};                                     ///< what is read again on SIGHUP; empty when nothing is
  std::function<mt::Result<void>()> reload = {};             ///< on an error all stays as it was
};
/// Exit code 2 for files that are unreadable or wrong.
[[nodiscard]] Callers callers_of(const ServeOptions& options, Log& log);

}  // namespace cli::serve
