// The program's batch lines and the texts of its options: one answer per line, in order, with its id, in plain ASCII.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/os.hpp"
#include "cli/output.hpp"
#include "cli/scope_argument.hpp"
#include "fuzz.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/token.hpp"

namespace {

namespace mt = momento_token;
using Json = nlohmann::json;

std::string_view standard_input;
std::string standard_output;

}  // namespace

// The program's own doors to the operating system, leading here.
namespace cli::os {

void ignore_broken_pipes() {}
long read_input(std::span<std::byte> buffer) {
  const std::size_t n = std::min(buffer.size(), standard_input.size());
  if (n != 0) std::memcpy(buffer.data(), standard_input.data(), n);
  standard_input.remove_prefix(n);
  return static_cast<long>(n);
}
bool input_is_terminal() { return false; }
bool output_is_open() { return true; }
Written write_output(std::string_view text) {
  standard_output += text;
  return Written::yes;
}
void write_error(std::string_view) {}
PathKind path_kind(const std::string&) { return PathKind::file; }
Exposure exposure_of(const std::string&) { return Exposure::mode; }
Created create_private_file(const std::string&, std::span<const std::byte>, bool) { return Created::failed; }

}  // namespace cli::os

namespace {

// ---- lines ----

// A private file that no other process sees.
std::string key_file() {
  constexpr std::string_view key = R"({"kty":"oct","alg":"HS256","kid":"k",)"
                                   R"("k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})";
  const int fd = ::memfd_create("key", MFD_CLOEXEC);
  fuzz::law(fd >= 0 && ::fchmod(fd, S_IRUSR | S_IWUSR) == 0 &&
                ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()),
            "a key file is made");
  return "/proc/self/fd/" + std::to_string(fd);
}

// CLI11 keeps what a command does from its heirs only.
struct Callback : CLI::App {
  static std::function<void()> of(const CLI::App& command) { return command.*(&Callback::final_callback_); }
};

// A command whose options main() has read. That takes CLI11 longer than the lines do, so it is done once.
class Batch {
 public:
  explicit Batch(const std::vector<std::string>& words) {
    app_.require_subcommand(1);
    cli::add_mint(app_, exit_code_);
    cli::add_inspect(app_, exit_code_);
    cli::add_verify(app_, exit_code_);
    cli::add_can(app_, exit_code_);
    cli::add_scope(app_, exit_code_);
    app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
    const CLI::App* command = &app_;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    callback_ = Callback::of(*command);
  }
  [[nodiscard]] int run() {
    exit_code_ = -1;
    callback_();
    return exit_code_;
  }

 private:
  CLI::App app_{"", "momento-token"};
  int exit_code_ = -1;
  std::function<void()> callback_;
};

struct Command {
  std::unique_ptr<Batch> batch;
  const char* answer;  // the member that only an answer has
  const char* from = nullptr;
  const char* to = nullptr;
};

std::vector<Command> make_commands() {
  const auto batch = [](const std::vector<std::string>& words) { return std::make_unique<Batch>(words); };
  std::vector<Command> commands;
  commands.push_back({batch({"verify", "--batch", "--now", "1893456000"}), "valid"});
  commands.push_back({batch({"can", "--batch"}), "allowed"});
  commands.push_back({batch({"can", "--batch", "--narrower"}), "allowed"});
  commands.push_back({batch({"inspect", "--batch"}), "kind"});
  commands.push_back({batch({"mint", "--batch", "--now", "1893456000", "--key", key_file()}), "token"});
  for (const char* from : {"functions", "sdk", "proto"}) {
    for (const char* to : {"functions", "sdk", "proto"}) {
      commands.push_back({batch({"scope", "convert", "--batch", "--from", from, "--to", to}), "scope", from, to});
    }
  }
  return commands;
}

