#include "tls.hpp"

#include <openssl/ssl.h>

#include "momento_token/secret.hpp"

namespace cli::serve {

namespace {

mt::Error wrong(const char* field, mt::StaticText message) { return {mt::Errc::invalid_argument, field, message}; }

asio::const_buffer buffer_of(const mt::SecretBytes& bytes) { return {bytes.expose().data(), bytes.size()}; }

}  // namespace

mt::Result<TlsContext> make_tls(const std::string& certificates, const std::string& key) {
  const auto chain = mt::read_key_file(certificates);
  if (!chain) return wrong("tls-cert", chain.error().message);
  const auto secret = mt::read_key_file(key);
  if (!secret) return wrong("tls-key", secret.error().message);
  if (!secret->is_private) return wrong("tls-key", "may be read or written by others; chmod 600 mends it");

  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  // RFC 8996 retires TLS 1.0 and 1.1. Idle connections give their buffers back.
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  boost::system::error_code error;
  context->use_certificate_chain(buffer_of(chain->bytes), error);
  if (error) return wrong("tls-cert", "is no PEM certificate chain");
  context->use_private_key(buffer_of(secret->bytes), asio::ssl::context::pem, error);
  if (error) return wrong("tls-key", "is no PEM key, or not the certificate's");
  if (SSL_CTX_check_private_key(native) != 1) return wrong("tls-key", "is not the certificate's");
  return context;
}

}  // namespace cli::serve
