// Access tokens: what a session can be exchanged for, for at most ten minutes, and verified without a
// database. A token names its session, which is looked at again in the tenant's snapshot: it dies with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/time.h"
#include "crypto/es256.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "identity/service_token.h"

namespace gatehouse::identity {

inline constexpr std::string_view kAudience = "gatehouse";

struct AccessClaims {
  UserId user;
  OrganizationId organization;   // nil for an operator
  std::optional<Region> region;  // none for an operator
  SessionId session;
  RoleCode role = RoleCode::UR;  // as it was when issued; the session's row decides
  bool is_super_admin = false;
};

/// ES256 with claims iss, aud, sub, org, region, role, is_super_admin, sid, iat, nbf, exp, jti.
std::string issue_access_token(const crypto::SigningKey&, std::string_view issuer, const AccessClaims&,
                               std::chrono::seconds lifetime, Timestamp now = gatehouse::now());

/// Whose token it is, a person's session or a service account. Errors: unauthenticated, session_expired.
using TokenClaims = std::variant<AccessClaims, ServiceClaims>;
Result<TokenClaims> read_access_token(const crypto::KeySet&, std::string_view issuer, std::string_view token,
                                      Timestamp now = gatehouse::now());

/// The region that an unverified token names: enough to send its bearer to where it can be verified.
std::optional<Region> region_in(std::string_view token);

}  // namespace gatehouse::identity
