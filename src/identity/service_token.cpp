#include "identity/service_token.h"

#include "crypto/jwt.h"
#include "identity/access_token.h"
#include "json/codec.h"

namespace gatehouse::identity {
namespace {

struct ServiceTokenClaims {
  std::string iss;
  std::string aud;
  ServiceAccountId sub;
  OrganizationId org;
  Region region = Region::us;
  WorkspaceId wsp;
  ServiceAccountSecretId sec;
  std::string scope;
  std::string client_id;
  std::int64_t iat = 0;
  std::int64_t nbf = 0;
  std::int64_t exp = 0;
  Uuid jti;
};
BOOST_DESCRIBE_STRUCT(ServiceTokenClaims, (),
                      (iss, aud, sub, org, region, wsp, sec, scope, client_id, iat, nbf, exp, jti))

}  // namespace

std::vector<std::string> names_of(const access::PermissionSet& set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < set.size(); ++i)
    if (set.test(i)) names.emplace_back(access::to_string(static_cast<access::Permission>(i)));
  return names;
}

std::optional<access::PermissionSet> parse_scope(std::string_view text) {
  access::PermissionSet set;
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    auto permission = access::parse_permission(text.substr(0, end));
    if (!permission) return std::nullopt;
    set.set(access::index_of(*permission));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return set;
}

std::string issue_service_token(const crypto::SigningKey& key, std::string_view issuer,
                                const ServiceClaims& claims, std::chrono::seconds lifetime, Timestamp now) {
  auto issued = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  std::string scope;
  for (const auto& name : names_of(claims.permissions)) scope += (scope.empty() ? "" : " ") + name;
  return crypto::sign(key, json::encode(ServiceTokenClaims{.iss = std::string(issuer),
                                                           .aud = std::string(kAudience),
                                                           .sub = claims.client.account,
                                                           .org = claims.client.organization,
                                                           .region = claims.client.region,
                                                           .wsp = claims.workspace,
                                                           .sec = claims.secret,
                                                           .scope = std::move(scope),
                                                           .client_id = claims.client.to_string(),
                                                           .iat = issued,
                                                           .nbf = issued,
                                                           .exp = issued + lifetime.count(),
                                                           .jti = Uuid::v7()}));
}

std::optional<ServiceClaims> parse_service_claims(std::string_view claims_json) {
  auto claims = json::decode_text<ServiceTokenClaims>(claims_json);
  auto permissions = claims ? parse_scope(claims->scope) : std::nullopt;
  if (!permissions) return std::nullopt;
  return ServiceClaims{.client = {claims->region, claims->org, claims->sub},
                       .secret = claims->sec,
                       .workspace = claims->wsp,
                       .permissions = *permissions};
}

}  // namespace gatehouse::identity
