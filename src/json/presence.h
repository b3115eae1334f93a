// Members that may be absent: std::optional, Omittable, Defaulted, Patch.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>

#include "json/type_codec.h"

namespace gatehouse::json {

/// Absent means the member's initialiser: `Defaulted<Int<1, 200>> limit = 50;` The schema states it. Null is
/// an error.
template <class T>
class Defaulted {
 public:
  constexpr Defaulted() = default;
  template <class U>
    requires std::convertible_to<U, T> && (!std::same_as<std::remove_cvref_t<U>, Defaulted>)
  constexpr Defaulted(U&& value) : value_(std::forward<U>(value)) {}

  constexpr const T& value() const { return value_; }
  constexpr T& value() { return value_; }
  constexpr operator const T&() const { return value_; }
  constexpr const T& operator*() const { return value_; }
  constexpr const T* operator->() const { return &value_; }
  bool operator==(const Defaulted&) const = default;

 private:
  T value_{};
};

/// Like std::optional, but never null: left out of the object when empty. For wire formats whose readers
/// refuse null.
template <class T>
struct Omittable : std::optional<T> {
  using std::optional<T>::optional;
};

/// A field of a PATCH body: absent (leave it), null (clear it), or a value. Encoded the same way.
template <class T>
class Patch {
 public:
  Patch() = default;
  Patch(std::nullopt_t) : present_(true) {}
  template <class U>
    requires std::convertible_to<U, T> && (!std::same_as<std::remove_cvref_t<U>, Patch>)
  Patch(U&& value) : present_(true), value_(std::forward<U>(value)) {}

  bool is_present() const { return present_; }
  bool is_null() const { return present_ && !value_; }
  bool has_value() const { return value_.has_value(); }
  /// Throws std::bad_optional_access unless has_value().
  const T& value() const { return value_.value(); }
  /// Absent keeps `current`; null and a value replace it.
  std::optional<T> applied_to(std::optional<T> current) const {
    return present_ ? value_ : std::move(current);
  }
  bool operator==(const Patch&) const = default;

 private:
  bool present_ = false;
  std::optional<T> value_;
};

namespace detail {
/// Adds null to what the schema allows.
Value nullable(Value schema);
}  // namespace detail

template <class T>
struct Codec<Defaulted<T>> {
  static constexpr TextForm kTextForm = Codec<T>::kTextForm;
  static constexpr Presence kPresence = Presence::defaulted;
  static constexpr bool kList = requires { Codec<T>::kList; };
  static void decode(const Value& value, Defaulted<T>& out, const Place& at) {
    Codec<T>::decode(value, out.value(), at);
  }
  static void encode(std::string& out, const Defaulted<T>& value) { Codec<T>::encode(out, value.value()); }
  static Value schema(Components& components) { return Codec<T>::schema(components); }
};

template <class T>
struct Codec<std::optional<T>> {
  static constexpr TextForm kTextForm = Codec<T>::kTextForm;
  static constexpr Presence kPresence = Presence::optional;
  static constexpr bool kList = requires { Codec<T>::kList; };
  static void decode(const Value& value, std::optional<T>& out, const Place& at) {
    out.reset();
    if (!value.is_null()) Codec<T>::decode(value, out.emplace(), at);
  }
  static void encode(std::string& out, const std::optional<T>& value) {
    if (value)
      Codec<T>::encode(out, *value);
    else
      out += "null";
  }
  static Value schema(Components& components) { return detail::nullable(Codec<T>::schema(components)); }
};

template <class T>
struct Codec<Omittable<T>> {
  static constexpr TextForm kTextForm = Codec<T>::kTextForm;
  static constexpr Presence kPresence = Presence::optional;
  static void decode(const Value& value, Omittable<T>& out, const Place& at) {
    Codec<T>::decode(value, out.emplace(), at);
  }
  static void encode(std::string& out, const Omittable<T>& value) { Codec<T>::encode(out, value.value()); }
  static bool omitted(const Omittable<T>& value) { return !value; }
  static Value schema(Components& components) { return Codec<T>::schema(components); }
};

template <class T>
struct Codec<Patch<T>> {
  static constexpr TextForm kTextForm = TextForm::none;
  static constexpr Presence kPresence = Presence::optional;
  static void decode(const Value& value, Patch<T>& out, const Place& at) {
    if (value.is_null()) {
      out = std::nullopt;
      return;
    }
    T decoded{};
    Codec<T>::decode(value, decoded, at);
    out = std::move(decoded);
  }
  static void encode(std::string& out, const Patch<T>& value) {
    if (value.has_value())
      Codec<T>::encode(out, value.value());
    else
      out += "null";
  }
  static bool omitted(const Patch<T>& value) { return !value.is_present(); }
  static Value schema(Components& components) { return detail::nullable(Codec<T>::schema(components)); }
};

}  // namespace gatehouse::json
