// Parameters of a statement: typed values in one buffer, binary where that is cheaper.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <libpq-fe.h>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "pg/enums.h"
#include "pg/oid.h"

namespace gatehouse::pg {

/// A JSON document as text. As a parameter it is a jsonb; as a column it reads json and jsonb.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
};

namespace detail {

template <class Int>
void append_big_endian(std::string& out, Int value) {
  auto bits = static_cast<std::make_unsigned_t<Int>>(value);
  if constexpr (std::endian::native == std::endian::little && sizeof(Int) > 1) bits = std::byteswap(bits);
  out.append(reinterpret_cast<const char*>(&bits), sizeof bits);
}

/// How a C++ type travels in PostgreSQL's binary format. Specialised for what has one.
template <class T>
struct Binary;

template <class T>
concept HasBinary = requires { Binary<T>::kType; };

template <>
struct Binary<bool> {
  static constexpr Oid kType = oid::kBool, kArray = oid::kBoolArray;
  static void append(std::string& out, bool value) { out.push_back(value ? 1 : 0); }
};

// Unsigned types take the next wider signed one.
template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
struct Binary<T> {
  static constexpr std::size_t kNeeded = sizeof(T) * (std::is_unsigned_v<T> ? 2 : 1);
  using Wire = std::conditional_t<kNeeded <= 2, std::int16_t,
                                  std::conditional_t<kNeeded <= 4, std::int32_t, std::int64_t>>;
  static constexpr Oid kType = sizeof(Wire) == 2 ? oid::kInt2 : sizeof(Wire) == 4 ? oid::kInt4 : oid::kInt8;
  static constexpr Oid kArray = sizeof(Wire) == 2   ? oid::kInt2Array
                                : sizeof(Wire) == 4 ? oid::kInt4Array
                                                    : oid::kInt8Array;
  static void append(std::string& out, T value) {
    if (!std::in_range<Wire>(value)) throw Failure("an unsigned parameter does not fit a bigint");
    append_big_endian(out, static_cast<Wire>(value));
  }
};

template <>
struct Binary<double> {
  static constexpr Oid kType = oid::kFloat8, kArray = oid::kFloat8Array;
  static void append(std::string& out, double value) {
    append_big_endian(out, std::bit_cast<std::int64_t>(value));
  }
};

template <>
struct Binary<Uuid> {
  static constexpr Oid kType = oid::kUuid, kArray = oid::kUuidArray;
  static void append(std::string& out, const Uuid& id) {
    out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  }
};

template <class Tag>
struct Binary<StrongId<Tag>> {
  static constexpr Oid kType = oid::kUuid, kArray = oid::kUuidArray;
  static void append(std::string& out, const StrongId<Tag>& id) { Binary<Uuid>::append(out, id.value); }
};

/// PostgreSQL counts from 2000-01-01.
inline constexpr std::chrono::sys_days kPostgresEpoch{std::chrono::year{2000} / 1 / 1};

template <>
struct Binary<Timestamp> {
  static constexpr Oid kType = oid::kTimestamptz, kArray = oid::kTimestamptzArray;
  static void append(std::string& out, Timestamp stamp) {
    // The ends of the range are infinity on both sides.
    bool infinite = stamp == Timestamp::max() || stamp == Timestamp::min();
    append_big_endian(
        out, std::int64_t{infinite ? stamp.time_since_epoch().count() : (stamp - kPostgresEpoch).count()});
  }
};

template <>
struct Binary<std::chrono::sys_days> {
  static constexpr Oid kType = oid::kDate, kArray = oid::kDateArray;
  static void append(std::string& out, std::chrono::sys_days day) {
    append_big_endian(out, static_cast<std::int32_t>((day - kPostgresEpoch).count()));
  }
};

template <>
struct Binary<std::span<const std::uint8_t>> {
  static constexpr Oid kType = oid::kBytea, kArray = oid::kByteaArray;
  static void append(std::string& out, std::span<const std::uint8_t> bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
};
template <>
struct Binary<std::vector<std::uint8_t>> : Binary<std::span<const std::uint8_t>> {};
template <std::size_t N>
struct Binary<std::array<std::uint8_t, N>> : Binary<std::span<const std::uint8_t>> {};

/// Throws Error 22021 if the text holds a NUL, which would otherwise cut it short without a word.
void append_text(std::string& out, std::string_view);

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsList<std::span<T>> = true;

}  // namespace detail

/// The values of one execution, copied. Make them with `params(…)`.
class Params {
 public:
  struct Value {
    Oid type;     // declared to the server; kInferred for text
    bool binary;  // else NUL-terminated text
    bool null;
    std::size_t offset;
    std::size_t length;
  };

