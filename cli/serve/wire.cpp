#include "wire.hpp"

#include "replies.hpp"

namespace cli::serve {

void write_wire(std::string& out, const momento_token::vending::Response& reply, const WireOptions& options) {
  const auto add_field = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.assign("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ").append(reason_of(reply.status));
  out.append("\r\n");
  add_field("date", options.date);
  for (const auto& field : reply.headers) add_field(field.name, field.value);
  // RFC 9110 §8.6: none with 204.
  if (reply.status != 204) add_field("content-length", std::to_string(reply.body.size()));
  if (options.close) add_field("connection", "close");
  out.append("\r\n");
  if (!options.no_body && reply.status != 204) out.append(reply.body);
}

}  // namespace cli::serve
