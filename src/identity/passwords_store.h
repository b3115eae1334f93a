// SQL of passwords and of the links that set them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/reactor.h"
#include "audit/event.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "identity/accounts_store.h"
#include "pg/batch.h"

namespace gatehouse::identity {

struct NewReset {
  Uuid id;
  UserId user;
  crypto::Digest token;
  Timestamp expires_at;
};
/// Statements that make this the person's only link that is good.
void add_reset(pg::Batch&, const NewReset&);

/// Whose link it is, while it is good.
Task<std::optional<UserId>> find_reset(access::Reactor&, Region, Uuid id, crypto::Digest token);
/// Uses the link up, sets the password and ends all of the person's sessions there, with `events`, in one
/// transaction: the ids of the sessions; nothing if the link was used meanwhile.
Task<std::optional<std::vector<SessionId>>> use_reset(access::Reactor&, Region, Uuid id, crypto::Digest token,
                                                      std::string password_hash,
                                                      std::vector<audit::Event> events);

/// Sets the password and ends the person's sessions but `kept`, in one region (none:
/// an operator's, in the control database). Gives the ids of the sessions.
Task<std::vector<SessionId>> set_password(access::Reactor&, std::optional<Region>, UserId,
                                          std::string password_hash, std::optional<SessionId> kept);

/// All organizations that the person belongs to in that region, active or not.
Task<std::vector<OrganizationId>> organizations_of(access::Reactor&, Region, UserId);

}  // namespace gatehouse::identity
