#pragma once
// A signer with what an issuer works out of it once.

#include <memory>
#include <string>

#include "momento_token/detail/hmac_key.hpp"
#include "momento_token/detail/jws_header.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

struct SigningKey {
  explicit SigningKey(std::shared_ptr<const Signer> s)
      : signer(std::move(s)),
        hmac(signer->as_hmac_signer()),
        header(encode_header(signer->alg(), signer->kid()) + ".") {}

  std::shared_ptr<const Signer> signer;
  const HmacSigner* hmac;  // the signer, when it is one of ours that can start from a prefix
  std::string header;      // base64url and the dot
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