// Hundreds of empty lines say no more than four, and take a hundred times as long.
std::string_view first_lines(std::string_view text, int count) {
  std::size_t end = 0;
  while (count-- > 0 && end < text.size()) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return text.substr(0, end);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

mt::Result<mt::Permissions> scope_of(const Json& value, const char* format) {
  const bool is_hex = std::string_view(format) == "proto" && value.is_string();
  return cli::scope_from_text(is_hex ? value.get<std::string>() : value.dump(), *cli::scope_format(format), {});
}

// What an answer says about the line it answers.
void check_contents(const Command& command, const Json& line, const Json& answer) {
  if (command.from != nullptr) {
    const auto asked = fuzz::must(scope_of(line.at("scope"), command.from), "only a scope is converted");
    fuzz::law(fuzz::must(scope_of(answer.at("scope"), command.to), "what is converted can be read") == asked,
              "a scope is the same in every format");
  }
  if (std::string_view(command.answer) == "token") {
    const auto seen = fuzz::must(mt::decode_unverified(answer.at("token").get<std::string>()), "a token is minted");
    const auto asked = fuzz::must(scope_of(line.at("scope"), "functions"), "only a scope is minted");
    fuzz::law(fuzz::must(seen.claimed_permissions(), "it has permissions") == asked, "a token says what was asked for");
    const std::int64_t seconds = (*seen.claims().expires_at - *seen.claims().issued_at).count();
    fuzz::law(line.at("valid_for_seconds") == seconds && seconds >= 1 && seconds <= 25 * 3600,
              "it lives as long as asked");
  }
}

void check_answer(const Command& command, std::string_view line, std::string_view text) {
  fuzz::law(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; }), "answers are ASCII");
  fuzz::law(mt::check_json(text).has_value() && text.starts_with("{\"id\":"),
            "an answer is an object with its id first");
  const Json answer = Json::parse(text, nullptr, false);
  const Json asked = Json::parse(line, nullptr, false);
  if (answer.is_discarded()) return;  // an id that no double holds
  const bool strict = mt::check_json(line).has_value() && asked.is_object();
  if (strict) fuzz::law(answer.at("id") == asked.value("id", Json()), "the id is the line's");

  const bool verifies = std::string_view(command.answer) == "valid";
  const bool good = verifies ? answer.at("valid") == true : answer.contains(command.answer);
  const bool refused = answer.contains("error") && !answer.at("error").is_null();
  fuzz::law(good != refused, "a line is answered or refused");
  fuzz::law(strict || refused, "what is no strict JSON object is refused");
  if (refused && !verifies) fuzz::law(answer.size() == 2, "a refusal is the id and the error");
  if (refused) {
    const Json& code = verifies ? answer.at("error") : answer.at("error").at("code");
    fuzz::law(code.is_string() && code != "", "a refusal has a code");
  } else {
    check_contents(command, asked, answer);
  }
}

void check_lines(const Command& command, std::string_view text) {
  standard_input = text;
  standard_output.clear();
  fuzz::law(command.batch->run() == 0, "a batch ends with 0, whatever its answers");
  fuzz::law(standard_input.empty(), "all of the input is read");
  const auto lines = lines_of(text);
  const auto answers = lines_of(standard_output);
  fuzz::law(answers.size() == lines.size(), "one answer per line");
  for (std::size_t i = 0; i < lines.size(); ++i) check_answer(command, lines[i], answers[i]);
}

// ---- options ----

bool is_lifetime(std::string_view text) {
  if (text.empty() || std::string_view("smh").find(text.back()) == std::string_view::npos) return false;
  text.remove_suffix(1);
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_option_texts(std::string_view text) {
  try {
    const mt::Lifetime lifetime = cli::parse_lifetime(std::string(text));
    fuzz::law(is_lifetime(text), "a lifetime is a whole number with a unit");
    fuzz::law((lifetime.seconds().count() < 0) <= text.starts_with('-'), "a lifetime keeps its sign");
  } catch (const cli::UsageError&) {
    fuzz::law(!is_lifetime(text) || text.size() > 19, "a whole number with a unit is a lifetime");
  }
  try {
    const auto scope = cli::scope_by_name(text);
    if (!scope) return;
    for (const mt::Permission& permission : scope->items()) {
      const mt::detail::StatementView s = mt::detail::view_of(permission);
      fuzz::law(s.role != mt::detail::unset_role && s.cache.select != mt::detail::Select::unset &&
                    s.resource.select != mt::detail::Select::unset,
                "a scope by name leaves nothing open");
    }
  } catch (const cli::UsageError&) {
    fuzz::law(text.find('_') != text.npos, "only a scope's name can be used wrongly");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Command> commands = make_commands();
  fuzz::Input input(data, size);
  const std::size_t which = input.byte() % (commands.size() + 1);
  if (which == commands.size()) {
    check_option_texts(input.rest());
  } else {
    check_lines(commands[which], first_lines(input.rest(), 4));
  }
  return 0;
}
