#include "json/schema.h"

#include <cstdint>
#include <limits>

#include "json/bounded.h"
#include "json/described.h"

namespace gatehouse::json {
namespace {

// `gatehouse::Page<gatehouse::chat::ChatView>` is Page_ChatView: qualifiers go, template arguments are
// joined.
std::string component_name(std::string_view spelled) {
  std::string name;
  std::size_t token = 0;  // where the current identifier begins in `name`
  int parentheses = 0;    // `(anonymous namespace)`, `f()`
  for (char c : spelled) {
    if (c == '(') ++parentheses;
    if (c == ')') --parentheses;
    if (parentheses > 0 || c == ')' || c == ' ' || c == '>') continue;
    if (c == ':') {
      name.resize(token);
    } else if (c == '<' || c == ',') {
      name += '_';
      token = name.size();
    } else {
      name += c;
    }
  }
  return name;
}

}  // namespace

Value Components::refer(std::string_view spelled_type, const void* type, const std::function<Value()>& make) {
  std::string name = component_name(spelled_type);
  auto [entry, is_new] = entries_.try_emplace(name, Entry{type, nullptr});
  if (entry->second.type != type) throw Failure("two types share the schema name " + name);
  if (is_new) entry->second.schema = make();
  return Object{{"$ref", "#/components/schemas/" + name}};
}

Object Components::schemas() const {
  Object out;
  for (const auto& [name, entry] : entries_) out.emplace(name, entry.schema);
  return out;
}

namespace detail {

Value type_schema(std::string_view type) {
  return Object{{"type", type}};
}

Value signed_schema(std::int64_t low, std::int64_t high) {
  Object schema{{"type", "integer"}};
  if (low == INT64_MIN && high == INT64_MAX) {
    schema["format"] = "int64";
    return schema;
  }
  schema["minimum"] = low;
  schema["maximum"] = high;
  return schema;
}

Value unsigned_schema(std::uint64_t low, std::uint64_t high) {
  Object schema{{"type", "integer"}, {"minimum", low}};
  if (high != UINT64_MAX) schema["maximum"] = high;
  return schema;
}

Value string_schema(std::string_view format, std::string_view pattern, std::optional<std::size_t> min_length,
                    std::optional<std::size_t> max_length) {
  Object schema{{"type", "string"}};
  if (!format.empty()) schema["format"] = format;
  if (!pattern.empty()) schema["pattern"] = pattern;
  if (min_length) schema["minLength"] = static_cast<std::int64_t>(*min_length);
  if (max_length) schema["maxLength"] = static_cast<std::int64_t>(*max_length);
  return schema;
}

Value array_schema(Value items, std::size_t max_items) {
  Object schema{{"type", "array"}, {"items", std::move(items)}};
  if (max_items != SIZE_MAX) schema["maxItems"] = static_cast<std::int64_t>(max_items);
  return schema;
}

Value map_schema(Value values) {
  return Object{{"type", "object"}, {"additionalProperties", std::move(values)}};
}

Value nullable(Value schema) {
  Object& fields = schema.as_object();
  if (fields.empty()) return schema;
  if (auto* type = fields.if_contains("type"); type && type->is_string()) {
    fields["type"] = Array{*type, "null"};
    if (auto* allowed = fields.if_contains("enum")) allowed->as_array().push_back(nullptr);
    return schema;
  }
  return Object{{"anyOf", Array{std::move(schema), Object{{"type", "null"}}}}};
}

Value struct_schema(std::span<const Member> members, Components& components, std::string_view spelled,
                    const TypeOps* type, const void* initial) {
  return components.refer(spelled, type, [&]() -> Value {
    Object properties;
    Array required;
    for (const Member& member : members) {
      Value schema = member.ops->schema(components);
      if (member.ops->presence == Presence::defaulted) {
        std::string value;
        member.ops->encode(value, member.in(const_cast<void*>(initial)));
        schema.as_object()["default"] = parse_own(value);
      }
      properties.emplace(member.name, std::move(schema));
      if (member.ops->presence == Presence::required) required.emplace_back(member.name);
    }
    Object out{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) out["required"] = std::move(required);
    out["additionalProperties"] = false;
    return out;
  });
}

Value enum_schema(std::span<const Enumerator> enumerators, Components& components, std::string_view spelled,
                  const TypeOps* type) {
  return components.refer(spelled, type, [&]() -> Value {
    Array names;
    for (const auto& enumerator : enumerators) names.emplace_back(enumerator.name);
    return Object{{"type", "string"}, {"enum", std::move(names)}};
  });
}

}  // namespace detail
}  // namespace gatehouse::json
