#include "json/described.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json/containers.h"
#include "json/write.h"

namespace gatehouse::json::detail {
namespace {

bool has_member(std::span<const Member> members, std::string_view name) {
  return std::ranges::find(members, name, &Member::name) != members.end();
}

// A parameter's text as the JSON value that it stands for; text that does not have the form stays a string,
// and the codec then says what it wants.
Value from_text(TextForm form, std::string_view text) {
  if (form == TextForm::boolean && (text == "true" || text == "false")) return text == "true";
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (form == TextForm::number && !text.empty() && (digit(text.front()) || text.front() == '-') &&
      digit(text.back()))
    if (auto number = parse(text, {.max_bytes = 64})) return *std::move(number);
  return boost::json::string(text);
}

}  // namespace

void decode_struct(std::span<const Member> members, const Value& value, void* object, const Place& at) {
  const Object* fields = object_in(value, at);
  if (!fields) return;
  std::size_t known = 0;
  for (const Member& member : members) {
    const Value* field = fields->if_contains(member.name);
    if (field) {
      ++known;
      member.ops->decode(*field, member.in(object), at.member(member.name));
    } else if (member.ops->presence == Presence::required) {
      at.member(member.name).fail(code::required, "is required");
    }
  }
  if (known == fields->size()) return;
  for (const auto& field : *fields) {
    if (at.full()) return;
    if (!has_member(members, field.key())) at.member(field.key()).fail(code::unknown_field, "is not known");
  }
}

void encode_struct(std::span<const Member> members, std::string& out, const void* object) {
  char separator = '{';
  for (const Member& member : members) {
    // `in` only computes an address.
    const void* field = member.in(const_cast<void*>(object));
    if (member.ops->omitted && member.ops->omitted(field)) continue;
    out += std::exchange(separator, ',');
    out += '"';
    out += member.name;
    out += "\":";
    member.ops->encode(out, field);
  }
  out += separator == '{' ? "{}" : "}";
}

void decode_parameters(std::span<const Member> members,
                       std::span<const std::pair<std::string, std::string>> parameters,
                       std::string_view prefix, void* object, FieldErrors& errors) {
  const Place root(errors, prefix, prefix == "{" ? "}" : "");
  for (const Member& member : members) {
    const Place at = root.member(member.name);
    Array given;
    for (const auto& [name, text] : parameters)
      if (name == member.name) given.push_back(from_text(member.ops->text_form, text));
    if (given.empty()) {
      if (member.ops->presence == Presence::required && !member.ops->list)
        at.fail(code::required, "is required");
    } else if (member.ops->list) {
      member.ops->decode(given, member.in(object), at);
    } else if (given.size() > 1) {
      at.fail(code::duplicate, "is given more than once");
    } else {
      member.ops->decode(given.front(), member.in(object), at);
    }
  }
  for (const auto& [name, text] : parameters) {
    if (errors.full()) return;
    if (!has_member(members, name)) root.member(name).fail(code::unknown_field, "is not known");
  }
}

bool decode_enum(std::span<const Enumerator> enumerators, const Value& value, std::int64_t& out,
                 const Place& at) {
  auto text = string_in(value, at);
  if (!text) return false;
  auto found = std::ranges::find(enumerators, *text, &Enumerator::name);
  if (found == enumerators.end()) {
    std::vector<std::string_view> names;
    for (const auto& enumerator : enumerators) names.push_back(enumerator.name);
    at.fail(code::not_in_enum, fmt::format("must be one of {}", fmt::join(names, ", ")));
    return false;
  }
  out = found->value;
  return true;
}

std::string_view enum_name(std::span<const Enumerator> enumerators, std::int64_t value) {
  auto found = std::ranges::find(enumerators, value, &Enumerator::value);
  if (found == enumerators.end()) throw Failure("an enum value has no name");
  return found->name;
}

}  // namespace gatehouse::json::detail
