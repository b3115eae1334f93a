// Cookies (RFC 6265): reading what a browser sends, writing what it shall keep.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace gatehouse::http {

/// The value of the first cookie of this name in any Cookie header; quotes are taken off. Malformed pairs are
/// skipped; of each header at most 100 pairs and 8 KiB are looked at. The view lives as long as the headers.
std::optional<std::string_view> find_cookie(const Headers&, std::string_view name);

enum class SameSite { strict, lax };

struct Cookie {
  std::string name;   // a token; `__Host-` and `__Secure-` rules are checked
  std::string value;  // cookie-octets: no spaces, quotes, commas, semicolons or control characters
  std::string path = "/";
  bool http_only = true;
  bool secure = true;
  SameSite same_site = SameSite::lax;
  std::optional<std::chrono::seconds> max_age = std::nullopt;  // not set: until the browser closes; 0: delete
};

/// The value of a Set-Cookie header. Throws Failure on a name, value or path that a cookie cannot have.
std::string to_set_cookie(const Cookie&);
/// Makes the browser forget it; `path` and prefix must be those it was set with.
std::string to_delete_cookie(std::string_view name, bool secure = true, std::string_view path = "/");

}  // namespace gatehouse::http
