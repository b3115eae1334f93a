// SQL of sessions: a tenant's in its region, an operator's in the control database, by one set of functions.
// As gatehouse_platform: a session is looked up before anybody's context exists.
#pragma once

#include <optional>
#include <vector>

#include "access/reactor.h"
#include "identity/session.h"

namespace gatehouse::identity {

Task<void> insert_session(access::Reactor&, SessionAddress, UserId, crypto::Digest token,
                          Timestamp expires_at, crypto::Bytes personal);
Task<std::optional<SessionRecord>> find_session(access::Reactor&, SessionAddress);

/// Replaces the token that `presented` is, unless another request has done so in the meantime: false then.
Task<bool> rotate_session(access::Reactor&, SessionAddress, crypto::Digest presented,
                          crypto::Digest successor, RotationRules, Timestamp now);
Task<void> confirm_rotation(access::Reactor&, SessionAddress, crypto::Digest token, Timestamp now);
Task<void> touch_session(access::Reactor&, SessionAddress, Timestamp now);
/// False if there is no such session of that person.
Task<bool> revoke_session(access::Reactor&, SessionAddress, UserId);

struct OperatorSessionRow {
  SessionId id;
  Timestamp created_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(OperatorSessionRow, (), (id, created_at, last_seen_at, expires_at))
Task<std::vector<OperatorSessionRow>> list_operator_sessions(access::Reactor&, UserId,
                                                             std::optional<SessionId> before,
                                                             std::int64_t limit);

}  // namespace gatehouse::identity
