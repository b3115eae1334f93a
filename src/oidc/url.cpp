#include "oidc/url.h"

#include <algorithm>

#include "http/syntax.h"

namespace gatehouse::oidc {

std::optional<Url> Url::parse(std::string_view text) {
  constexpr std::size_t kLongest = 2048;
  if (text.size() > kLongest || !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }) ||
      text.find_first_of("#\\\"<>") != text.npos)
    return std::nullopt;
  auto query = text.find('?');
  auto endpoint = http::Endpoint::parse(text.substr(0, query));
  if (!endpoint) return std::nullopt;
  auto authority = text.find("://") + 3;
  auto path = text.find_first_of("/?", authority);
  Url url{.endpoint = std::move(*endpoint), .target = {}, .text = std::string(text)};
  url.endpoint.base_path.clear();
  url.target = path == text.npos ? "/" : std::string(text.substr(path));
  if (url.target.front() == '?') url.target.insert(0, 1, '/');
  return url;
}

std::string url_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (http::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string form(Parameters parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(url_encoded(value));
  }
  return out;
}

std::string with_query(std::string_view url, Parameters parameters) {
  std::string out(url);
  auto added = form(parameters);
  if (added.empty()) return out;
  if (!out.contains('?'))
    out += '?';
  else if (!out.ends_with('?') && !out.ends_with('&'))
    out += '&';
  return out + added;
}

}  // namespace gatehouse::oidc
