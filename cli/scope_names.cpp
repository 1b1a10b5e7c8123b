// The scopes of scopes.hpp by name: topic_publish_only(chat,room-7).

#include "momento_token/scopes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "json_text.hpp"
#include "output.hpp"
#include "scope_argument.hpp"

namespace cli {

namespace {

namespace scopes = mt::scopes;

/// Bare `*` means all; "*" in quotes is a name.
struct Argument {
  std::string text;
  bool all = false;

  [[nodiscard]] scopes::Cache cache() const { return all ? scopes::Cache(mt::AllCaches{}) : scopes::Cache(text); }
  [[nodiscard]] scopes::Topic topic() const { return all ? scopes::Topic(mt::AllTopics{}) : scopes::Topic(text); }
  [[nodiscard]] scopes::Function function() const {
    return all ? scopes::Function(mt::AllFunctions{}) : scopes::Function(text);
  }
};
using Arguments = std::vector<Argument>;

struct NamedScope {
  std::string_view name;
  std::string_view parameters;  // for people; as many as there are commas and one
  mt::Permissions (*make)(const Arguments&);
};

template <mt::Permissions (*scope)(scopes::Cache)>
mt::Permissions of_cache(const Arguments& a) {
  return scope(a[0].cache());
}
template <mt::Permissions (*scope)(scopes::Cache, std::string)>
mt::Permissions of_text(const Arguments& a) {
  return scope(a[0].cache(), a[1].text);
}
template <mt::Permissions (*scope)(scopes::Cache, scopes::Topic)>
mt::Permissions of_topic(const Arguments& a) {
  return scope(a[0].cache(), a[1].topic());
}
template <mt::Permissions (*scope)(scopes::Cache, scopes::Function)>
mt::Permissions of_function(const Arguments& a) {
  return scope(a[0].cache(), a[1].function());
}

constexpr NamedScope named_scopes[] = {
    {"cache_read_write", "CACHE", of_cache<scopes::cache_read_write>},
    {"cache_read_only", "CACHE", of_cache<scopes::cache_read_only>},
    {"cache_write_only", "CACHE", of_cache<scopes::cache_write_only>},
    {"cache_key_read_write", "CACHE,KEY", of_text<scopes::cache_key_read_write>},
    {"cache_key_read_only", "CACHE,KEY", of_text<scopes::cache_key_read_only>},
    {"cache_key_write_only", "CACHE,KEY", of_text<scopes::cache_key_write_only>},
    {"cache_key_prefix_read_write", "CACHE,PREFIX", of_text<scopes::cache_key_prefix_read_write>},
    {"cache_key_prefix_read_only", "CACHE,PREFIX", of_text<scopes::cache_key_prefix_read_only>},
    {"cache_key_prefix_write_only", "CACHE,PREFIX", of_text<scopes::cache_key_prefix_write_only>},
    {"topic_publish_subscribe", "CACHE,TOPIC", of_topic<scopes::topic_publish_subscribe>},
    {"topic_subscribe_only", "CACHE,TOPIC", of_topic<scopes::topic_subscribe_only>},
    {"topic_publish_only", "CACHE,TOPIC", of_topic<scopes::topic_publish_only>},
    {"topic_prefix_publish_subscribe", "CACHE,PREFIX", of_text<scopes::topic_prefix_publish_subscribe>},
    {"topic_prefix_subscribe_only", "CACHE,PREFIX", of_text<scopes::topic_prefix_subscribe_only>},
    {"topic_prefix_publish_only", "CACHE,PREFIX", of_text<scopes::topic_prefix_publish_only>},
    {"function_invoke", "CACHE,FUNCTION", of_function<scopes::function_invoke>},
    {"function_prefix_invoke", "CACHE,PREFIX", of_text<scopes::function_prefix_invoke>},
    {"function_permit_none", "CACHE,FUNCTION", of_function<scopes::function_permit_none>},
    {"function_prefix_permit_none", "CACHE,PREFIX", of_text<scopes::function_prefix_permit_none>},
    {"all_data_read_write", "", [](const Arguments&) { return scopes::all_data_read_write(); }},
};

std::size_t parameter_count(const NamedScope& scope) {
  if (scope.parameters.empty()) return 0;
  return 1 + static_cast<std::size_t>(std::count(scope.parameters.begin(), scope.parameters.end(), ','));
}

std::string signature(const NamedScope& scope) {
  return scope.parameters.empty() ? std::string(scope.name) : fmt::format("{}({})", scope.name, scope.parameters);
}

[[noreturn]] void misused(const NamedScope& scope) {
  throw UsageError(
      fmt::format("that scope is written {}; put a name that holds a comma, a quote, a parenthesis or "
                  "outer spaces in double quotes, as in JSON",
                  signature(scope)));
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// Where the first argument ends: at a comma outside quotes.
std::size_t end_of_argument(std::string_view text) {
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_quotes = !in_quotes;
    if (in_quotes && text[i] == '\\') ++i;
    if (!in_quotes && text[i] == ',') return i;
  }
  return text.size();
}

std::optional<Argument> read_argument(std::string_view text) {
  if (text == "*") return Argument{.text = "*", .all = true};
  if (!text.starts_with('"')) {
    if (text.find_first_of("\"()") != std::string_view::npos) return std::nullopt;
    return Argument{.text = std::string(text)};
  }
  auto name = json_string(text);
  if (!name) return std::nullopt;
  return Argument{.text = *std::move(name)};
}

Arguments read_arguments(const NamedScope& scope, std::string_view text) {
  Arguments arguments;
  if (trimmed(text).empty() && parameter_count(scope) == 0) return arguments;
  for (bool more = true; more;) {
    const std::size_t end = end_of_argument(text);
    auto argument = read_argument(trimmed(text.substr(0, end)));
    if (!argument) misused(scope);
    arguments.push_back(*std::move(argument));
    more = end < text.size();
    text.remove_prefix(more ? end + 1 : end);
  }
  return arguments;
}

}  // namespace

std::optional<mt::Permissions> scope_by_name(std::string_view text) {
  text = trimmed(text);
  const std::size_t open = std::min(text.find('('), text.size());
  const auto name = trimmed(text.substr(0, open));
  const auto* scope = std::find_if(std::begin(named_scopes), std::end(named_scopes),
                                   [&](const NamedScope& named) { return named.name == name; });
  if (scope == std::end(named_scopes)) return std::nullopt;
  Arguments arguments;
  if (open < text.size()) {
    if (!text.ends_with(')')) misused(*scope);
    arguments = read_arguments(*scope, text.substr(open + 1, text.size() - open - 2));
  }
  if (arguments.size() != parameter_count(*scope)) misused(*scope);
  return scope->make(arguments);
}

std::vector<std::string> scope_signatures() {
  std::vector<std::string> signatures;
  for (const NamedScope& scope : named_scopes) signatures.push_back(signature(scope));
  return signatures;
}

std::string scope_names_help() {
  std::string help = "Scopes by name (* stands for all caches, topics or functions):\n";
  for (const std::string& signature : scope_signatures()) help += "  " + signature + "\n";
  return help;
}

}  // namespace cli
