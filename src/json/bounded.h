// Types whose bounds are checked when decoded and stated in the generated schema.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/containers.h"
#include "json/leaf.h"
#include "json/presence.h"
#include "json/type_codec.h"

namespace gatehouse::json {

namespace detail {
/// Throws Failure unless `text` is UTF-8 of `low` to `high` code points without U+0000.
void require_text(std::string_view text, std::size_t low, std::size_t high);
[[noreturn]] void out_of_bounds();
void decode_bounded(const Value&, std::string& out, const Place& at, std::size_t low, std::size_t high);
void check_name(std::string_view text, const Place& at);
}  // namespace detail

/// `Min` to `Max` Unicode code points. Kept as sent: not trimmed, not normalised.
/// Making one in code checks too: Failure if it does not fit. A default-constructed one is empty whatever Min
/// says.
template <std::size_t Min, std::size_t Max>
class Text {
  static_assert(Min <= Max);

 public:
  static constexpr std::size_t kMin = Min, kMax = Max;

  Text() = default;
  Text(std::string text) : text_(std::move(text)) { detail::require_text(text_, Min, Max); }
  Text(std::string_view text) : Text(std::string(text)) {}
  Text(const char* text) : Text(std::string(text)) {}

  const std::string& str() const& { return text_; }
  std::string str() && { return std::move(text_); }
  operator const std::string&() const { return text_; }
  operator std::string_view() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Text&) const = default;
  template <class S>
    requires std::convertible_to<const S&, std::string_view> && (!std::same_as<S, Text>)
  friend bool operator==(const Text& text, const S& other) {
    return text.text_ == std::string_view(other);
  }

 private:
  friend Codec<Text>;
  std::string text_;
};

/// What people call a thing: 1 to `Max` code points on one line, something of it to be seen, and nothing that
/// makes a reader see it elsewhere or otherwise (control characters, line breaks, direction overrides).
template <std::size_t Max>
class Name : public Text<1, Max> {
 public:
  Name() = default;
};

/// An integer of `Lo` to `Hi`; a default-constructed one is 0 or the bound nearest to it.
template <std::int64_t Lo, std::int64_t Hi>
class Int {
  static_assert(Lo <= Hi);

 public:
  constexpr Int() = default;
  constexpr Int(std::int64_t value) : value_(value) {
    if (value < Lo || value > Hi) detail::out_of_bounds();
  }
  constexpr std::int64_t value() const { return value_; }
  constexpr operator std::int64_t() const { return value_; }

 private:
  friend Codec<Int>;
  std::int64_t value_ = Lo > 0 ? Lo : Hi < 0 ? Hi : 0;
};

/// A vector of at most `Max` items when decoded.
template <class T, std::size_t Max>
struct List : std::vector<T> {
  using std::vector<T>::vector;
  List() = default;
  List(std::vector<T> items) : std::vector<T>(std::move(items)) {}
};

/// An e-mail address as people type it: ASCII, at most 254 bytes, 64 before the `@`, a domain with a dot, no
/// quotes or comments. The domain is lower-cased, the part before it is kept (RFC 5321 2.4).
class Email {
 public:
  Email() = default;
  static std::optional<Email> parse(std::string_view);
  const std::string& to_string() const { return text_; }
  operator const std::string&() const { return text_; }
  std::string_view domain() const;
  auto operator<=>(const Email&) const = default;

 private:
  std::string text_;
};

/// 1 to 63 of `a`–`z`, `0`–`9` and single inner hyphens: fits into a URL and a DNS label.
class Slug {
 public:
  Slug() = default;
  static std::optional<Slug> parse(std::string_view);
  const std::string& to_string() const { return text_; }
  operator const std::string&() const { return text_; }
  auto operator<=>(const Slug&) const = default;

 private:
  std::string text_;
};

template <std::size_t Min, std::size_t Max>
struct Codec<Text<Min, Max>> {
  static constexpr TextForm kTextForm = TextForm::string;
  static void decode(const Value& value, Text<Min, Max>& out, const Place& at) {
    detail::decode_bounded(value, out.text_, at, Min, Max);
  }
  static void encode(std::string& out, const Text<Min, Max>& value) {
    detail::encode_string(out, value.str());
  }
  static Value schema(Components&) {
    return detail::string_schema({}, {}, Min ? std::optional(Min) : std::nullopt, Max);
  }
};

template <std::size_t Max>
struct Codec<Name<Max>> : Codec<Text<1, Max>> {
  static void decode(const Value& value, Name<Max>& out, const Place& at) {
    Codec<Text<1, Max>>::decode(value, out, at);
    if (!out.empty()) detail::check_name(out.str(), at);
  }
};

template <std::int64_t Lo, std::int64_t Hi>
struct Codec<Int<Lo, Hi>> {
  static constexpr TextForm kTextForm = TextForm::number;
  static void decode(const Value& value, Int<Lo, Hi>& out, const Place& at) {
    detail::decode_signed(value, out.value_, at, Lo, Hi);
  }
  static void encode(std::string& out, Int<Lo, Hi> value) { detail::encode_signed(out, value); }
  static Value schema(Components&) { return detail::signed_schema(Lo, Hi); }
};

template <class T, std::size_t Max>
struct Codec<List<T, Max>> {
  static constexpr TextForm kTextForm = Codec<T>::kTextForm;
  static constexpr bool kList = true;
  static void decode(const Value& value, List<T, Max>& out, const Place& at) {
    detail::decode_items<T>(value, out, at, Max);
  }
  static void encode(std::string& out, const List<T, Max>& items) { detail::encode_items<T>(out, items); }
  static Value schema(Components& components) {
    return detail::array_schema(Codec<T>::schema(components), Max);
  }
};

template <>
struct Codec<Email> : TextCodec<Email> {
  static constexpr std::string_view kWhat = "an e-mail address";
  static constexpr std::string_view kFormat = "email";
  static Value schema(Components&) { return detail::string_schema(kFormat, {}, std::nullopt, 254); }
};

template <>
struct Codec<Slug> : TextCodec<Slug> {
  static constexpr std::string_view kWhat =
      "1 to 63 lower-case letters, digits and single hyphens between them";
  static Value schema(Components&) { return detail::string_schema({}, "^[a-z0-9]+(-[a-z0-9]+)*$", 1, 63); }
};

}  // namespace gatehouse::json