  std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t i) const { return values_[i]; }
  const char* data(const Value& value) const { return value.null ? nullptr : bytes_.data() + value.offset; }

  template <class T>
  void add(const T& value) {
    if constexpr (detail::kIsOptional<T>) {
      if (value)
        add(*value);
      else
        values_.push_back({type_of<typename T::value_type>(), false, true, 0, 0});
    } else if constexpr (std::same_as<T, std::nullopt_t> || std::same_as<T, std::nullptr_t>) {
      values_.push_back({oid::kInferred, false, true, 0, 0});
    } else if constexpr (std::same_as<T, Json>) {
      put_text(oid::kJsonb, value.text);
    } else if constexpr (DescribedEnum<T>) {
      auto text = label(value);
      if (text.empty()) throw Failure("an enum parameter holds a value without a name");
      put_text(oid::kInferred, text);
    } else if constexpr (detail::HasBinary<T>) {
      std::size_t start = bytes_.size();
      detail::Binary<T>::append(bytes_, value);
      values_.push_back({detail::Binary<T>::kType, true, false, start, bytes_.size() - start});
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      put_text(oid::kInferred, value);
    } else {
      static_assert(detail::kIsList<T>, "no way to pass this type as a parameter");
      put_array(value);
    }
  }
  void reserve(std::size_t values, std::size_t bytes) {
    values_.reserve(values);
    bytes_.reserve(bytes);
  }

 private:
  /// The type declared for T, needed also when an optional is empty, as the statement is prepared with it.
  template <class T>
  static constexpr Oid type_of() {
    if constexpr (std::same_as<T, Json>)
      return oid::kJsonb;
    else if constexpr (detail::HasBinary<T>)
      return detail::Binary<T>::kType;
    else if constexpr (detail::kIsList<T>)
      return array_type<std::remove_cv_t<typename T::value_type>>();
    else
      return oid::kInferred;
  }
  template <class Element>
  static constexpr Oid array_type() {
    if constexpr (detail::HasBinary<Element>)
      return detail::Binary<Element>::kArray;
    else
      return oid::kTextArray;
  }

  void put_text(Oid type, std::string_view text) {
    std::size_t start = bytes_.size();
    detail::append_text(bytes_, text);
    values_.push_back({type, false, false, start, text.size()});
  }

  // array_recv in src/backend/utils/adt/arrayfuncs.c: dimensions, has-null flag, element type, then for each
  // dimension its size and lower bound, then the elements with their lengths.
  template <class List>
  void put_array(const List& list) {
    using Element = std::remove_cv_t<typename List::value_type>;
    std::size_t start = bytes_.size();
    constexpr bool kBinary = detail::HasBinary<Element>;
    detail::append_big_endian(bytes_, std::int32_t{list.empty() ? 0 : 1});
    detail::append_big_endian(bytes_, std::int32_t{0});
    if constexpr (kBinary)
      detail::append_big_endian(bytes_, static_cast<std::int32_t>(detail::Binary<Element>::kType));
    else
      detail::append_big_endian(bytes_, static_cast<std::int32_t>(oid::kText));
    if (!list.empty()) {
      detail::append_big_endian(bytes_, static_cast<std::int32_t>(list.size()));
      detail::append_big_endian(bytes_, std::int32_t{1});
    }
    for (const Element& element : list) {
      std::size_t length_at = bytes_.size();
      detail::append_big_endian(bytes_, std::int32_t{0});
      if constexpr (kBinary) {
        detail::Binary<Element>::append(bytes_, element);
      } else if constexpr (DescribedEnum<Element>) {
        bytes_ += label(element);
      } else {
        bytes_ += std::string_view(element);
      }
      std::string length;
      detail::append_big_endian(length, static_cast<std::int32_t>(bytes_.size() - length_at - 4));
      bytes_.replace(length_at, 4, length);
    }
    values_.push_back({array_type<Element>(), true, false, start, bytes_.size() - start});
  }

  std::string bytes_;
  std::vector<Value> values_;
};

/// `params(org_id, name, 5, std::optional<Timestamp>{}, Json{text}, std::vector<ChatId>{…})`.
///
/// Binary, with its type declared: bool, integers (an `int` is an int4), double, Uuid and StrongId, Timestamp
/// (timestamptz), sys_days (date), bytes (bytea), lists of these and of strings (arrays). Text: strings and
/// described enums with the type left to the server (so a string serves for text, an enum, a numeric, …), and
/// Json (jsonb). `std::nullopt` is a NULL of inferred type.
template <class... T>
Params params(const T&... values) {
  Params made;
  made.reserve(sizeof...(T), 24 * sizeof...(T));
  (made.add(values), ...);
  return made;
}
}  // namespace gatehouse::pg
