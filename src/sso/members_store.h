// Rows of logins and of what their groups gave. As gatehouse_platform: nobody is signed in yet.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "audit/event.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "sso/mapping.h"

namespace gatehouse::sso {

struct KnownLogin {
  ExternalIdentityId id;
  UserId user_id;
  bool manages_membership = false;
  bool has_lost_groups = false;
};
BOOST_DESCRIBE_STRUCT(KnownLogin, (), (id, user_id, manages_membership, has_lost_groups))

Task<std::optional<KnownLogin>> find_login(access::Reactor&, Region, OrganizationId, std::string issuer,
                                           std::string subject);
/// Inserts it unless it is there, and gives what is there.
Task<KnownLogin> insert_login(access::Reactor&, Region, OrganizationId, std::string issuer,
                              std::string subject, UserId, IdentityProviderId, bool manages_membership);

/// The same for who asked for it in that session: nothing, and nothing is inserted, if the session has ended.
Task<std::optional<KnownLogin>> link_login(access::Reactor&, Region, OrganizationId, std::string issuer,
                                           std::string subject, UserId, IdentityProviderId, SessionId);

struct MemberRow {
  UserId user_id;
  bool person_is_active = false;
  bool is_active = false;
  bool is_owner = false;
  RoleCode role_code = RoleCode::UR;
};
BOOST_DESCRIBE_STRUCT(MemberRow, (), (user_id, person_is_active, is_active, is_owner, role_code))
Task<std::optional<MemberRow>> find_member_by_email(access::Reactor&, Region, OrganizationId,
                                                    std::string email);
Task<std::optional<MemberRow>> find_member_row(access::Reactor&, Region, OrganizationId, UserId);
/// Whether a person of that address is barred everywhere.
Task<bool> is_barred(access::Reactor&, Region, std::string email);

struct HeldRole {
  RoleAssignmentId id;
  GovernanceRole role = GovernanceRole::Operator;
  std::optional<WorkspaceId> workspace_id;
  bool by_group = false;
};
BOOST_DESCRIBE_STRUCT(HeldRole, (), (id, role, workspace_id, by_group))

/// What the member has, by hand or because of groups.
struct Held {
  std::set<WorkspaceId> workspaces;
  std::set<WorkspaceId> workspaces_by_group;
  std::vector<HeldRole> roles;
};
Task<Held> list_held(access::Reactor&, Region, OrganizationId, UserId);
/// Of these, the active ones that people share.
Task<std::set<WorkspaceId>> shared_workspaces(access::Reactor&, Region, OrganizationId,
                                              std::set<WorkspaceId>);

/// What a sign-in changes of a member; all of it in one transaction.
struct MemberChange {
  std::optional<RoleCode> role;
  std::optional<bool> is_active;
  std::vector<WorkspaceId> join;
  std::vector<WorkspaceId> leave;
  std::vector<GovernanceGrant> assign;
  std::vector<RoleAssignmentId> unassign;

  bool empty() const {
    return !role && !is_active && join.empty() && leave.empty() && assign.empty() && unassign.empty();
  }
};
/// `login` notes that it was used through the provider, and since when it gives no role; `event` is recorded
/// with the change. False, and nothing is changed: the membership is not as it was judged any more, or whom
/// the groups would bring back was ended meanwhile. Throws pg::Error GH004 (the plan allows no more users),
/// GH007 (the last administrator).
Task<bool> change_member(access::Reactor&, Region, OrganizationId, MemberRow, MemberChange,
                         ExternalIdentityId login, IdentityProviderId, std::optional<audit::Event> event);

}  // namespace gatehouse::sso
