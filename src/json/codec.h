// C++ types to and from JSON, described once with Boost.Describe.
//
//   struct CreateChat {
//     Text<1, 200> title;                 // required
//     std::optional<WorkspaceId> workspace_id;   // may be absent or null
//     Defaulted<bool> pinned = false;     // absent means this value
//   };
//   BOOST_DESCRIBE_STRUCT(CreateChat, (), (title, workspace_id, pinned))
//
// Members are named on the wire as in C++; one trailing underscore is dropped (`default_` is "default"), also
// from enumerators. Fields that the type does not know are errors. Everything wrong is reported at once.
//
// Types: bool, integers (range checked; `3.0` is 3), double (finite), std::string (at most 64 KiB), described
// structs (their described bases included) and enums (as strings), std::optional (null when empty),
// std::vector, std::map<std::string, T>, Uuid, StrongId, Timestamp, Value, Object, Raw, and those of
// bounded.h and presence.h. Strings are valid UTF-8 without U+0000, which PostgreSQL cannot store. Another
// type joins by specialising Codec, mostly from TextCodec or MemberCodec (type_codec.h).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "json/containers.h"
#include "json/described.h"
#include "json/leaf.h"
#include "json/presence.h"
#include "json/type_codec.h"
#include "json/value.h"

namespace gatehouse::json {

/// Errors: validation_failed, with every bad field.
template <class T>
Result<T> decode(const Value& value) {
  T out{};
  FieldErrors errors;
  Codec<T>::decode(value, out, Place(errors));
  if (!errors.empty()) return fail(std::move(errors).to_error());
  return out;
}

/// Errors: malformed_json, validation_failed.
template <class T>
Result<T> decode_text(std::string_view text, Limits limits = {}) {
  auto document = Document::parse(text, limits);
  if (!document) return std::unexpected(std::move(document).error());
  return decode<T>(document->root());
}

using Parameters = std::span<const std::pair<std::string, std::string>>;

/// Query or path parameters into a described struct: each value is read from its text form, a vector from a
/// repeated name; a name that the struct lacks or a repeated scalar is an error. `prefix` is `?` or `{`: the
/// pointers are then `?limit` and `{chat_id}`. Errors: validation_failed.
template <class T>
Result<T> decode_strings(Parameters parameters, std::string_view prefix) {
  static_assert(detail::all_have_text_form<T>(),
                "a parameter has to have a text form: no structs, maps or values");
  T out{};
  FieldErrors errors;
  detail::decode_parameters(detail::kMembers<T>, parameters, prefix, &out, errors);
  if (!errors.empty()) return fail(std::move(errors).to_error());
  return out;
}

/// Throws Failure on what JSON cannot say: a double that is not finite, an enum value without a name.
/// Bytes that are not UTF-8 become U+FFFD.
template <class T>
void encode(std::string& out, const T& value) {
  Codec<T>::encode(out, value);
}
template <class T>
std::string encode(const T& value) {
  std::string out;
  Codec<T>::encode(out, value);
  return out;
}

/// For places that need to look into the JSON form; to send it, encode() is several times faster.
template <class T>
Value to_value(const T& value) {
  return detail::parse_own(encode(value));
}

}  // namespace gatehouse::json
