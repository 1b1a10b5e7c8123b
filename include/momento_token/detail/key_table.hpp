#pragma once
// The verifier's keys, found by the header of a token.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/detail/compact.hpp"
#include "momento_token/detail/jws_header.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

class KeyTable {
 public:
  explicit KeyTable(std::vector<std::shared_ptr<const VerificationKey>> keys) {
    for (auto& key : keys) {
      std::string alg(key->alg()), kid(key->kid());
      entries_.push_back({std::move(kid), std::move(alg), std::move(key)});
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.kid < b.kid; });
    for (const Entry& entry : entries_) {
      if (!entry.kid.empty()) headers_.push_back({encode_header(entry.alg, entry.kid), entry.key.get()});
      if (count_alg(entry.alg) == 1) headers_.push_back({encode_header(entry.alg, {}), entry.key.get()});
    }
    std::sort(headers_.begin(), headers_.end(), [](const Known& a, const Known& b) { return a.text < b.text; });
  }

  /// The key whose issuer writes exactly this header, in base64url; null for any other header.
  [[nodiscard]] const VerificationKey* find_header(std::string_view text) const noexcept {
    if (headers_.size() <= 2) {
      for (const Known& known : headers_) {
        if (known.text == text) return known.key;
      }
      return nullptr;
    }
    const auto it = std::lower_bound(headers_.begin(), headers_.end(), text,
                                     [](const Known& known, std::string_view wanted) { return known.text < wanted; });
    return it != headers_.end() && it->text == text ? it->key : nullptr;
  }

  /// With a kid, the key of exactly these bytes; without, the one key of the algorithm. Its alg must be the header's.
  [[nodiscard]] Refusal find(const Header& header, const VerificationKey*& key) const noexcept {
    const Refusal unknown{Errc::unknown_key, {}, "no key, or more than one, fits the token"};
    const Entry* entry = nullptr;
    if (header.kid) {
      entry = header.kid->empty() ? nullptr : find_kid(*header.kid);
    } else if (entries_.size() == 1) {
      entry = &entries_.front();
    } else if (count_alg(header.alg) == 1) {
      entry = &*std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.alg == header.alg; });
    }
    if (entry == nullptr) return unknown;
    if (entry->alg != header.alg) return {Errc::signature_mismatch, {}, "the signature is not that of the key"};
    key = entry->key.get();
    return {};
  }

 private:
  struct Entry {
    std::string kid, alg;
    std::shared_ptr<const VerificationKey> key;
  };
  struct Known {
    std::string text;
    const VerificationKey* key;
  };

  [[nodiscard]] const Entry* find_kid(std::string_view kid) const noexcept {
    const auto it = std::lower_bound(entries_.begin(), entries_.end(), kid,
                                     [](const Entry& entry, std::string_view wanted) { return entry.kid < wanted; });
    return it != entries_.end() && it->kid == kid ? &*it : nullptr;
  }
  [[nodiscard]] std::size_t count_alg(std::string_view alg) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.alg == alg; }));
  }

  std::vector<Entry> entries_;  // by kid
  std::vector<Known> headers_;  // by text
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
