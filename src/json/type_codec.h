// The one customisation point: what a C++ type is in JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/place.h"
#include "json/value.h"

namespace gatehouse::json {

class Components;  // schema.h

/// What a query or path parameter of this type looks like.
enum class TextForm : unsigned char { none, string, number, boolean };

/// May the member be left out of an object?
enum class Presence : unsigned char {
  required,
  optional,   // absent leaves the member as its initialiser made it
  defaulted,  // the same, and the schema states that value
};

/// Specialise for a type of your own:
///
///   static void decode(const Value&, T& out, const Place& at);   // reports by at.fail(code, message)
///   static void encode(std::string& out, const T&);              // appends JSON text
///   static Value schema(Components&);                            // JSON Schema 2020-12
///   static constexpr TextForm kTextForm = ...;
/// and, for wrappers only:
///   static constexpr Presence kPresence = ...;                   // default: required
///   static constexpr bool kList = true;                          // parameters: repeated name
///   static bool omitted(const T&);                               // true: leave the member out when encoding
template <class T>
struct Codec;

namespace detail {
void decode_string(const Value&, std::string& out, const Place& at, std::size_t max_bytes);
/// The string, or nothing after reporting wrong_type.
std::optional<std::string_view> string_in(const Value&, const Place& at);
void encode_string(std::string& out, std::string_view);
Value string_schema(std::string_view format, std::string_view pattern, std::optional<std::size_t> min_length,
                    std::optional<std::size_t> max_length);
/// JSON text that this program wrote. Throws Failure if it is not JSON.
Value parse_own(std::string_view);
void bad_format(const Place& at, std::string_view what);
}  // namespace detail

/// For types that are one string: `static std::optional<T> T::parse(std::string_view)`, `std::string
/// to_string() const`.
///   template <> struct json::Codec<Locale> : json::TextCodec<Locale> {
///     static constexpr std::string_view kWhat = "a locale such as en-GB";   // "must be …"
///     static constexpr std::string_view kFormat = "";                       // the schema's `format`
///   };
template <class T>
struct TextCodec {
  static constexpr TextForm kTextForm = TextForm::string;
  static void decode(const Value& value, T& out, const Place& at) {
    auto text = detail::string_in(value, at);
    if (!text) return;
    if (auto parsed = T::parse(*text))
      out = *std::move(parsed);
    else
      detail::bad_format(at, Codec<T>::kWhat);
  }
  static void encode(std::string& out, const T& value) { detail::encode_string(out, value.to_string()); }
  static Value schema(Components&) {
    return detail::string_schema(Codec<T>::kFormat, {}, std::nullopt, std::nullopt);
  }
};

/// For distinct types around one public member:
///   template <> struct json::Codec<Microdollars> : json::MemberCodec<&Microdollars::value> {};
template <auto Member>
struct MemberCodec;
template <class T, class M, M T::* Member>
struct MemberCodec<Member> {
  static constexpr TextForm kTextForm = Codec<M>::kTextForm;
  static void decode(const Value& value, T& out, const Place& at) {
    Codec<M>::decode(value, out.*Member, at);
  }
  static void encode(std::string& out, const T& value) { Codec<M>::encode(out, value.*Member); }
  static Value schema(Components& components) { return Codec<M>::schema(components); }
};

/// A type's codec as data, so that the loops over members are compiled once.
struct TypeOps {
  void (*decode)(const Value&, void* out, const Place&);
  void (*encode)(std::string& out, const void*);
  Value (*schema)(Components&);
  bool (*omitted)(const void*);  // null: never
  Presence presence;
  TextForm text_form;
  bool list;
};

namespace detail {
template <class T>
consteval TypeOps ops_of() {
  TypeOps ops{
      .decode = [](const Value& value, void* out,
                   const Place& at) { Codec<T>::decode(value, *static_cast<T*>(out), at); },
      .encode = [](std::string& out,
                   const void* value) { Codec<T>::encode(out, *static_cast<const T*>(value)); },
      .schema = [](Components& components) { return Codec<T>::schema(components); },
      .omitted = nullptr,
      .presence = Presence::required,
      .text_form = Codec<T>::kTextForm,
      .list = false,
  };
  if constexpr (requires { Codec<T>::kPresence; }) ops.presence = Codec<T>::kPresence;
  if constexpr (requires { Codec<T>::kList; }) ops.list = Codec<T>::kList;
  if constexpr (requires(const T& value) { Codec<T>::omitted(value); })
    ops.omitted = [](const void* value) { return Codec<T>::omitted(*static_cast<const T*>(value)); };
  return ops;
}
/// Its address identifies the type.
template <class T>
inline constexpr TypeOps kOps = ops_of<T>();
}  // namespace detail

}  // namespace gatehouse::json
