// Codecs of structs and enums that Boost.Describe describes.
//
// A template makes only a table of members; the loops over it are compiled once, in described.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>

#include "json/type_codec.h"

namespace gatehouse::json {

namespace detail {

struct Member {
  std::string_view name;
  void* (*in)(void* object);
  const TypeOps* ops;
};

struct Enumerator {
  std::string_view name;
  std::int64_t value;
};

constexpr std::string_view wire_name(std::string_view name) {
  if (name.ends_with('_')) name.remove_suffix(1);
  return name;
}

/// The type as the compiler spells it; Components makes the component's name of it.
template <class T>
constexpr std::string_view spelled_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text.remove_suffix(1);
  return text;
}

template <class T, template <class...> class List, class... D>
consteval auto make_members(List<D...>) {
  return std::array<Member, sizeof...(D)>{Member{
      wire_name(D::name),
      [](void* object) -> void* { return &(static_cast<T*>(object)->*D::pointer); },
      &kOps<std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>>,
  }...};
}
template <class E, template <class...> class List, class... D>
consteval auto make_enumerators(List<D...>) {
  return std::array<Enumerator, sizeof...(D)>{
      Enumerator{wire_name(D::name), static_cast<std::int64_t>(D::value)}...};
}

template <class T>
inline constexpr auto kMembers = make_members<T>(
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>{});
template <class E>
inline constexpr auto kEnumerators = make_enumerators<E>(boost::describe::describe_enumerators<E>{});

template <class T>
consteval bool all_have_text_form() {
  for (const Member& member : kMembers<T>)
    if (member.ops->text_form == TextForm::none) return false;
  return true;
}

void decode_struct(std::span<const Member>, const Value&, void* object, const Place& at);
void encode_struct(std::span<const Member>, std::string& out, const void* object);
Value struct_schema(std::span<const Member>, Components&, std::string_view spelled, const TypeOps* type,
                    const void* initial);
void decode_parameters(std::span<const Member>, std::span<const std::pair<std::string, std::string>>,
                       std::string_view prefix, void* object, FieldErrors&);

bool decode_enum(std::span<const Enumerator>, const Value&, std::int64_t& out, const Place& at);
std::string_view enum_name(std::span<const Enumerator>, std::int64_t value);
Value enum_schema(std::span<const Enumerator>, Components&, std::string_view spelled, const TypeOps* type);

}  // namespace detail

template <class T>
concept DescribedStruct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <DescribedStruct T>
struct Codec<T> {
  static constexpr TextForm kTextForm = TextForm::none;
  static void decode(const Value& value, T& out, const Place& at) {
    detail::decode_struct(detail::kMembers<T>, value, &out, at);
  }
  static void encode(std::string& out, const T& value) {
    detail::encode_struct(detail::kMembers<T>, out, &value);
  }
  static Value schema(Components& components) {
    const T initial{};
    return detail::struct_schema(detail::kMembers<T>, components, detail::spelled_name<T>(), &detail::kOps<T>,
                                 &initial);
  }
};

template <DescribedEnum E>
struct Codec<E> {
  static constexpr TextForm kTextForm = TextForm::string;
  static void decode(const Value& value, E& out, const Place& at) {
    std::int64_t found;
    if (detail::decode_enum(detail::kEnumerators<E>, value, found, at)) out = static_cast<E>(found);
  }
  static void encode(std::string& out, E value) {
    out += '"';
    out += detail::enum_name(detail::kEnumerators<E>, static_cast<std::int64_t>(value));
    out += '"';
  }
  static Value schema(Components& components) {
    return detail::enum_schema(detail::kEnumerators<E>, components, detail::spelled_name<E>(),
                               &detail::kOps<E>);
  }
};

/// The wire's name of an enumerator, and back. Throws Failure on a value without a name.
template <DescribedEnum E>
std::string_view name_of(E value) {
  return detail::enum_name(detail::kEnumerators<E>, static_cast<std::int64_t>(value));
}
template <DescribedEnum E>
std::optional<E> enum_from(std::string_view name) {
  for (const auto& entry : detail::kEnumerators<E>)
    if (entry.name == name) return static_cast<E>(entry.value);
  return std::nullopt;
}

}  // namespace gatehouse::json
