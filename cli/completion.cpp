#include "completion.hpp"

#include <algorithm>
#include <string_view>

#include "command_tree.hpp"
#include "momento_token/momento_token.hpp"
#include "output.hpp"
#include "scope_argument.hpp"

namespace cli {

namespace {

using Candidates = std::vector<Candidate>;

// What comes before the word that is being written.
struct Place {
  const CLI::App* command;
  std::vector<std::string> given;                // names of options
  const CLI::Option* waits_for_value = nullptr;  // the option right before
  std::size_t positionals = 0;
  bool only_positionals = false;  // behind --
};

const CLI::App* find_command(const CLI::App& command, const std::string& name) {
  const auto commands = commands_of(command);
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const CLI::App* sub) { return sub->get_name() == name; });
  return found == commands.end() ? nullptr : *found;
}

bool is_option(const Place& place, const std::string& word) {
  return !place.only_positionals && word.size() > 1 && word[0] == '-';
}

void go_over_option(Place& place, const std::string& word) {
  const auto equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const CLI::Option* option = find_option(*place.command, name);
  place.given.push_back(name);
  if (option != nullptr && takes_value(*option) && equals == std::string::npos) place.waits_for_value = option;
}

void go_over(Place& place, const std::string& word) {
  if (place.waits_for_value != nullptr) {
    place.waits_for_value = nullptr;
  } else if (word == "--") {
    place.only_positionals = true;
  } else if (is_option(place, word)) {
    go_over_option(place, word);
  } else if (const CLI::App* command = find_command(*place.command, word)) {
    place = {.command = command, .given = {}};
  } else {
    ++place.positionals;
  }
}

Candidates algorithms() {
  Candidates names;
  for (const char* family : {"HS", "ES", "RS", "PS"}) {
    for (const char* bits : {"256", "384", "512"}) names.push_back({std::string(family) + bits, ""});
  }
  names.push_back({"EdDSA", ""});
  return names;
}

Candidates actions() {
  Candidates names;
  for (const mt::Action& action : {mt::cache_read(""), mt::cache_write(""), mt::cache_conditional_write(""),
                                   mt::topic_publish(""), mt::topic_subscribe(""), mt::function_invoke("")}) {
    names.push_back({std::string(action.name()), ""});
  }
  return names;
}

// The name up to its parenthesis, with its parameters as the description.
Candidates scopes() {
  Candidates names;
  for (const std::string& signature : scope_signatures()) {
    const auto open = signature.find('(');
    names.push_back({signature.substr(0, open == std::string::npos ? open : open + 1), signature});
  }
  return names;
}

Completion values_of(const CLI::Option& option) {
  const std::string what = placeholder_of(option);
  Completion values;
  for (const std::string& choice : choices_of(option)) values.candidates.push_back({choice, ""});
  if (what == "ALG") values.candidates = algorithms();
  if (what == "ACTION") values.candidates = actions();
  const bool scope = what == "SCOPE" || what == "FILE|JSON|NAME" || what == "A" || what == "B";
  if (scope) values.candidates = scopes();
  values.files = scope || what == "FILE" || what == "KEYFILE";
  return values;
}

bool is_given(const Place& place, const CLI::Option& option) {
  const auto names = names_of(option);
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    return std::find(place.given.begin(), place.given.end(), name) != place.given.end();
  });
}

// May stand beside what is there already.
bool fits(const Place& place, const CLI::Option& option) {
  if (is_given(place, option)) return takes_several(option);
  const auto excluded = option.get_excludes();
  return std::none_of(excluded.begin(), excluded.end(),
                      [&](const CLI::Option* other) { return is_given(place, *other); });
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Candidates options_that_fit(const Place& place) {
  Candidates names;
  for (const CLI::Option* option : options_of(*place.command)) {
    if (fits(place, *option)) names.push_back({names_of(*option).front(), first_line(option->get_description())});
  }
  return names;
}

// A command, or the argument whose turn it is; where there is neither, an option.
Completion command_or_argument(const Place& place) {
  Completion next;
  for (const CLI::App* command : commands_of(*place.command)) {
    next.candidates.push_back({command->get_name(), first_line(command->get_description())});
  }
  const auto positionals = positionals_of(*place.command);
  const std::size_t turn = place.positionals;
  if (turn < positionals.size()) {
    next = values_of(*positionals[turn]);
  } else if (!positionals.empty() && takes_several(*positionals.back())) {
    next = values_of(*positionals.back());
  }
  if (next.candidates.empty() && !next.files && !place.only_positionals) next.candidates = options_that_fit(place);
  return next;
}

Completion anything_at(const Place& place, const std::string& word) {
  if (place.waits_for_value != nullptr) return values_of(*place.waits_for_value);
  const auto equals = word.find('=');
  if (!is_option(place, word) && word != "-") return command_or_argument(place);
  if (equals == std::string::npos) return {.candidates = options_that_fit(place)};
  const CLI::Option* option = find_option(*place.command, word.substr(0, equals));
  if (option == nullptr || !takes_value(*option)) return {};
  Completion values = values_of(*option);
  for (Candidate& value : values.candidates) value.text.insert(0, word, 0, equals + 1);
  return values;
}

}  // namespace

Completion complete(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  Place place{.command = &app, .given = {}};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) go_over(place, words[i]);
  Completion found = anything_at(place, words.back());
  std::erase_if(found.candidates, [&](const Candidate& c) { return !c.text.starts_with(words.back()); });
  return found;
}

void print_completion(const Completion& completion) {
  for (const Candidate& candidate : completion.candidates) {
    print_line(candidate.description.empty() ? candidate.text : candidate.text + '\t' + candidate.description);
  }
  if (completion.files) print_line(":files");
}

}  // namespace cli
