// Whom a login belongs to, and what the provider's groups make of that member.
//
// A login is known by (organization, issuer, subject). The first time it comes, its address may connect it to
// a person, and only if both hold:
//
//   the organization has verified the address's domain, which one organization of the installation can, and
//   somebody vouches that the address is the login's: the provider says `email_verified`, or the organization
//   has made it the authority for that domain.
//
// Whoever can bring both about receives the domain's mail anyway. Then a member of that address is linked,
// who was invited by it comes as the invitation says, or a member is made if the provider may. A person who
// is known elsewhere under that address becomes a member with what they are elsewhere untouched: the session
// speaks for them in this organization alone (identity/session_origin.h). All else needs the person's own
// hand: sign in otherwise, then add the login.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "json/value.h"
#include "sso/provider_address.h"
#include "sso/providers_store.h"
#include "sso/reason.h"

namespace gatehouse::sso {

/// One provider of one organization, as a sign-in needs it.
struct Provider {
  Region region = Region::us;
  OrganizationId organization;
  UsableProvider usable;

  const ProviderRow& row() const { return usable.row; }
  ProviderAddress address() const { return {region, organization, row().id}; }
};

/// What the provider says of the person; its tokens were checked.
struct Claimed {
  std::string issuer;
  std::string subject;
  std::optional<std::string> email;  // lower case
  bool email_verified = false;
  std::string name;  // may be empty
  std::vector<std::string> groups;
};
/// From the ID token and, where that lacks them, userinfo (empty: was not asked). Address and
/// `email_verified` are taken from one of the two, never mixed. Refusals: groups_invalid, groups_incomplete.
Judged<Claimed> read_claims(const ProviderRow&, const json::Object& id_token, const json::Object& userinfo);
/// Whether userinfo has to be asked.
bool lacks_claims(const ProviderRow&, const json::Object& id_token);

/// Whether somebody vouches that the address is the login's, and whose domain it is. Refusals: email_missing,
/// domain_not_verified, email_not_verified.
Task<Judged<>> check_address(access::Reactor&, const Provider&, Claimed);

/// The member whose login it is, linked or made if need be, with the role and workspaces that the groups
/// give. What is changed is recorded before: `membership.create`, `membership.update`, `login.link`.
Task<Judged<UserId>> find_member(access::Call&, const Provider&, Claimed);

/// Connects the login to a member who asked for it in that session. Refusals: linked_to_another,
/// membership_inactive, state_unknown (the session has ended meanwhile).
Task<Judged<>> link_member(access::Call&, const Provider&, Claimed, UserId, SessionId);

}  // namespace gatehouse::sso
