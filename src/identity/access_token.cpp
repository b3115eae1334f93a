#include "identity/access_token.h"

#include "crypto/encoding.h"
#include "crypto/jwt.h"
#include "json/codec.h"

namespace gatehouse::identity {
namespace {

struct Claims {
  std::string iss;
  std::string aud;
  UserId sub;
  std::optional<OrganizationId> org;
  std::optional<Region> region;
  RoleCode role = RoleCode::UR;
  bool is_super_admin = false;
  SessionId sid;
  std::int64_t iat = 0;
  std::int64_t nbf = 0;
  std::int64_t exp = 0;
  Uuid jti;
};
BOOST_DESCRIBE_STRUCT(Claims, (), (iss, aud, sub, org, region, role, is_super_admin, sid, iat, nbf, exp, jti))

std::int64_t seconds(Timestamp stamp) {
  return std::chrono::floor<std::chrono::seconds>(stamp.time_since_epoch()).count();
}

}  // namespace

std::string issue_access_token(const crypto::SigningKey& key, std::string_view issuer,
                               const AccessClaims& claims, std::chrono::seconds lifetime, Timestamp now) {
  auto issued = seconds(now);
  return crypto::sign(
      key, json::encode(
               Claims{.iss = std::string(issuer),
                      .aud = std::string(kAudience),
                      .sub = claims.user,
                      .org = claims.organization.is_nil() ? std::nullopt : std::optional(claims.organization),
                      .region = claims.region,
                      .role = claims.role,
                      .is_super_admin = claims.is_super_admin,
                      .sid = claims.session,
                      .iat = issued,
                      .nbf = issued,
                      .exp = issued + lifetime.count(),
                      .jti = Uuid::v7()}));
}

Result<TokenClaims> read_access_token(const crypto::KeySet& keys, std::string_view issuer,
                                      std::string_view token, Timestamp now) {
  GH_TRY(auto text, crypto::verify(keys, token, {.issuer = issuer, .audience = kAudience, .now = now}));
  if (auto service = parse_service_claims(text)) return TokenClaims(std::move(*service));
  auto claims = json::decode_text<Claims>(text);
  // Signed by us, yet not one of ours: another kind of token under the same key.
  if (!claims || claims->org.has_value() != claims->region.has_value())
    return fail(ErrorCode::unauthenticated, "The token is not valid");
  return TokenClaims(AccessClaims{.user = claims->sub,
                                  .organization = claims->org.value_or(OrganizationId{}),
                                  .region = claims->region,
                                  .session = claims->sid,
                                  .role = claims->role,
                                  .is_super_admin = claims->is_super_admin});
}

std::optional<Region> region_in(std::string_view token) {
  if (token.size() > crypto::kMaxTokenSize) return std::nullopt;
  auto first = token.find('.');
  auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto payload = crypto::from_base64url(token.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  std::string_view text(reinterpret_cast<const char*>(payload->data()), payload->size());
  if (auto service = parse_service_claims(text)) return service->client.region;
  auto claims = json::decode_text<Claims>(text);
  return claims ? claims->region : std::nullopt;
}

}  // namespace gatehouse::identity
