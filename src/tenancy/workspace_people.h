// Who belongs to a workspace and what they are there. `role_in_workspace` is no second list of roles but what
// role_assignments say: an `admin` holds WorkspaceAdmin there, the `owner` is the one of them who leads the
// workspace.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "tenancy/name_page.h"

namespace gatehouse::tenancy {

enum class RoleInWorkspace { owner, admin, member };
BOOST_DESCRIBE_ENUM(RoleInWorkspace, owner, admin, member)

/// Whether the call may give or take the role in a workspace that it may change (none: in the whole
/// organization): an administrator any; a workspace manager Operator, Approver and WorkspaceAdmin where they
/// manage; a workspace's administrator (also of all of them), and who was granted its management, Operator
/// and Approver.
Task<bool> may_give(access::Call&, GovernanceRole, std::optional<WorkspaceId>);

struct WorkspacePerson {
  UserId user_id;
  std::string name;
  std::string email;
  RoleCode role_code;
  RoleInWorkspace role_in_workspace;
  Timestamp access_granted_at;
};
BOOST_DESCRIBE_STRUCT(WorkspacePerson, (),
                      (user_id, name, email, role_code, role_in_workspace, access_granted_at))

/// False if there is no such active member of the organization. Nothing happens if they belong to it already.
/// Throws pg::Error (insufficient privilege) if the caller may not let anybody in.
Task<bool> add_person(access::Call&, WorkspaceId, UserId);
/// False if they do not belong to it. Their roles there end with it.
Task<bool> remove_person(access::Call&, WorkspaceId, UserId);
/// The caller, from a functional workspace other than the default one.
Task<bool> leave_workspace(access::Call&, WorkspaceId);
Task<bool> is_person_of(access::Call&, WorkspaceId, UserId);
/// Gives or takes WorkspaceAdmin there, to the person themselves (not by a group).
Task<void> set_administrator(access::Call&, WorkspaceId, UserId, bool);

}  // namespace gatehouse::tenancy
