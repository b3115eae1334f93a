#include "scim/body.h"

#include <algorithm>

#include "http/syntax.h"
#include "json/bounded.h"
#include "json/codec.h"
#include "scim/error.h"

namespace gatehouse::scim {

const json::Value* find_member(const json::Object& object, std::string_view name) {
  for (const auto& member : object)
    if (member.key().size() == name.size() && http::to_lower(member.key()) == name) return &member.value();
  return nullptr;
}

Result<json::Object> read_body(std::string_view text, std::string_view schema) {
  auto value = json::parse(text);
  if (!value) return refuse("invalidSyntax", value.error().detail);
  if (!value->is_object()) return refuse("invalidSyntax", "The body is no JSON object");
  auto& object = value->get_object();
  if (const auto* schemas = find_member(object, "schemas")) {
    auto names_it = [&](const json::Value& one) {
      return one.is_string() && http::to_lower(one.get_string()) == http::to_lower(schema);
    };
    if (!schemas->is_array() || std::ranges::none_of(schemas->get_array(), names_it))
      return refuse("invalidSyntax", "schemas has to name " + std::string(schema));
  }
  return std::move(object);
}

Result<std::optional<std::string>> read_text(const json::Value& value, std::string_view name,
                                             std::size_t most) {
  if (value.is_null() || (value.is_string() && value.get_string().empty())) return std::nullopt;
  auto text = json::decode<json::Name<255>>(value);
  if (!text || text->str().size() > most)
    return refuse("invalidValue", std::string(name) + " is no text of one line, or too long");
  return std::move(*text).str();
}

Result<bool> read_bool(const json::Value& value, std::string_view name) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_string()) {
    auto text = http::to_lower(value.get_string());
    if (text == "true") return true;
    if (text == "false") return false;
  }
  return refuse("invalidValue", std::string(name) + " is true or false");
}

}  // namespace gatehouse::scim
