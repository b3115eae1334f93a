#include "identity/session.h"

#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "http/cookies.h"

namespace gatehouse::identity {

Standing standing_of(const SessionRecord& session, const crypto::PresentedToken& presented,
                     RotationRules rules, Timestamp now) {
  if (crypto::matches(presented, session.token)) {
    if (session.previous && !session.confirmed_at) return Standing::first_seen;
    return now - session.rotated_at >= rules.rotate_after ? Standing::due : Standing::current;
  }
  if (!session.previous || !crypto::matches(presented, *session.previous)) return Standing::refused;
  if (session.confirmed_at)
    return now - *session.confirmed_at < rules.grace ? Standing::superseded : Standing::refused;
  // Nobody has seen the successor for this long: the answer that carried it was lost.
  return now - session.rotated_at >= rules.grace ? Standing::due : Standing::superseded;
}

std::string csrf_token(const crypto::Secret& key, SessionId session) {
  auto id = session.to_string();
  return crypto::to_base64url(crypto::hmac_sha256(key, crypto::aad({"csrf token", id})));
}

std::string_view cookie_name(bool secure) {
  return secure ? "__Host-gatehouse_session" : "gatehouse_session";
}

std::string set_cookie(bool secure, const crypto::Secret& token, std::chrono::seconds max_age) {
  return http::to_set_cookie({.name = std::string(cookie_name(secure)),
                              .value = std::string(token.reveal()),
                              .http_only = true,
                              .secure = secure,
                              .same_site = http::SameSite::lax,
                              .max_age = max_age});
}

std::string delete_cookie(bool secure) {
  return http::to_delete_cookie(cookie_name(secure), secure);
}

crypto::IssuedToken issue_session_token(const crypto::Secret& key, const SessionAddress& address) {
  return crypto::issue_sealed_token(
      {.kind = crypto::TokenKind::session,
       .region = address.is_operator() ? "control" : std::string(to_string(address.region)),
       .organization = address.organization.value,
       .id = address.id.value},
      key);
}

}  // namespace gatehouse::identity
