#include "scim/protocol.h"

#include "http/syntax.h"

namespace gatehouse::scim {

std::string base_address(access::Reactor& reactor, Region region, const identity::Identity& identity) {
  const auto& own = reactor.region(region).base_url;
  std::string address = own.empty() ? identity.options().issuer : own;
  while (address.ends_with('/')) address.pop_back();
  return address + "/scim/v2";
}

access::OperationInfo declare(http::Method method, std::string_view path, std::string_view id,
                              std::string_view summary, std::string_view tag, std::string_view audit_action) {
  return {.method = method,
          .path = path,
          .id = id,
          .summary = summary,
          .tag = tag,
          .permission = access::Permission::scim_provision,
          .audit_action = audit_action,
          .rate = http::is_safe(method) ? access::RateClass::read : access::RateClass::write,
          .feature = "scim",
          .body_limit = 1024 * 1024,
          .body_type = kScimType,
          .answer_type = kScimType,
          .errors = access::ErrorStyle::scim};
}

void set_headers(access::Call& call, std::string_view version, std::string_view location) {
  call.headers().set("etag", version);
  call.headers().set("location", location);
}

Result<void> check_if_match(const access::Call& call, std::string_view version) {
  auto header = call.request().headers.find("if-match");
  if (!header) return {};
  // Weakly: what is compared is the resource, not its bytes.
  auto opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
  for (std::string_view rest = *header; !rest.empty();) {
    auto comma = std::min(rest.find(','), rest.size());
    auto one = http::trim(rest.substr(0, comma));
    if (one == "*" || opaque(one) == opaque(version)) return {};
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return fail(ErrorCode::precondition_failed, "The resource has changed since it was read");
}

}  // namespace gatehouse::scim
