#include "oidc/claims.h"

#include <cmath>

namespace gatehouse::oidc {
namespace {

constexpr std::size_t kLongestGroup = 256;

}  // namespace

std::optional<std::string> find_text(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_string() || value->get_string().empty()) return std::nullopt;
  std::string_view text = value->get_string();
  if (text.contains('\0')) return std::nullopt;
  return std::string(text);
}

std::optional<std::vector<std::string>> find_texts(const json::Object& object, std::string_view name,
                                                   std::size_t most) {
  if (auto one = find_text(object, name)) return std::vector{std::move(*one)};
  const auto* value = object.if_contains(name);
  if (!value || !value->is_array() || value->get_array().size() > most) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& one : value->get_array()) {
    if (!one.is_string()) return std::nullopt;
    texts.emplace_back(one.get_string());
  }
  return texts;
}

std::optional<bool> find_flag(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  if (value->is_string() && value->get_string() == "true") return true;
  if (value->is_string() && value->get_string() == "false") return false;
  return std::nullopt;
}

std::optional<Timestamp> find_date(const json::Object& object, std::string_view name) {
  constexpr double kYear9999 = 253402300799.0;
  const auto* value = object.if_contains(name);
  double seconds = -1;
  if (value && value->is_int64())
    seconds = static_cast<double>(value->get_int64());
  else if (value && value->is_uint64())
    seconds = static_cast<double>(value->get_uint64());
  else if (value && value->is_double())
    seconds = value->get_double();
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kYear9999) return std::nullopt;
  return Timestamp(std::chrono::floor<std::chrono::microseconds>(std::chrono::duration<double>(seconds)));
}

const json::Value* find_claim(const json::Object& object, std::string_view path) {
  if (const auto* whole = object.if_contains(path)) return whole;
  const json::Object* at = &object;
  for (;;) {
    auto dot = path.find('.');
    const auto* value = at->if_contains(path.substr(0, dot));
    if (dot == path.npos || !value) return value;
    at = value->if_object();
    if (!at) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

std::optional<std::vector<std::string>> find_groups(const json::Object& object, std::string_view path,
                                                    std::size_t most) {
  const auto* value = find_claim(object, path);
  if (!value) return std::nullopt;
  std::vector<std::string> groups;
  auto add = [&](const json::Value& one) {
    if (!one.is_string()) return false;
    std::string_view text = one.get_string();
    if (!text.empty() && text.size() <= kLongestGroup && !text.contains('\0')) groups.emplace_back(text);
    return true;
  };
  if (value->is_string()) {
    add(*value);
    return groups;
  }
  if (!value->is_array() || value->get_array().size() > most) return std::nullopt;
  for (const auto& one : value->get_array())
    if (!add(one)) return std::nullopt;
  return groups;
}

}  // namespace gatehouse::oidc
