// Whose account an address is, when an organization lets somebody in by it. As gatehouse_platform.
#pragma once

#include <optional>
#include <string>

#include "access/reactor.h"
#include "pg/batch.h"
#include "tenancy/provisioning.h"

namespace gatehouse::tenancy {

/// Of an account whose address nobody has proved: password, second factor, sessions and keys end, and it
/// begins with these. Nothing happens to any other.
void begin_anew(pg::Batch&, UserId, const std::optional<std::string>& password_hash, bool is_confirmed);

/// Somebody whom an organization lets in by their address: inserted, or begun anew.
void adopt_person(pg::Batch&, UserId, const NewPerson&);

struct Identified {
  UserId id;
  NewPerson person;  // as they are to be let in
  bool is_new = false;
};
/// Who the address is, wherever this node knows it: a person has one id and one password in all regions.
/// Somebody new has a new id, and what NewPerson says; so, but for the id, has an account whose address
/// nobody has proved, because whoever made it may not be who is let in (decision 0018).
Task<Identified> identify(access::Reactor&, Region, NewPerson);

/// Before the transaction that lets them in: notes the region, and lets an account whose address nobody has
/// proved begin anew in the others that this node serves, so that what it was given opens nothing there.
Task<void> prepare_adoption(access::Reactor&, Region, Identified);
/// The organization's provider has proved the address of who is a member already, by whichever account.
Task<void> prove_address(access::Reactor&, UserId);

}  // namespace gatehouse::tenancy
