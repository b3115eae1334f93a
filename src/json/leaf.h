// Codecs of scalars: booleans, numbers, strings, ids, times, and JSON itself.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "base/time.h"
#include "base/uuid.h"
#include "json/type_codec.h"

namespace gatehouse::json {

/// A plain std::string holds at most this many bytes; Text<Min, Max> says something better.
inline constexpr std::size_t kMaxStringBytes = 64 * 1024;

/// JSON text made elsewhere, spliced in as it is when encoding (empty: null). The maker vouches for it.
struct Raw {
  std::string text;
  bool operator==(const Raw&) const = default;
};

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && sizeof(T) <= 8;

namespace detail {
void decode_bool(const Value&, bool& out, const Place& at);
void decode_double(const Value&, double& out, const Place& at);
/// Reports wrong_type, too_small or too_large and leaves `out` alone.
bool decode_signed(const Value&, std::int64_t& out, const Place& at, std::int64_t low, std::int64_t high);
bool decode_unsigned(const Value&, std::uint64_t& out, const Place& at, std::uint64_t low,
                     std::uint64_t high);
void decode_timestamp(const Value&, Timestamp& out, const Place& at);
void decode_any(const Value&, Value& out, const Place& at);
void decode_object(const Value&, Object& out, const Place& at);
void decode_uuid(const Value&, Uuid& out, const Place& at);
void encode_uuid(std::string& out, const Uuid&);
void encode_timestamp(std::string& out, Timestamp);
void encode_signed(std::string& out, std::int64_t);
void encode_unsigned(std::string& out, std::uint64_t);
void encode_double(std::string& out, double);
void encode_object(std::string& out, const Object&);
Value type_schema(std::string_view type);
Value signed_schema(std::int64_t low, std::int64_t high);
Value unsigned_schema(std::uint64_t low, std::uint64_t high);
}  // namespace detail

template <>
struct Codec<bool> {
  static constexpr TextForm kTextForm = TextForm::boolean;
  static void decode(const Value& value, bool& out, const Place& at) { detail::decode_bool(value, out, at); }
  static void encode(std::string& out, bool value) { out += value ? "true" : "false"; }
  static Value schema(Components&) { return detail::type_schema("boolean"); }
};

template <Integer T>
struct Codec<T> {
  static constexpr TextForm kTextForm = TextForm::number;
  static constexpr T kLow = std::numeric_limits<T>::min(), kHigh = std::numeric_limits<T>::max();
  static void decode(const Value& value, T& out, const Place& at) {
    if constexpr (std::signed_integral<T>) {
      std::int64_t wide;
      if (detail::decode_signed(value, wide, at, kLow, kHigh)) out = static_cast<T>(wide);
    } else {
      std::uint64_t wide;
      if (detail::decode_unsigned(value, wide, at, kLow, kHigh)) out = static_cast<T>(wide);
    }
  }
  static void encode(std::string& out, T value) {
    if constexpr (std::signed_integral<T>)
      detail::encode_signed(out, value);
    else
      detail::encode_unsigned(out, value);
  }
  static Value schema(Components&) {
    if constexpr (std::signed_integral<T>)
      return detail::signed_schema(kLow, kHigh);
    else
      return detail::unsigned_schema(kLow, kHigh);
  }
};

template <>
struct Codec<double> {
  static constexpr TextForm kTextForm = TextForm::number;
  static void decode(const Value& value, double& out, const Place& at) {
    detail::decode_double(value, out, at);
  }
  static void encode(std::string& out, double value) { detail::encode_double(out, value); }
  static Value schema(Components&) { return detail::type_schema("number"); }
};

template <>
struct Codec<std::string> {
  static constexpr TextForm kTextForm = TextForm::string;
  static void decode(const Value& value, std::string& out, const Place& at) {
    detail::decode_string(value, out, at, kMaxStringBytes);
  }
  static void encode(std::string& out, const std::string& value) { detail::encode_string(out, value); }
  static Value schema(Components&) { return detail::string_schema({}, {}, std::nullopt, kMaxStringBytes); }
};

template <>
struct Codec<Uuid> {
  static constexpr TextForm kTextForm = TextForm::string;
  static void decode(const Value& value, Uuid& out, const Place& at) { detail::decode_uuid(value, out, at); }
  static void encode(std::string& out, const Uuid& value) { detail::encode_uuid(out, value); }
  static Value schema(Components&) { return detail::string_schema("uuid", {}, std::nullopt, std::nullopt); }
};

template <class Tag>
struct Codec<StrongId<Tag>> : MemberCodec<&StrongId<Tag>::value> {};

template <>
struct Codec<Timestamp> {
  static constexpr TextForm kTextForm = TextForm::string;
  static void decode(const Value& value, Timestamp& out, const Place& at) {
    detail::decode_timestamp(value, out, at);
  }
  static void encode(std::string& out, Timestamp value) { detail::encode_timestamp(out, value); }
  static Value schema(Components&) {
    return detail::string_schema("date-time", {}, std::nullopt, std::nullopt);
  }
};

/// Any JSON.
template <>
struct Codec<Value> {
  static constexpr TextForm kTextForm = TextForm::none;
  static void decode(const Value& value, Value& out, const Place& at) { detail::decode_any(value, out, at); }
  static void encode(std::string& out, const Value& value) { write(out, value); }
  static Value schema(Components&) { return Object{}; }
};

/// Any JSON object.
template <>
struct Codec<Object> {
  static constexpr TextForm kTextForm = TextForm::none;
  static void decode(const Value& value, Object& out, const Place& at) {
    detail::decode_object(value, out, at);
  }
  static void encode(std::string& out, const Object& value) { detail::encode_object(out, value); }
  static Value schema(Components&) { return detail::type_schema("object"); }
};

template <>
struct Codec<Raw> {
  static constexpr TextForm kTextForm = TextForm::none;
  static void decode(const Value& value, Raw& out, const Place&) { out.text = write(value); }
  static void encode(std::string& out, const Raw& value) { out += value.text.empty() ? "null" : value.text; }
  static Value schema(Components&) { return Object{}; }
};

}  // namespace gatehouse::json
