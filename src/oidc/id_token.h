// ID tokens (OpenID Connect Core 3.1.3.7) and logout tokens (Back-Channel Logout 2.6): the claims that must
// be right before anything in them is believed. Pure: fed keys, text and time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "json/value.h"
#include "oidc/key_set.h"
#include "oidc/refusal.h"

namespace gatehouse::oidc {

/// How far the provider's clock may be from ours.
inline constexpr std::chrono::seconds kSkew{60};
/// A logout token older than this is refused; replays are remembered as long.
inline constexpr std::chrono::minutes kLogoutTokenAge{10};
inline constexpr std::size_t kMaxSubject = 255;

struct IdTokenExpectation {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;
  std::string_view access_token;  // what `at_hash`, if there is one, is of
  Timestamp now = gatehouse::now();
};

/// Signature, `iss`, `aud` (ours; with others beside it `azp` must be ours), `azp`, `exp`, `iat`, `nbf`,
/// `nonce`, `at_hash` if present, and a `sub` of 1 to 255 printable ASCII characters.
Checked<json::Object> check_id_token(const KeySet&, std::string_view token, const IdTokenExpectation&);

struct LogoutToken {
  std::string jti;
  std::optional<std::string> subject;
  std::optional<std::string> sid;  // one of the two is there
};

struct LogoutExpectation {
  std::string_view issuer;
  std::string_view client_id;
  Timestamp now = gatehouse::now();
};

/// Signature, `iss`, `aud`, `iat`, `exp` if present, the logout event, `sub` or `sid`, `jti`, and no `nonce`.
/// Whether `jti` came before is the caller's to ask.
Checked<LogoutToken> check_logout_token(const KeySet&, std::string_view token, const LogoutExpectation&);

/// The `sub` of a userinfo answer or ID token. Nothing if it is none.
std::optional<std::string> find_subject(const json::Object& claims);

}  // namespace gatehouse::oidc
