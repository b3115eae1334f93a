// One value of a result: binary bytes and a type, decoded strictly into a C++ type.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pg/params.h"

namespace gatehouse::pg {

/// A view into a result; valid as long as its Rows.
struct Field {
  std::string_view bytes;
  Oid type = 0;
  bool null = false;
  std::string_view column;     // for the message of a refusal
  std::string_view statement;  // likewise

  /// T: bool, integers (checked for range), double, std::string, string_view (a view), Uuid, StrongId,
  /// Timestamp, sys_days, std::vector<uint8_t> and span<const uint8_t> (a view) for bytea, Json, described
  /// enums, std::vector<T> for arrays of one dimension, and optional<T> where NULL may be.
  /// Throws Failure naming statement, column and types if the column has another type or is NULL.
  template <class T>
  T get() const;

  std::int64_t integer() const;  // int2, int4, int8, oid
  double floating() const;       // float4, float8 and the integers
  bool boolean() const;
  std::string_view text() const;  // text types, json, jsonb and user-defined types such as enums
  std::string_view json() const;
  Uuid uuid() const;
  Timestamp timestamp() const;  // timestamptz; infinity is Timestamp::max() or min()
  std::chrono::sys_days date() const;
  std::span<const std::uint8_t> binary() const;
  /// The elements of an array of at most one dimension.
  std::vector<Field> elements() const;

  [[noreturn]] void refuse(std::string_view wanted) const;
};

namespace detail {
template <class T>
inline constexpr bool kIsStrongId = false;
template <class Tag>
inline constexpr bool kIsStrongId<StrongId<Tag>> = true;
}  // namespace detail

template <class T>
T Field::get() const {
  if constexpr (detail::kIsOptional<T>) {
    if (null) return std::nullopt;
    return get<typename T::value_type>();
  } else if constexpr (std::same_as<T, bool>) {
    return boolean();
  } else if constexpr (std::integral<T>) {
    auto value = integer();
    if (!std::in_range<T>(value)) refuse("an integer of this range");
    return static_cast<T>(value);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(floating());
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    return T(text());
  } else if constexpr (std::same_as<T, Json>) {
    return Json{std::string(json())};
  } else if constexpr (std::same_as<T, Uuid>) {
    return uuid();
  } else if constexpr (detail::kIsStrongId<T>) {
    return T{uuid()};
  } else if constexpr (std::same_as<T, Timestamp>) {
    return timestamp();
  } else if constexpr (std::same_as<T, std::chrono::sys_days>) {
    return date();
  } else if constexpr (std::same_as<T, std::span<const std::uint8_t>>) {
    return binary();
  } else if constexpr (std::same_as<T, std::vector<std::uint8_t>>) {
    auto bytea = binary();
    return T(bytea.begin(), bytea.end());
  } else if constexpr (DescribedEnum<T>) {
    auto value = from_label<T>(text());
    if (!value) refuse("one of the enum's labels");
    return *value;
  } else {
    static_assert(detail::kIsList<T>, "no way to read a column into this type");
    T list;
    for (const Field& element : elements()) list.push_back(element.get<typename T::value_type>());
    return list;
  }
}

}  // namespace gatehouse::pg
