#include "momento_token/detail/key_table.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace momento_token;

class NamedKey final : public VerificationKey {
 public:
  NamedKey(std::string alg, std::string kid) : alg_(std::move(alg)), kid_(std::move(kid)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return alg_; }
  [[nodiscard]] std::string_view kid() const noexcept override { return kid_; }
  [[nodiscard]] bool verify(ByteView, ByteView) const noexcept override { return false; }

 private:
  std::string alg_, kid_;
};

std::vector<std::shared_ptr<const VerificationKey>> keys_named(const std::vector<std::string>& kids) {
  std::vector<std::shared_ptr<const VerificationKey>> keys;
  for (const std::string& kid : kids) keys.push_back(std::make_shared<NamedKey>("ES256", kid));
  return keys;
}

}  // namespace

// What is not found by its text is read as JSON, so a slip here would go unnoticed but for the time it costs.
TEST_CASE("the header that an issuer writes is found by its text, whatever the number and order of the keys") {
  const std::vector<std::string> kids = {"m", "a", "z", "ab", "Z", "0", "zz"};
  for (std::size_t count = 1; count <= kids.size(); ++count) {
    CAPTURE(count);
    const auto keys = keys_named({kids.begin(), kids.begin() + static_cast<std::ptrdiff_t>(count)});
    const detail::KeyTable table(keys);
    for (const auto& key : keys) CHECK(table.find_header(detail::encode_header("ES256", key->kid())) == key.get());
    CHECK(table.find_header(detail::encode_header("ES256", "b")) == nullptr);
    CHECK(table.find_header(detail::encode_header("HS256", "m")) == nullptr);
    CHECK(table.find_header("") == nullptr);
    CHECK(table.find_header("zzzz") == nullptr);
    const auto* const only = count == 1 ? keys.front().get() : nullptr;
    CHECK(table.find_header(detail::encode_header("ES256", {})) == only);
  }
}
