#include "http/cookies.h"

#include <fmt/format.h>

#include "base/error.h"
#include "http/syntax.h"

namespace gatehouse::http {
namespace {

constexpr std::size_t kMaxPairs = 100;
constexpr std::size_t kMaxBytes = 8 * 1024;

bool is_cookie_octet(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

std::optional<std::string_view> find_in(std::string_view header, std::string_view name) {
  header = header.substr(0, kMaxBytes);
  for (std::size_t pairs = 0; pairs < kMaxPairs && !header.empty(); ++pairs) {
    auto end = header.find(';');
    auto pair = trim(header.substr(0, end));
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    auto equals = pair.find('=');
    if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
    auto value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> find_cookie(const Headers& headers, std::string_view name) {
  for (auto [key, value] : headers) {
    if (!iequals(key, "cookie")) continue;
    if (auto found = find_in(value, name)) return found;
  }
  return std::nullopt;
}

std::string to_set_cookie(const Cookie& cookie) {
  if (!is_token(cookie.name)) throw Failure("not a cookie name");
  if (!std::ranges::all_of(cookie.value, is_cookie_octet)) throw Failure("not a cookie value");
  if (!cookie.path.starts_with('/') || has_control(cookie.path) || cookie.path.contains(';'))
    throw Failure("not a cookie path");
  if (cookie.name.starts_with("__Host-") && (!cookie.secure || cookie.path != "/"))
    throw Failure("a __Host- cookie must be secure, with path /");
  if (cookie.name.starts_with("__Secure-") && !cookie.secure)
    throw Failure("a __Secure- cookie must be secure");
  std::string out = fmt::format("{}={}; Path={}", cookie.name, cookie.value, cookie.path);
  if (cookie.max_age) out += fmt::format("; Max-Age={}", cookie.max_age->count());
  if (cookie.http_only) out += "; HttpOnly";
  if (cookie.secure) out += "; Secure";
  out += cookie.same_site == SameSite::strict ? "; SameSite=Strict" : "; SameSite=Lax";
  return out;
}

std::string to_delete_cookie(std::string_view name, bool secure, std::string_view path) {
  return to_set_cookie({.name = std::string(name),
                        .value = "",
                        .path = std::string(path),
                        .secure = secure,
                        .max_age = std::chrono::seconds(0)});
}

}  // namespace gatehouse::http
