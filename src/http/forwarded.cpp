#include "http/forwarded.h"

#include "http/origin.h"
#include "http/syntax.h"

namespace gatehouse::http {
namespace {

std::optional<RemoteAddress> parse_hop(std::string_view text) {
  if (text.starts_with('[')) {
    auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    text = text.substr(1, close - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code failed;
  auto address = boost::asio::ip::make_address(std::string(text), failed);
  if (failed) return std::nullopt;
  return RemoteAddress{unmapped(address), 0};
}

std::string_view last_element(std::string_view list) {
  auto comma = list.rfind(',');
  return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

}  // namespace

void apply_forwarded(Request& request, std::span<const Cidr> trusted) {
  if (trusted.empty() || !any_contains(trusted, request.peer.ip)) return;
  // Several fields of one name are one list (RFC 9110 §5.3).
  std::string chain;
  std::string_view proto, host;
  for (auto [name, value] : request.headers) {
    if (iequals(name, "x-forwarded-for")) {
      if (!chain.empty()) chain += ',';
      chain += value;
    } else if (iequals(name, "x-forwarded-proto")) {
      proto = last_element(value);
    } else if (iequals(name, "x-forwarded-host")) {
      host = last_element(value);
    }
  }
  std::string_view left = chain;
  while (!left.empty()) {
    auto comma = left.rfind(',');
    auto hop = parse_hop(trim(comma == std::string_view::npos ? left : left.substr(comma + 1)));
    if (!hop) break;
    request.peer = *hop;
    if (!any_contains(trusted, hop->ip) || comma == std::string_view::npos) break;
    left = left.substr(0, comma);
  }
  if (!proto.empty()) request.tls = iequals(proto, "https");
  if (valid_host(host)) request.host = to_lower(host);
}

}  // namespace gatehouse::http
