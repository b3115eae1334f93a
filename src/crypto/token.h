// Opaque credentials that say where they belong: API keys, session tokens, secrets of service accounts, codes
// of invitations, sign-in states, links for a new password.
//
//   gh_us_<43 characters: organization and key id><43: 32 random bytes><6: CRC-32>
//   ghs_us_…  the same for a session cookie; likewise, and never one for another: ghc_us_… the secret of a
//             service account, ghi_us_… an invitation's code, gho_us_… the `state` of a sign-in on its way
//             through a provider, ghr_us_… a link that sets a new password (of no organization), ghd_us_… the
//             token of an organization's directory (SCIM).
//
// with an underscore between ids and secret: `gh_<region>_<ids>_<secret><crc>`. Region, organization and id
// are read before any database look-up, so region checks and row-level security are in force from the
// first one. The checksum lets a scanner tell a real key from a lookalike, and refuses typing errors at no
// cost; it protects nothing. Base62 throughout, so that a double-click selects all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

namespace gatehouse::crypto {

enum class TokenKind : std::uint8_t {
  api_key,
  session,
  client_secret,
  invitation,
  sign_in_state,
  password_reset,
  scim
};

/// The part that is no secret. `region` is 2 to 16 of a-z, 0-9. An account without an organization (an
/// operator's session) has the nil UUID.
struct TokenAddress {
  TokenKind kind = TokenKind::api_key;
  std::string region;
  Uuid organization;
  Uuid id;
  bool operator==(const TokenAddress&) const = default;
};

/// A new credential: `text` is shown or set once, `stored` is what the database keeps. SHA-256 without salt
/// or stretching is enough for 256 random bits; it covers the whole text, so it binds the address too.
struct IssuedToken {
  TokenAddress address;
  Secret text;
  Digest stored;
  /// For lists: prefix and region, then the last four characters.
  std::string hint;
};

/// Throws Failure if the region is not of the form above.
IssuedToken issue_token(TokenAddress address);
/// The same form, half of its 32 bytes being a keyed seal of the rest: only who has the key can make one, so
/// a made-up token is refused without a look-up, and one that is out of date can be told from one that never
/// was. 128 random bits remain.
IssuedToken issue_sealed_token(TokenAddress address, const Secret& key);
/// Of a text that parse_token() takes.
bool carries_seal(std::string_view text, const Secret& key);

/// A credential somebody presented, not yet compared with the database.
struct PresentedToken {
  TokenAddress address;
  Digest digest;
};

/// nullopt unless the text is one that `issue_token` could have made for that kind.
std::optional<PresentedToken> parse_token(TokenKind kind, std::string_view text);

/// Constant time.
bool matches(const PresentedToken& presented, const Digest& stored);

}  // namespace gatehouse::crypto
