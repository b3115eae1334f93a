#include "http/target.h"

#include "http/syntax.h"

namespace gatehouse::http {
namespace {

using Outcome = std::expected<void, std::string_view>;

Outcome decode(std::string_view in, bool is_query, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < in.size(); ++i) {
    char c = in[i];
    if (c == '+' && is_query) c = ' ';
    if (c == '%') {
      int high = i + 2 < in.size() ? hex_value(in[i + 1]) : -1;
      int low = high >= 0 ? hex_value(in[i + 2]) : -1;
      if (low < 0) return std::unexpected("bad percent-encoding");
      i += 2;
      c = static_cast<char>(high * 16 + low);
      if (!is_query && c == '/') {
        out += "%2F";
        continue;
      }
      // `%252F` would decode to what an encoded slash is kept as.
      if (!is_query && c == '%' && (in.substr(i + 1).starts_with("2F") || in.substr(i + 1).starts_with("2f")))
        return std::unexpected("double-encoded slash");
    }
    out += c;
  }
  if (is_query ? out.contains('\0') : has_control(out) || out.contains('\t'))
    return std::unexpected("control character in the target");
  if (!is_utf8(out)) return std::unexpected("target is not UTF-8");
  return {};
}

bool has_dot_segment(std::string_view path) {
  for (auto at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
    auto rest = path.substr(at + 2);
    if (rest.starts_with('.')) rest.remove_prefix(1);
    if (rest.empty() || rest.starts_with('/')) return true;
  }
  return false;
}

}  // namespace

Outcome parse_target(std::string_view target, std::size_t max_parameters, Request& request) {
  request.query.clear();
  if (!target.starts_with('/')) return std::unexpected("target is not origin-form");
  if (target.contains('#')) return std::unexpected("fragment in the target");
  auto mark = target.find('?');
  if (auto decoded = decode(target.substr(0, mark), false, request.path); !decoded) return decoded;
  if (has_dot_segment(request.path)) return std::unexpected("dot segment in the path");
  if (mark == std::string_view::npos) return {};
  auto query = parse_form(target.substr(mark + 1), max_parameters);
  if (!query) return std::unexpected(query.error());
  request.query = std::move(*query);
  return {};
}

std::expected<Parameters, std::string_view> parse_form(std::string_view text, std::size_t max_parameters) {
  Parameters parameters;
  while (!text.empty()) {
    auto end = text.find('&');
    auto pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (parameters.size() == max_parameters) return std::unexpected("too many query parameters");
    auto& [key, value] = parameters.emplace_back();
    auto equals = pair.find('=');
    if (auto decoded = decode(pair.substr(0, equals), true, key); !decoded)
      return std::unexpected(decoded.error());
    if (equals == std::string_view::npos) continue;
    if (auto decoded = decode(pair.substr(equals + 1), true, value); !decoded)
      return std::unexpected(decoded.error());
  }
  return parameters;
}

}  // namespace gatehouse::http
