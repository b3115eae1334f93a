// Described C++ enums as PostgreSQL's enum labels (text).
#pragma once

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

namespace gatehouse::pg {

template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

/// The enumerator's name, without the trailing underscore that keeps it clear of a keyword (`delete_`).
/// Empty if the value is not one of the described.
template <DescribedEnum E>
std::string_view label(E value) {
  std::string_view found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (d.value == value) found = d.name;
  });
  if (found.ends_with('_')) found.remove_suffix(1);
  return found;
}

template <DescribedEnum E>
std::optional<E> from_label(std::string_view text) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    std::string_view name = d.name;
    if (name.ends_with('_')) name.remove_suffix(1);
    if (name == text) found = d.value;
  });
  return found;
}

}  // namespace gatehouse::pg
