#include "tenancy/workspace_people.h"

#include "access/administers.h"
#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

constexpr pg::Statement kAdd{
    "workspace_users.add",
    "insert into workspace_users (organization_id, id, workspace_id, user_id, granted_by_user_id)"
    " values ($1, $2, $3, $4, $5) on conflict (organization_id, workspace_id, user_id) where is_active do "
    "nothing"};
constexpr pg::Statement kRemove{"workspace_users.remove",
                                "update workspace_users set is_active = false where organization_id = $1"
                                " and workspace_id = $2 and user_id = $3 and is_active"};
constexpr pg::Statement kLeave{
    "workspace_users.leave",
    "update workspace_users x set is_active = false from workspaces w where x.organization_id = $1"
    " and x.workspace_id = $2 and x.user_id = $3 and x.is_active and w.organization_id = x.organization_id"
    " and w.id = x.workspace_id and w.workspace_type = 'FUNCTIONAL' and not w.is_default"};
constexpr pg::Statement kIsPerson{
    "workspace_users.is_person",
    "select exists (select from workspace_users where organization_id = $1 and workspace_id = $2"
    " and user_id = $3 and is_active)"};
constexpr pg::Statement kManages{"workspaces.manages", "select $1 = any (managed_workspaces())"};
constexpr pg::Statement kGive{
    "role_assignments.give_administration",
    "insert into role_assignments (organization_id, id, role, workspace_id, user_id, granted_by_user_id)"
    " values ($1, $2, 'WorkspaceAdmin', $3, $4, $5) on conflict do nothing"};
constexpr pg::Statement kTake{"role_assignments.take_administration",
                              "delete from role_assignments where organization_id = $1 and workspace_id = $2"
                              " and user_id = $3 and role = 'WorkspaceAdmin'"};

/// Who does it, for the record in the row; programs act for nobody in particular.
std::optional<UserId> actor(const access::Call& call) {
  auto person = call.principal().person();
  return person.is_nil() ? std::nullopt : std::optional(person);
}

}  // namespace

Task<bool> may_give(access::Call& call, GovernanceRole role, std::optional<WorkspaceId> workspace) {
  if (access::administers(call)) co_return true;
  if (!workspace) co_return false;
  if (role == GovernanceRole::Operator || role == GovernanceRole::Approver) co_return true;
  if (role != GovernanceRole::WorkspaceAdmin || call.principal().role != RoleCode::WM) co_return false;
  // To reach it, by a grant or by a role in the whole organization, is not to manage it.
  auto rows = co_await call.write(kManages, pg::params(*workspace));
  co_return rows.one<bool>();
}

Task<bool> add_person(access::Call& call, WorkspaceId workspace, UserId user) {
  try {
    co_await call.write(kAdd, pg::params(call.organization(), Uuid::v7(), workspace, user, actor(call)));
  } catch (const pg::Error& error) {
    if (!error.is_foreign_key_violation()) throw;
    co_return false;
  }
  co_return true;
}

Task<bool> remove_person(access::Call& call, WorkspaceId workspace, UserId user) {
  auto rows = co_await call.write(kRemove, pg::params(call.organization(), workspace, user));
  co_return rows.affected() > 0;
}

Task<bool> leave_workspace(access::Call& call, WorkspaceId workspace) {
  auto rows = co_await call.write(kLeave, pg::params(call.organization(), workspace, call.user()));
  co_return rows.affected() > 0;
}

Task<bool> is_person_of(access::Call& call, WorkspaceId workspace, UserId user) {
  auto rows = co_await call.write(kIsPerson, pg::params(call.organization(), workspace, user));
  co_return rows.one<bool>();
}

Task<void> set_administrator(access::Call& call, WorkspaceId workspace, UserId user, bool is_administrator) {
  if (is_administrator)
    co_await call.write(kGive, pg::params(call.organization(), Uuid::v7(), workspace, user, actor(call)));
  else
    co_await call.write(kTake, pg::params(call.organization(), workspace, user));
}

}  // namespace gatehouse::tenancy
