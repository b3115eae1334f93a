#include "models/base_url.h"

#include "http/client.h"

namespace gatehouse::models {
namespace {

std::unexpected<Error> refuse(std::string_view code, std::string message) {
  return fail(invalid("/base_url", code, std::move(message)));
}

/// `127.1`, `2130706433`, `0x7f.1`: the resolver takes such for addresses, and names never end like that.
bool is_disguised_address(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  auto last = host.substr(host.rfind('.') + 1);
  bool digits = !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
  return digits || last.starts_with("0x") || last.starts_with("0X");
}

}  // namespace

Result<void> check_base_url(std::string_view url, const http::EgressPolicy& egress) {
  auto endpoint = http::Endpoint::parse(url);
  if (!endpoint)
    return refuse("bad_format", "must be an http or https address without credentials, query or fragment");
  boost::system::error_code is_name;
  auto address = asio::ip::make_address(endpoint->host, is_name);
  if (is_name && is_disguised_address(endpoint->host))
    return refuse("bad_format", "has to name a host, or an address in its usual form");
  const bool is_local = endpoint->host == "localhost" || endpoint->host.ends_with(".localhost");
  if (is_local) address = asio::ip::address_v4::loopback();
  const bool has_address = !is_name || is_local;
  if (has_address && !egress.allows(endpoint->host, address))
    return refuse("not_allowed", "is an address that this server may not call");
  const bool may_be_plain =
      has_address ? egress.excepts(endpoint->host, address) : egress.excepts(endpoint->host);
  if (!endpoint->tls && !may_be_plain)
    return refuse("not_encrypted", "must begin with https://, as the operator has not excepted this host");
  return {};
}

}  // namespace gatehouse::models
