#pragma once
// TLS of the server: 1.2 and newer, a certificate chain and its key from PEM files.

#include <utility>  // before Asio, which forgets it

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "momento_token/result.hpp"

namespace cli::serve {

namespace asio = boost::asio;
namespace mt = momento_token;

using TlsContext = std::shared_ptr<asio::ssl::context>;

/// invalid_argument, with the field "tls-cert" or "tls-key", for files that are none, that do not belong together, or a
/// key that others may read.
[[nodiscard]] mt::Result<TlsContext> make_tls(const std::string& certificates, const std::string& key);

}  // namespace cli::serve
