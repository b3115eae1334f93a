// Codecs of std::vector and std::map.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "json/type_codec.h"

namespace gatehouse::json {

namespace detail {
/// The array, or null after reporting wrong_type or too_many.
const Array* array_in(const Value&, const Place& at, std::size_t max_items);
const Object* object_in(const Value&, const Place& at);
bool key_is_storable(std::string_view key, const Place& at);
Value array_schema(Value items, std::size_t max_items);
Value map_schema(Value values);

template <class T>
void decode_items(const Value& value, std::vector<T>& out, const Place& at, std::size_t max_items) {
  const Array* items = array_in(value, at, max_items);
  if (!items) return;
  out.clear();
  out.reserve(items->size());
  std::size_t index = 0;
  for (const Value& item : *items) {
    T element{};
    Codec<T>::decode(item, element, at.element(index++));
    out.push_back(std::move(element));
    if (at.full()) return;
  }
}
template <class T>
void encode_items(std::string& out, const std::vector<T>& items) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!std::exchange(first, false)) out += ',';
    Codec<T>::encode(out, item);
  }
  out += ']';
}
}  // namespace detail

template <class T>
struct Codec<std::vector<T>> {
  static constexpr TextForm kTextForm = Codec<T>::kTextForm;
  static constexpr bool kList = true;
  static void decode(const Value& value, std::vector<T>& out, const Place& at) {
    detail::decode_items(value, out, at, SIZE_MAX);
  }
  static void encode(std::string& out, const std::vector<T>& items) { detail::encode_items(out, items); }
  static Value schema(Components& components) {
    return detail::array_schema(Codec<T>::schema(components), SIZE_MAX);
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static constexpr TextForm kTextForm = TextForm::none;
  static void decode(const Value& value, std::map<std::string, T>& out, const Place& at) {
    const Object* object = detail::object_in(value, at);
    if (!object) return;
    out.clear();
    for (const auto& [key, item] : *object) {
      if (at.full()) return;
      auto here = at.member(key);
      if (detail::key_is_storable(key, here)) Codec<T>::decode(item, out[std::string(key)], here);
    }
  }
  static void encode(std::string& out, const std::map<std::string, T>& map) {
    out += '{';
    bool first = true;
    for (const auto& [key, item] : map) {
      if (!std::exchange(first, false)) out += ',';
      detail::encode_string(out, key);
      out += ':';
      Codec<T>::encode(out, item);
    }
    out += '}';
  }
  static Value schema(Components& components) { return detail::map_schema(Codec<T>::schema(components)); }
};

}  // namespace gatehouse::json
