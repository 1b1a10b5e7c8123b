#include "batch.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "input.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

namespace cli {

namespace {

constexpr std::string_view null = "null";

mt::Error invalid(std::string_view field, mt::StaticText message) {
  return {mt::Errc::invalid_argument, std::string(field), message};
}

std::string printable_id(const JsonMembers& members) { return ascii_json(members.find("id").value_or(null)); }

// The id of a line that is JSON by the grammar of RFC 8259, though not by our reader: a lone surrogate in the token, a
// member twice. "null" for anything else, and where the id itself is in doubt.
std::string id_of_lax_line(std::string_view line) {
  std::string tame = without_lone_surrogates(line);
  const bool is_json = nlohmann::json::accept(tame);
  mt::wipe(tame.data(), tame.size());
  if (!is_json) return std::string(null);
  const auto members = JsonMembers::of(line);
  if (!members) return std::string(null);
  const auto is_id = [](const JsonMembers::Member& member) { return member.first == "id"; };
  if (std::count_if(members->all().begin(), members->all().end(), is_id) != 1) return std::string(null);
  std::string id = printable_id(*members);
  return mt::check_json(id) ? id : std::string(null);  // an answer is strict JSON, whatever the line was
}

// A refusal is nothing but the id and the error, however far the answer had come.
std::string answer_of(const BatchCommand& command, const std::string& id, const mt::Error& error) {
  JsonObject answer;
  answer.json("id", id);
  command.refuse(error, answer);
  return answer.str();
}

mt::Result<void> check_members(const BatchCommand& command, const JsonMembers& members) {
  for (const auto& [name, value] : members.all()) {
    const bool known = std::find(command.members.begin(), command.members.end(), name) != command.members.end();
    if (name != "id" && !known) {
      return invalid(name, "is no member of a line of this command");
    }
  }
  return {};
}

std::string answer_line(const BatchCommand& command, std::string_view line) {
  const auto strict = mt::check_json(line);
  if (!strict) return answer_of(command, id_of_lax_line(line), strict.error());
  auto members = JsonMembers::of(line);
  if (!members) return answer_of(command, std::string(null), invalid("", "the line is no JSON object"));

  const std::string id = printable_id(*members);
  const auto known = check_members(command, *members);
  if (!known) return answer_of(command, id, known.error());
  JsonObject answer;
  answer.json("id", id);
  const auto answered = command.answer(BatchLine(*std::move(members)), answer);
  return answered ? answer.str() : answer_of(command, id, answered.error());
}

}  // namespace

mt::Result<std::string_view> BatchLine::value(std::string_view name) const {
  const auto value = members_.find(name);
  if (!value || *value == null) return invalid(name, "is missing");
  return *value;
}

mt::Result<std::string> BatchLine::text(std::string_view name) const {
  const auto given = value(name);
  if (!given) return given.error();
  auto text = json_string(*given);
  if (!text) return invalid(name, "must be a text");
  return *std::move(text);
}

mt::Result<std::optional<std::string>> BatchLine::optional_text(std::string_view name) const {
  if (members_.find(name).value_or(null) == null) return std::optional<std::string>();
  auto given = text(name);
  if (!given) return given.error();
  return std::optional(std::move(given).value());
}

mt::Result<std::int64_t> BatchLine::integer(std::string_view name) const {
  const auto given = value(name);
  if (!given) return given.error();
  const auto number = json_integer(*given);
  if (!number)
    return invalid(name, "must be a whole number of at most 64 bits, written without a fraction or exponent");
  return *number;
}

mt::Result<std::optional<std::int64_t>> BatchLine::optional_integer(std::string_view name) const {
  if (members_.find(name).value_or(null) == null) return std::optional<std::int64_t>();
  const auto given = integer(name);
  if (!given) return given.error();
  return std::optional(*given);
}

int run_batch(const BatchCommand& command) {
  LineReader reader;
  for (;;) {
    const LineReader::Got got = reader.next();
    if (got == LineReader::Got::end) return done;
    const mt::Error too_long{mt::Errc::limit_exceeded, "", "the line is longer than 16 MiB"};
    const std::string answer = got == LineReader::Got::line ? answer_line(command, reader.line())
                                                            : answer_of(command, std::string(null), too_long);
    if (!print_line(answer)) return done;
  }
}

}  // namespace cli
