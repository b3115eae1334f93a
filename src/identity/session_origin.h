// Sessions that an organization's identity provider opened: what is remembered of where they came from, so
// that signing out can end the provider's session too, and the provider can end ours.
//
// Such a session speaks for its person in that one organization. The provider is the organization's to
// choose, and a person may belong elsewhere as well: no administrator of one may come into another through
// it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "domain/ids.h"
#include "identity/identity.h"
#include "identity/session.h"

namespace gatehouse::identity {

struct SessionOrigin {
  IdentityProviderId provider;
  std::string subject;
  std::optional<std::string> sid;
  std::optional<std::string> logout_url;  // sealed under the person's key: it may carry the ID token
};

/// The row, to be inserted along with the session's.
Task<pg::Batch> session_origin_rows(access::Reactor&, SessionAddress, UserId, SessionOrigin);

/// Where to send the browser after signing out. Nothing for a session that no provider opened.
Task<std::optional<std::string>> find_logout_url(access::Reactor&, SessionAddress, UserId);

/// The live sessions that the provider opened for `sid`, `subject`, or both where both are given.
Task<std::vector<SessionId>> list_sessions_of(access::Reactor&, Region, OrganizationId,
                                              IdentityProviderId provider, std::optional<std::string> sid,
                                              std::optional<std::string> subject);

/// Ends them and gives their ids, in a transaction of gatehouse_platform: within two seconds everywhere, and
/// here at once when its caller adds them to the revocations.
void add_end_sessions_of(pg::Batch&, OrganizationId, IdentityProviderId provider,
                         std::optional<std::string> sid, std::optional<std::string> subject);
/// One of the caller's own, at once on this node, in the call's transaction.
Task<void> end_own_session(Identity&, access::Call&, SessionId);

}  // namespace gatehouse::identity
