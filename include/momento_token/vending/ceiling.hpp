#pragma once
// What a request may narrow its token to, and never exceed.

#include <string>

#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// The function that vends, as tokens name it. A token that may invoke it could vend, so no policy and no ceiling may
/// open it.
struct VendingFunction {
  std::string cache = {};         ///< empty: in whichever cache
  std::string function = "vend";  ///< not empty
};

/// The widest scope that may be vended. Immutable, safe to share between threads.
class MOMENTO_TOKEN_API ScopeCeiling {
 public:
  /// invalid_argument, with the path of the statement, for an unset role or selector, an empty or non-UTF-8 name, a
  /// statement that may invoke the vending function, and a ceiling without statements.
  [[nodiscard]] static Result<ScopeCeiling> create(Permissions most, const VendingFunction& vending = {});

  /// The wanted scope, when all of it lies within (covers()). permission_denied when some of it does not; the errors of
  /// issuing, with the statement's path, when it could not be issued: an absent selector never means all.
  [[nodiscard]] Result<Permissions> admit(Permissions wanted) const;
  /// A topic with the widest role that lies within: publish and subscribe, or one of the two. permission_denied when
  /// none does.
  [[nodiscard]] Result<Permissions> admit_topic(const std::string& cache, const std::string& topic) const;
  /// What it was made from.
  [[nodiscard]] const Permissions& permissions() const& noexcept { return most_; }
  const Permissions& permissions() const&& = delete;

 private:
  explicit ScopeCeiling(Permissions most) noexcept;
  Permissions most_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/ceiling.ipp"
#endif
