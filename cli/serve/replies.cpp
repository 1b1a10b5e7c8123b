#include "replies.hpp"

#include <fmt/format.h>

#include <utility>

namespace cli::serve {

namespace {

void add_common(vending::Response& reply, std::string_view request_id) {
  reply.headers.push_back({"cache-control", "no-store"});
  reply.headers.push_back({"x-content-type-options", "nosniff"});
  reply.headers.push_back({"x-request-id", std::string(request_id)});
}

}  // namespace

vending::Response error_reply(int status, mt::StaticText code, mt::StaticText message, std::string_view request_id) {
  vending::Response reply{.status = status};
  reply.headers.push_back({"content-type", "application/json"});
  if (status == 401) reply.headers.push_back({"www-authenticate", "Bearer"});
  add_common(reply, request_id);
  reply.body =
      fmt::format(R"({{"code":"{}","message":"{}","request_id":"{}"}})", code.view(), message.view(), request_id);
  return reply;
}

vending::Response wrong_method(std::string_view allowed, std::string_view request_id) {
  vending::Response reply = error_reply(405, "method_not_allowed", "this path has other methods", request_id);
  reply.headers.push_back({"allow", std::string(allowed)});
  return reply;
}

vending::Response text_reply(std::string_view content_type, std::string body, std::string_view request_id) {
  vending::Response reply{.status = 200};
  reply.headers.push_back({"content-type", std::string(content_type)});
  add_common(reply, request_id);
  reply.body = std::move(body);
  return reply;
}

std::string_view reason_of(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Answer";
  }
}

}  // namespace cli::serve
