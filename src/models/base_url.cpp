#include "models/base_url.h"

#include "http/client.h"

namespace gatehouse::models {
namespace {

std::unexpected<Error> refuse(std::string_view code, std::string message) {
  Error error{.code = ErrorCode::validation_failed, .detail = "/base_url " + message};
  error.fields.push_back({"/base_url", std::string(code), std::move(message)});
  return std::unexpected(std::move(error));
}

}  // namespace

Result<void> check_base_url(std::string_view url, const http::EgressPolicy& egress) {
  auto endpoint = http::Endpoint::parse(url);
  if (!endpoint)
    return refuse("bad_format", "must be an http or https address without credentials, query or fragment");
  boost::system::error_code is_name;
  auto address = asio::ip::make_address(endpoint->host, is_name);
  if (is_name) {
    bool is_local = endpoint->host == "localhost" || endpoint->host.ends_with(".localhost");
    if (!is_local) return {};
    address = asio::ip::address_v4::loopback();
  }
  if (!egress.allows(endpoint->host, address))
    return refuse("not_allowed", "is an address that this server may not call");
  return {};
}

}  // namespace gatehouse::models
