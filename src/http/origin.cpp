#include "http/origin.h"

#include <boost/asio/ip/address_v6.hpp>

#include "http/syntax.h"

namespace gatehouse::http {
namespace {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.rfind(':'));
}

std::string_view strip_default_port(std::string_view authority, bool tls) {
  std::string_view port = tls ? ":443" : ":80";
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

}  // namespace

bool host_allowed(std::string_view host, std::span<const std::string> allowed) {
  if (allowed.empty()) return true;
  auto name = without_port(host);
  for (const auto& entry : allowed) {
    if (iequals(name, entry)) return true;
    if (!entry.starts_with("*.") || name.size() < entry.size()) continue;
    auto dot = name.find('.');
    if (dot != 0 && dot != std::string_view::npos &&
        iequals(name.substr(dot), std::string_view(entry).substr(1)))
      return true;
  }
  return false;
}

bool origin_allowed(const Request& request, std::span<const std::string> allowed) {
  auto origin = request.headers.find("origin");
  if (!origin)
    return is_safe(request.method) || !iequals(request.headers.get("sec-fetch-site"), "cross-site");
  for (const auto& entry : allowed)
    if (iequals(*origin, entry)) return true;
  std::string_view scheme = request.tls ? "https://" : "http://";
  if (request.host.empty() || origin->size() < scheme.size() ||
      !iequals(origin->substr(0, scheme.size()), scheme))
    return false;
  return iequals(strip_default_port(origin->substr(scheme.size()), request.tls),
                 strip_default_port(request.host, request.tls));
}

bool valid_host(std::string_view host) {
  if (host.empty() || host.size() > 300) return false;
  std::string_view port;
  if (host.starts_with('[')) {
    auto close = host.find(']');
    if (close == std::string_view::npos) return false;
    boost::system::error_code failed;
    boost::asio::ip::make_address_v6(std::string(host.substr(1, close - 1)), failed);
    if (failed || host.substr(1, close - 1).contains('%')) return false;
    port = host.substr(close + 1);
  } else {
    auto colon = host.find(':');
    auto name = host.substr(0, colon);
    if (name.empty()) return false;
    for (char c : name)
      if (!is_alnum(c) && c != '-' && c != '.' && c != '_') return false;
    if (colon != std::string_view::npos) port = host.substr(colon);
  }
  if (port.empty()) return true;
  if (port.front() != ':' || port.size() > 6) return false;
  for (char c : port.substr(1))
    if (!is_digit(c)) return false;
  return true;
}

}  // namespace gatehouse::http
