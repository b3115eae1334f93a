// Governance roles and groups of an organization's people, remembered with the tenant's snapshot.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "access/permission.h"
#include "access/tenants.h"

namespace gatehouse::access {

struct Assignment {
  GovernanceRole role;
  std::optional<WorkspaceId> workspace;  // none: the whole organization
};

/// Of active groups and of assignments to people and to their active groups. Immutable.
class PeopleRoles {
 public:
  static Task<std::shared_ptr<PeopleRoles>> load(const TenantSnapshot&);

  /// What counts of the person's assignments in a call that is made in this workspace.
  std::vector<Governance> in(UserId, WorkspaceId) const;
  const std::vector<Assignment>& of(UserId) const;
  const std::vector<GroupId>& groups_of(UserId) const;

 private:
  std::unordered_map<UserId, std::vector<Assignment>> assignments_;
  std::unordered_map<UserId, std::vector<GroupId>> groups_;
};

}  // namespace gatehouse::access
