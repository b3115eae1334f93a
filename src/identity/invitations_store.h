// SQL of invitations: an organization's own under row-level security, and by their code as
// gatehouse_platform, before anybody's context exists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "crypto/digest.h"
#include "tenancy/provisioning.h"

namespace gatehouse::identity {

struct InvitedWorkspace {
  WorkspaceId workspace_id;
  /// What the person will be there beyond one of its people.
  std::optional<GovernanceRole> role;
};
BOOST_DESCRIBE_STRUCT(InvitedWorkspace, (), (workspace_id, role))

inline constexpr std::size_t kMostWorkspaces = 50;  // of one invitation

enum class InvitationState { open, used_up, expired, revoked };
BOOST_DESCRIBE_ENUM(InvitationState, open, used_up, expired, revoked)

struct InvitationView {
  InvitationId id;
  std::optional<std::string> email;  // none: for whoever has the code
  std::string note;
  RoleCode role_code;
  std::vector<InvitedWorkspace> workspaces;
  InvitationState state;
  std::int64_t uses;
  std::int64_t max_uses;
  std::string last_four;  // of the code
  UserId invited_by_user_id;
  std::optional<std::string> invited_by_name;
  Timestamp created_at;
  Timestamp expires_at;
  std::optional<Timestamp> revoked_at;
};
BOOST_DESCRIBE_STRUCT(InvitationView, (),
                      (id, email, note, role_code, workspaces, state, uses, max_uses, last_four,
                       invited_by_user_id, invited_by_name, created_at, expires_at, revoked_at))

struct NewInvitation {
  InvitationId id;
  crypto::Digest code;
  std::string last_four;
  std::optional<std::string> email;
  bool is_mailed = false;  // and shown to nobody: its code proves the address
  std::string note;
  RoleCode role = RoleCode::UR;
  std::vector<InvitedWorkspace> workspaces;
  std::int64_t max_uses = 1;
  std::int64_t days = 7;
};

/// At most `limit`, newest first.
Task<std::vector<InvitationView>> list_invitations(access::Call&, std::optional<InvitationState>,
                                                   std::optional<InvitationId> before, std::int64_t limit);
/// How many of these are active functional workspaces within the call's reach.
Task<std::int64_t> count_in_reach(access::Call&, std::vector<WorkspaceId>);
Task<InvitationView> insert_invitation(access::Call&, NewInvitation);
/// False if there is none; revoking again changes nothing.
Task<bool> revoke_invitation(access::Call&, InvitationId);

/// What a code opens, as long as it does: not revoked, expired or used up, its inviter still a member, its
/// organization active.
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
