#pragma once
// --batch: one JSON object per line in, one per line out, in the same order, each with its id.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json_text.hpp"
#include "momento_token/result.hpp"
#include "output.hpp"

namespace cli {

/// One line of a batch. An optional member may be null. Errors name the member.
class BatchLine {
 public:
  explicit BatchLine(JsonMembers members) : members_(std::move(members)) {}

  /// The value as it is written; a view into the line.
  [[nodiscard]] mt::Result<std::string_view> value(std::string_view name) const;
  [[nodiscard]] mt::Result<std::string> text(std::string_view name) const;
  [[nodiscard]] mt::Result<std::optional<std::string>> optional_text(std::string_view name) const;
  [[nodiscard]] mt::Result<std::int64_t> integer(std::string_view name) const;
  [[nodiscard]] mt::Result<std::optional<std::int64_t>> optional_integer(std::string_view name) const;

 private:
  JsonMembers members_;
};

struct BatchCommand {
  /// What a line may hold besides `id`: a misspelled option must not be overlooked.
  std::vector<std::string_view> members;
  /// Puts the answer behind the id, or returns why not.
  std::function<mt::Result<void>(const BatchLine&, JsonObject&)> answer;
  /// Puts an error behind the id.
  std::function<void(const mt::Error&, JsonObject&)> refuse = [](const mt::Error& error, JsonObject& out) {
    out.json("error", error_json(error));
  };
};

/// Until standard input ends. 0, whatever the answers.
[[nodiscard]] int run_batch(const BatchCommand& command);

}  // namespace cli
