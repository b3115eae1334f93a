// Requests signed with a tenant's secret (seed 003's HMAC v1). Pure: fed headers and time.
//
//   Gatehouse-Tenant:    us.<organization>.<version of the secret>
//   Gatehouse-Timestamp: seconds since 1970, at most five minutes from ours
//   Gatehouse-Nonce:     16 to 64 letters, digits, - and _; so that two equal requests in one second can be
//   told apart Gatehouse-Content-Sha256: hex, of the body's bytes (of nothing, if there is none)
//   Gatehouse-Signature: v1=<hex of HMAC-SHA-256 under the secret>
//
// over, joined by line feeds: "v1", timestamp, nonce, method, target as sent (path and query), content
// digest.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "http/message.h"

namespace gatehouse::identity {

inline constexpr std::chrono::seconds kMostSkew{300};

struct SignedRequest {
  Region region = Region::us;
  OrganizationId organization;
  std::int64_t secret_version = 0;
  crypto::Digest content{};  // that the body must have
  crypto::Digest signature{};
  std::string text;  // that was signed
};

/// Nothing if the request is not signed so. Errors: unauthenticated for one that is malformed or not of this
/// time.
Result<std::optional<SignedRequest>> find_signature(const http::Request&, Timestamp now);

/// Constant time.
bool is_signed_with(const SignedRequest&, const crypto::Secret&);

}  // namespace gatehouse::identity
