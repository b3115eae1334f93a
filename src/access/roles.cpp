#include "access/roles.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

constexpr pg::Statement kAssignments{
    "roles.load",
    "select a.user_id, a.role::text, a.workspace_id from role_assignments a"
    " where a.organization_id = $1 and a.user_id is not null"
    " union select m.user_id, a.role::text, a.workspace_id from role_assignments a"
    " join groups g on g.organization_id = a.organization_id and g.id = a.group_id and g.is_active"
    " join group_members m on m.organization_id = a.organization_id and m.group_id = a.group_id"
    " where a.organization_id = $1"};
constexpr pg::Statement kGroups{
    "groups.members",
    "select m.user_id, m.group_id from group_members m"
    " join groups g on g.organization_id = m.organization_id and g.id = m.group_id"
    " where m.organization_id = $1 and g.is_active order by m.group_id"};

struct AssignmentRow {
  UserId user_id;
  GovernanceRole role;
  std::optional<WorkspaceId> workspace_id;
};
BOOST_DESCRIBE_STRUCT(AssignmentRow, (), (user_id, role, workspace_id))

struct MemberRow {
  UserId user_id;
  GroupId group_id;
};
BOOST_DESCRIBE_STRUCT(MemberRow, (), (user_id, group_id))

template <class T>
const std::vector<T>& found_in(const std::unordered_map<UserId, std::vector<T>>& map, UserId user) {
  static const std::vector<T> none;
  auto found = map.find(user);
  return found == map.end() ? none : found->second;
}

}  // namespace

Task<std::shared_ptr<PeopleRoles>> PeopleRoles::load(const TenantSnapshot& tenant) {
  pg::Batch batch;
  batch.add(kAssignments, pg::params(tenant.tenant().id)).add(kGroups, pg::params(tenant.tenant().id));
  auto rows = co_await tenant.read(std::move(batch));
  auto made = std::make_shared<PeopleRoles>();
  for (const auto& row : rows[0].as<AssignmentRow>())
    made->assignments_[row.user_id].push_back({row.role, row.workspace_id});
  for (const auto& row : rows[1].as<MemberRow>()) made->groups_[row.user_id].push_back(row.group_id);
  co_return made;
}

std::vector<Governance> PeopleRoles::in(UserId user, WorkspaceId workspace) const {
  std::vector<Governance> counted;
  for (const auto& one : of(user))
    if (!one.workspace || *one.workspace == workspace)
      counted.push_back({.role = one.role, .whole_organization = !one.workspace});
  return counted;
}

const std::vector<Assignment>& PeopleRoles::of(UserId user) const {
  return found_in(assignments_, user);
}

const std::vector<GroupId>& PeopleRoles::groups_of(UserId user) const {
  return found_in(groups_, user);
}

}  // namespace gatehouse::access
