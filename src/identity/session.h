// A session as its row has it, and the rules of its token's rotation: pure, fed rows and time.
//
// A token older than `rotate_after` is replaced by the first request that brings it. The old one stays good
// until its successor has been seen, and for a grace after that: requests under way carry it, and the answer
// with the new one may get lost on its way. So parallel requests and lost answers never sign anybody out.
//
// Tokens carry a keyed seal (crypto/token.h). One that this installation issued, and that is good no more
// while its session lives, is in two hands: the session is revoked. So a copied token is worth minutes: as
// soon as thief and owner have both been seen, neither is signed in.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "access/principal.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "crypto/token.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::identity {

/// Where a session's row is. A nil organization: an operator's, in the control database.
struct SessionAddress {
  OrganizationId organization;
  Region region = Region::us;
  SessionId id;

  bool is_operator() const { return organization.is_nil(); }
};

/// How a session was opened.
enum class SessionMethod { password, sso };
BOOST_DESCRIBE_ENUM(SessionMethod, password, sso)

struct SessionRecord {
  UserId user;
  crypto::Digest token{};
  std::optional<crypto::Digest> previous;
  Timestamp rotated_at;
  std::optional<Timestamp> confirmed_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
  /// Not revoked, its person still an active member (or operator), and what provider opened it still in use.
  bool is_usable = false;
  RoleCode role = RoleCode::UR;
  WorkspaceId my_workspace;
  bool by_provider = false;  // session_origin.h
  SessionMethod method = SessionMethod::password;
  std::optional<Timestamp> second_factor_at;
  /// The organization asks its role for a second factor that was not shown; a provider's sign-in counts as
  /// one.
  bool is_restricted = false;
};

struct RotationRules {
  std::chrono::seconds rotate_after;
  std::chrono::seconds grace;
};

enum class Standing {
  refused,
  current,
  first_seen,  // current, after a rotation nobody had confirmed: note that it arrived
  superseded,  // its successor is out; still good
  due,         // good, and to be replaced by this request
};

/// What a presented token is worth. Whether the session itself is usable is another question.
Standing standing_of(const SessionRecord&, const crypto::PresentedToken&, RotationRules, Timestamp now);

/// What a page has to send in `Gatehouse-Csrf`: derived, so that it stays the same over rotations and can be
/// told again; nothing but the installation's key gives it.
std::string csrf_token(const crypto::Secret& key, SessionId);

/// `__Host-` where cookies are secure: no subdomain or other path can set it then.
std::string_view cookie_name(bool secure);
std::string set_cookie(bool secure, const crypto::Secret& token, std::chrono::seconds max_age);
std::string delete_cookie(bool secure);

crypto::IssuedToken issue_session_token(const crypto::Secret& key, const SessionAddress&);

}  // namespace gatehouse::identity
