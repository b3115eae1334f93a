// SQL of sessions: a tenant's in its region, an operator's in the control database, by one set of functions.
// As gatehouse_platform, because a session is looked up before anybody's context exists; but for one's own
// list.
#pragma once

#include <optional>
#include <vector>

#include "access/call.h"
#include "access/reactor.h"
#include "identity/session.h"

namespace gatehouse::identity {

/// With `more` in the same transaction.
Task<void> insert_session(access::Reactor&, SessionAddress, UserId, crypto::Digest token,
                          Timestamp expires_at, crypto::Bytes personal, SessionMethod,
                          std::optional<Timestamp> second_factor_at, pg::Batch more = {});
Task<std::optional<SessionRecord>> find_session(access::Reactor&, SessionAddress);

/// Replaces the token that `presented` is, unless another request has done so in the meantime: false then.
Task<bool> rotate_session(access::Reactor&, SessionAddress, crypto::Digest presented,
                          crypto::Digest successor, RotationRules, Timestamp now);
Task<void> confirm_rotation(access::Reactor&, SessionAddress, crypto::Digest token, Timestamp now);
Task<void> touch_session(access::Reactor&, SessionAddress, Timestamp now);
Task<void> revoke_session(access::Reactor&, SessionAddress);
/// Its person has shown the second factor.
Task<void> mark_second_factor(access::Reactor&, SessionAddress, Timestamp);

struct LiveSession {
  SessionId id;
  Timestamp created_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
  std::optional<crypto::Bytes> personal;  // session_client.h; an operator's has none
  SessionMethod method;
  std::optional<Timestamp> second_factor_at;
};
BOOST_DESCRIBE_STRUCT(LiveSession, (),
                      (id, created_at, last_seen_at, expires_at, personal, method, second_factor_at))

/// The caller's own that have not ended, newest first; a tenant's under row-level security.
Task<std::vector<LiveSession>> list_own_sessions(access::Call&, std::optional<SessionId> before,
                                                 std::int64_t limit);
/// False if the caller has no such session. Revoking again changes nothing. A tenant's in the call's
/// transaction; an operator's after the call's event, whose resource id must be set.
Task<bool> revoke_own_session(access::Call&, SessionId);

}  // namespace gatehouse::identity
