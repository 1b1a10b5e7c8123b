#include "aws_secrets.hpp"

#include <utility>  // before Asio, which forgets it

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "../options.hpp"
#include "secret_json.hpp"

namespace cli::serve {

namespace mt = momento_token;
namespace asio = boost::asio;

namespace {

using Tcp = asio::ip::tcp;
using Error = boost::system::error_code;

// A secret has at most 64 KiB; in JSON it may take six times that.
constexpr std::size_t max_answer_bytes = std::size_t{512} * 1024;

mt::Error no_extension(mt::StaticText message) { return {mt::Errc::internal_error, "aws", message}; }
mt::Error bad_secret(mt::StaticText message) { return {mt::Errc::invalid_argument, "aws", message}; }

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (alphanumeric || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

// One request of HTTP/1.0, so that the answer ends where the connection does.
class Exchange {
 public:
  explicit Exchange(const AwsSecretOptions& options) : answer_(max_answer_bytes) {
    request_ = "GET /secretsmanager/get?secretId=" + percent_encoded(options.id) +
               " HTTP/1.0\r\nHost: localhost\r\nX-Aws-Parameters-Secrets-Token: ";
    request_.reserve(request_.size() + options.session_token.size() + 4);  // so that no copy of the token stays behind
    request_.append(options.session_token).append("\r\n\r\n");
  }
  ~Exchange() { mt::wipe(request_.data(), request_.size()); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// The answer with its head, in wiped memory.
  [[nodiscard]] mt::Result<mt::SecretBytes> run(const Tcp::endpoint& address, std::chrono::milliseconds timeout) {
    socket_.async_connect(address, [this](const Error& error) {
      if (!error) write();
    });
    context_.run_for(timeout);
    if (!whole_) return no_extension("the secrets extension of this machine does not answer");
    return std::move(answer_);
  }

 private:
  void write() {
    asio::async_write(socket_, asio::buffer(request_), [this](const Error& error, std::size_t) {
      if (!error) read();
    });
  }
  void read() {
    const auto room = answer_.expose_for_writing();
    asio::async_read(socket_, asio::buffer(room.data(), room.size()), [this](const Error& error, std::size_t size) {
      whole_ = error == asio::error::eof;
      answer_.truncate(size);
    });
  }

  asio::io_context context_{1};
  Tcp::socket socket_{context_};
  std::string request_;
  mt::SecretBytes answer_;
  bool whole_ = false;
};

// "HTTP/1.1 200 OK"; the last part may be missing (RFC 9112 §4).
bool is_ok(std::string_view status_line) {
  constexpr std::size_t version = 8;  // HTTP/1.1
  return status_line.substr(std::min(version, status_line.size()), 4) == " 200" &&
         (status_line.size() == version + 4 || status_line[version + 4] == ' ');
}

// The body of an answer whose status is 200.
mt::Result<std::string_view> body_of(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.") || end == std::string_view::npos) {
    return no_extension("what answers is no secrets extension");
  }
  if (!is_ok(answer.substr(0, answer.find("\r\n")))) return bad_secret("the secrets extension does not hand it over");
  return answer.substr(end + 4);
}

class AwsSecretSource final : public mt::vending::KeySource {
 public:
  explicit AwsSecretSource(AwsSecretOptions options) : options_(std::move(options)) {}

  [[nodiscard]] mt::Result<mt::SecretBytes> read() const override {
    const auto answer = ask();
    if (!answer) return answer.error();
    const auto body = body_of(answer->expose_text());
    if (!body) return body.error();
    auto secret = secret_member(*body, "SecretString");
    if (!secret || options_.member.empty()) return secret;
    return secret_member(secret->expose_text(), options_.member);
  }

 private:
  [[nodiscard]] mt::Result<mt::SecretBytes> ask() const {
    const Tcp::endpoint address(asio::ip::address_v4::loopback(), options_.port);
    try {
      return Exchange(options_).run(address, options_.timeout);
    } catch (const boost::system::system_error&) {
      return no_extension("there is no descriptor left to ask the secrets extension with");
    }
  }

  AwsSecretOptions options_;
};

}  // namespace

AwsSecretOptions aws_secret_options(const std::string& id) {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread is started
    return std::string(value == nullptr ? "" : value);
  };
  AwsSecretOptions options;
  options.id = id.substr(0, id.find('#'));
  if (id.find('#') != std::string::npos) options.member = id.substr(id.find('#') + 1);
  options.session_token = variable("AWS_SESSION_TOKEN");
  const auto port = parse_integer(variable("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")).value_or(0);
  if (port > 0 && port < 65'536) options.port = static_cast<std::uint16_t>(port);
  return options;
}

std::shared_ptr<const mt::vending::KeySource> aws_secret_source(AwsSecretOptions options) {
  return std::make_shared<const AwsSecretSource>(std::move(options));
}

}  // namespace cli::serve
