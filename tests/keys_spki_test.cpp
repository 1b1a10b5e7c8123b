#include "momento_token/keys.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support.hpp"

using namespace momento_token;

namespace {

std::string load(std::string_view base64) {
  return test::outcome(verification_key_from_pem(
      "ES256", "-----BEGIN PUBLIC KEY-----\n" + std::string(base64) + "\n-----END PUBLIC KEY-----\n"));
}

}  // namespace

// One P-256 key in the texts that `openssl ec -pubout` writes with -conv_form and -param_enc, and in some made by hand of the first.
// RFC 5480 §2.1.1: implicit and specified curves MUST NOT be used; §2.2: uncompressed MUST, compressed MAY, hybrid MUST NOT.
TEST_CASE("a public key has one text, and one for its compressed point") {
  CHECK(
      load(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiwWqCDftDuhd04VPjW59Nf764U6Vj5Ip4AvoTyWAM7a1VsqWvrvF8VOZb747d47MkyzPoVB3"
          "ky23rzCS0imPXg==") == "ok");
  CHECK(load("MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACiwWqCDftDuhd04VPjW59Nf764U6Vj5Ip4AvoTyWAM7Y=") == "ok");

  struct Row {
    const char* name;
    const char* base64;
  };
  for (const Row& row :
       {Row{"a hybrid point",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAGiwWqCDftDuhd04VPjW59Nf764U6Vj5Ip4AvoTyWAM7a1VsqWvrvF8VOZb747d47MkyzPoV"
            "B3"
            "ky23rzCS0imPXg=="},
        Row{"a curve in full",
            "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP////"
            "8AAAAB"
            "AAAAAAAAAAAAAAAA///////////////"
            "8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36Q"
            "BEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//"
            "//"
            "//////"
            "+85vqtpxeehPO5ysL8YyVRAgEBA0IABIsFqgg37Q7oXdOFT41ufTX++uFOlY+SKeAL6E8lgDO2tVbKlr67xfFTmW++O3eOzJMsz6FQ"
            "d5Mtt68wktIpj14="},
        Row{"a length in two bytes that one would hold",
            "MIFZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIsFqgg37Q7oXdOFT41ufTX++uFOlY+SKeAL6E8lgDO2tVbKlr67xfFTmW++"
            "O3eOzJMsz6FQ"
            "d5Mtt68wktIpj14="},
        Row{"an indefinite length",
            "MIAwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiwWqCDftDuhd04VPjW59Nf764U6Vj5Ip4AvoTyWAM7a1VsqWvrvF8VOZb747d47MkyzPoV"
            "B3"
            "ky23rzCS0imPXgAA"},
        Row{"a long length inside",
            "MFowEwYHKoZIzj0CAQYIKoZIzj0DAQcDgUIABIsFqgg37Q7oXdOFT41ufTX++uFOlY+SKeAL6E8lgDO2tVbKlr67xfFTmW++"
            "O3eOzJMsz6FQ"
            "d5Mtt68wktIpj14="},
        Row{"a bit that does not count",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgEEiwWqCDftDuhd04VPjW59Nf764U6Vj5Ip4AvoTyWAM7a1VsqWvrvF8VOZb747d47MkyzPoV"
            "B3"
            "ky23rzCS0imPXg=="}}) {
    CAPTURE(row.name);
    CHECK(load(row.base64) == "invalid_argument pem");
  }
}
