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

/// An administrator who made a link.
struct Issuer {
  OrganizationId organization;
  UserId user;
};

struct NewReset {
  Uuid id;
  UserId user;
  std::string email;  // that the account was read with
  crypto::Digest token;
  std::optional<Issuer> issuer;  // none: the person asked
  bool is_mailed = false;        // and shown to nobody: whoever has it has proved the address
  Timestamp expires_at;
};
/// Makes this the person's only link that is good, and posts its letter (empty: it is shown). False, and
/// nothing is done, if the account's address is another by now: the letter would go to who may not read the
/// new one's.
Task<bool> insert_reset(access::Reactor&, Region, NewReset, pg::Batch letter);

struct OpenReset {
  UserId user;
  std::optional<Issuer> issuer;
  bool is_mailed = false;
};
/// A link, while it is good.
Task<std::optional<OpenReset>> find_reset(access::Reactor&, Region, Uuid id, crypto::Digest token);
/// Uses the link up, sets the password and ends all of the person's sessions there, with `events`, in one
/// transaction: the ids of the sessions; nothing if the link was used meanwhile. One that was mailed confirms
/// the address, and what an account had before that ends; after one that was shown the address is proved no
/// more (decision 0018).
Task<std::optional<std::vector<SessionId>>> use_reset(access::Reactor&, Region, Uuid id, crypto::Digest token,
                                                      std::string password_hash,
                                                      std::vector<audit::Event> events);
/// The same in another region of the person's.
Task<std::vector<SessionId>> spread_reset(access::Reactor&, Region, OpenReset, std::string password_hash);

/// Sets the password and ends the person's sessions but `kept`, in one region (none:
/// an operator's, in the control database). Gives the ids of the sessions.
Task<std::vector<SessionId>> set_password(access::Reactor&, std::optional<Region>, UserId,
                                          std::string password_hash, std::optional<SessionId> kept);

/// All organizations that the person belongs to in that region, active or not.
Task<std::vector<OrganizationId>> organizations_of(access::Reactor&, Region, UserId);

}  // namespace gatehouse::identity
