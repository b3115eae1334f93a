// SQL of invitations of the organization, under row-level security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "crypto/digest.h"

namespace gatehouse::identity {

struct InvitedWorkspace {
  WorkspaceId workspace_id;
  /// What the person will be there beyond one of its people.
  std::optional<GovernanceRole> role;
};
BOOST_DESCRIBE_STRUCT(InvitedWorkspace, (), (workspace_id, role))

inline constexpr std::size_t kMostWorkspaces = 50;  // of one invitation

/// suspended: its inviter may not invite to this now; with their power it opens again, unless it is revoked.
enum class InvitationState { open, suspended, used_up, expired, revoked };
BOOST_DESCRIBE_ENUM(InvitationState, open, suspended, used_up, expired, revoked)

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
/// Throws pg::Error GH020 for one more than an organization may have open.
Task<InvitationView> insert_invitation(access::Call&, NewInvitation);
/// False if there is none; revoking again changes nothing.
Task<bool> revoke_invitation(access::Call&, InvitationId);

}  // namespace gatehouse::identity
