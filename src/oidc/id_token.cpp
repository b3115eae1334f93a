#include "oidc/id_token.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "oidc/claims.h"

namespace gatehouse::oidc {
namespace {

constexpr std::size_t kMostAudiences = 50;
constexpr std::string_view kLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

/// What both kinds of token have to say. `azp` of an ID token is in here as well: it is harmless in the
/// other.
Checked<> check_common(const json::Object& claims, std::string_view issuer, std::string_view client_id,
                       Timestamp now, bool needs_expiry) {
  if (find_text(claims, "iss") != issuer) return refuse(Refusal::wrong_issuer);
  auto audiences = find_texts(claims, "aud", kMostAudiences);
  if (!audiences || std::ranges::find(*audiences, client_id) == audiences->end())
    return refuse(Refusal::wrong_audience);
  if (claims.contains("azp") || audiences->size() > 1)
    if (find_text(claims, "azp") != client_id) return refuse(Refusal::wrong_party);
  auto issued = find_date(claims, "iat");
  if (!issued) return refuse(Refusal::token_malformed);
  if (*issued > now + kSkew) return refuse(Refusal::issued_in_future);
  if (claims.contains("nbf")) {
    auto from = find_date(claims, "nbf");
    if (!from) return refuse(Refusal::token_malformed);
    if (*from > now + kSkew) return refuse(Refusal::issued_in_future);
  }
  if (!needs_expiry && !claims.contains("exp")) return {};
  auto expires = find_date(claims, "exp");
  if (!expires) return refuse(Refusal::token_malformed);
  if (now >= *expires + kSkew) return refuse(Refusal::expired);
  return {};
}

/// The left half of the hash that the token's own signature is made with (Core 3.1.3.6).
std::string half_hash(crypto::SignatureAlgorithm algorithm, std::string_view text) {
  auto digest = crypto::digest_for(algorithm, text);
  digest.resize(digest.size() / 2);
  return crypto::to_base64url(digest);
}

}  // namespace

std::optional<std::string> find_subject(const json::Object& claims) {
  auto subject = find_text(claims, "sub");
  if (!subject || subject->size() > kMaxSubject ||
      !std::ranges::all_of(*subject, [](char c) { return c >= ' ' && c < 0x7f; }))
    return std::nullopt;
  return subject;
}

Checked<json::Object> check_id_token(const KeySet& keys, std::string_view token,
                                     const IdTokenExpectation& expected) {
  auto verified = verify_signature(keys, token);
  if (!verified) return refuse(verified.error());
  // Other kinds of token under the same key (RFC 8725 3.11).
  if (!verified->type.empty() && verified->type != "jwt") return refuse(Refusal::token_malformed);
  auto& claims = verified->claims;
  if (claims.contains("events")) return refuse(Refusal::token_malformed);
  if (auto common = check_common(claims, expected.issuer, expected.client_id, expected.now, true); !common)
    return refuse(common.error());
  if (expected.nonce.empty() || find_text(claims, "nonce") != expected.nonce)
    return refuse(Refusal::wrong_nonce);
  if (claims.contains("at_hash") &&
      find_text(claims, "at_hash") != half_hash(verified->algorithm, expected.access_token))
    return refuse(Refusal::wrong_token_hash);
  if (!find_subject(claims)) return refuse(Refusal::subject_invalid);
  return std::move(claims);
}

Checked<LogoutToken> check_logout_token(const KeySet& keys, std::string_view token,
                                        const LogoutExpectation& expected) {
  auto verified = verify_signature(keys, token);
  if (!verified) return refuse(verified.error());
  if (!verified->type.empty() && verified->type != "jwt" && verified->type != "logout+jwt")
    return refuse(Refusal::not_a_logout_token);
  const auto& claims = verified->claims;
  if (auto common = check_common(claims, expected.issuer, expected.client_id, expected.now, false); !common)
    return refuse(common.error());
  if (find_date(claims, "iat").value() + kLogoutTokenAge + kSkew < expected.now)
    return refuse(Refusal::too_old);
  if (claims.contains("nonce")) return refuse(Refusal::has_nonce);
  const auto* events = claims.if_contains("events");
  const auto* event =
      events && events->is_object() ? events->get_object().if_contains(kLogoutEvent) : nullptr;
  if (!event || !event->is_object()) return refuse(Refusal::not_a_logout_token);
  auto jti = find_text(claims, "jti");
  if (!jti || jti->size() > kMaxSubject) return refuse(Refusal::token_malformed);
  LogoutToken logout{
      .jti = std::move(*jti), .subject = find_subject(claims), .sid = find_text(claims, "sid")};
  if (claims.contains("sub") && !logout.subject) return refuse(Refusal::subject_invalid);
  if (logout.sid && logout.sid->size() > kMaxSubject) return refuse(Refusal::token_malformed);
  if (!logout.subject && !logout.sid) return refuse(Refusal::subject_invalid);
  return logout;
}

}  // namespace gatehouse::oidc
