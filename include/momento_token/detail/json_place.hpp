#pragma once
// Configuration as nlohmann parsed it, each value with its path, so that an error can name its place. The text has passed
// check_json() before.

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "momento_token/config.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Whether an error names a member that is not known: in a file of the operator's, never in what a caller sent.
enum class NameStrangers : bool { no, yes };

/// A value of the document and its path, which is made of names and numbers of ours only, unless strangers are named.
class JsonPlace {
 public:
  using Json = nlohmann::json;

  JsonPlace(const Json& value, std::string path, NameStrangers strangers = NameStrangers::no)
      : value_(value), path_(std::move(path)), strangers_(strangers) {}

  [[nodiscard]] const Json& value() const noexcept { return value_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const Json::object_t* object() const noexcept { return value_.get_ptr<const Json::object_t*>(); }
  [[nodiscard]] const Json::array_t* array() const noexcept { return value_.get_ptr<const Json::array_t*>(); }
  [[nodiscard]] const Json::string_t* string() const noexcept { return value_.get_ptr<const Json::string_t*>(); }

  [[nodiscard]] std::optional<JsonPlace> member(std::string_view name) const {
    const auto found = value_.find(name);
    if (found == value_.end()) return {};
    return JsonPlace(*found, path_of(name), strangers_);
  }
  [[nodiscard]] JsonPlace element(const Json& element, std::size_t index) const {
    return {element, path_ + "[" + std::to_string(index) + "]", strangers_};
  }

  [[nodiscard]] Error wrong(StaticText message, Errc code = Errc::invalid_argument) const {
    return {code, path_, message};
  }
  [[nodiscard]] Error missing(std::string_view name) const {
    return {Errc::invalid_argument, path_of(name), "is missing"};
  }

  /// Whether this is an object without other members than these.
  [[nodiscard]] Result<void> check_members(std::initializer_list<std::string_view> known) const {
    const auto* members = object();
    if (members == nullptr) return wrong("must be an object");
    for (const auto& [name, value] : *members) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      if (strangers_ == NameStrangers::no) return wrong("has an unknown member");
      const std::string shown = printable(std::string_view(name).substr(0, max_shown_name));
      return Error{Errc::invalid_argument, path_of("\"" + shown + "\""), "is no member that is known here"};
    }
    return {};
  }

 private:
  static constexpr std::size_t max_shown_name = 64;

  [[nodiscard]] std::string path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

  const Json& value_;
  std::string path_;
  NameStrangers strangers_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
