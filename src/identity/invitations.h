// What an invitation opens, and coming in by it. As gatehouse_platform: nobody's context exists yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "audit/event.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "domain/terms.h"
#include "tenancy/provisioning.h"

namespace gatehouse::identity {

/// What a code opens, as long as it does: not revoked, expired or used up, its inviter one who may still make
/// it, its organization active.
struct OpenInvitation {
  std::string organization_name;
  std::optional<std::string> logo_url;
  RoleCode role_code;
  std::optional<std::string> email;
  UserId invited_by_user_id;
  std::string invited_by_name;
  std::vector<std::string> workspaces;
  bool takes_passwords;
  bool proves_address;  // it was mailed to `email`, and shown to nobody
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(OpenInvitation, (),
                      (organization_name, logo_url, role_code, email, invited_by_user_id, invited_by_name,
                       workspaces, takes_passwords, proves_address, expires_at))

struct InvitationAddress {
  Region region = Region::us;
  OrganizationId organization;
  InvitationId id;
  crypto::Digest code{};
};
Task<std::optional<OpenInvitation>> find_open(access::Reactor&, InvitationAddress);
/// The newest that is open for this address alone: for who proves the address without having the code.
Task<std::optional<InvitationAddress>> find_open_for(access::Reactor&, Region, OrganizationId,
                                                     std::string email);

struct Newcomer {
  UserId id;
  tenancy::NewPerson person;
  /// Let in by the address alone, and not by an account: one that nobody has proved begins anew.
  bool is_adopted = false;
};
/// Uses the invitation once and makes the person, the membership with all that belongs to it, and what the
/// invitation opens; with the event, in one transaction. Somebody who belongs to the organization already
/// comes into its workspaces and keeps their role. Errors: not_found (it is open no more), already_exists
/// (nothing is new to them), conflict (their membership was ended; guests are not admitted),
/// plan_limit_reached (no more users).
Task<Result<void>> accept_invitation(access::Reactor&, InvitationAddress, Newcomer, audit::Event);

}  // namespace gatehouse::identity
