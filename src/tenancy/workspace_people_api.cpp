// The people of a workspace: list, let in, make administrators, take out.
#include "pg/params.h"
#include "tenancy/operation_groups.h"
#include "tenancy/workspace_people.h"
#include "tenancy/workspaces_store.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageQuery;
using access::Permission;
using access::RateClass;
using access::ResourceUse;

// What somebody is in a workspace, from the roles that the caller may see.
#define GH_ROLE_IN_WORKSPACE                                                                              \
  "case when w.lead_user_id = x.user_id then 'owner'"                                                     \
  " when exists (select from role_assignments a where a.organization_id = x.organization_id"              \
  " and a.role = 'WorkspaceAdmin' and (a.workspace_id = x.workspace_id or a.workspace_id is null)"        \
  " and (a.user_id = x.user_id or exists (select from group_members g"                                    \
  " join groups o on o.organization_id = g.organization_id and o.id = g.group_id and o.is_active"         \
  " where g.organization_id = x.organization_id and g.group_id = a.group_id and g.user_id = x.user_id)))" \
  " then 'admin' else 'member' end as role_in_workspace"

constexpr pg::Statement kWorkspace{
    "workspace_people.workspace",
    "select id from workspaces where organization_id = $1 and id = $2 and is_active"
    " and id = any ((select workspaces_in_reach())::uuid[])"};
constexpr pg::Statement kList{
    "workspace_people.list",
    "select x.user_id, u.name, u.email, m.role_code::text, " GH_ROLE_IN_WORKSPACE
    ", x.access_granted_at"
    " from workspace_users x join workspaces w on w.organization_id = x.organization_id and w.id = "
    "x.workspace_id"
    " join memberships m on m.organization_id = x.organization_id and m.user_id = x.user_id and m.is_active"
    " join users u on u.id = x.user_id where x.organization_id = $1 and x.workspace_id = $2 and x.is_active"
    " and ($3::uuid is null or (m.name_key, x.user_id) > (lower($4), $3)) order by m.name_key, x.user_id "
    "limit $5"};
constexpr pg::Statement kGet{
    "workspace_people.get",
    "select " GH_ROLE_IN_WORKSPACE
    " from workspace_users x"
    " join workspaces w on w.organization_id = x.organization_id and w.id = x.workspace_id"
    " where x.organization_id = $1 and x.workspace_id = $2 and x.user_id = $3 and x.is_active"};
constexpr pg::Statement kLead{
    "workspace_people.lead",
    "update workspaces set lead_user_id = $3 where organization_id = $1 and id = $2"};

#undef GH_ROLE_IN_WORKSPACE

struct WorkspacePath {
  WorkspaceId workspace_id;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace_id))

struct PersonPath {
  WorkspaceId workspace_id;
  UserId user_id;
};
BOOST_DESCRIBE_STRUCT(PersonPath, (), (workspace_id, user_id))

struct PutPerson {
  json::Defaulted<RoleInWorkspace> role_in_workspace = RoleInWorkspace::member;
};
BOOST_DESCRIBE_STRUCT(PutPerson, (), (role_in_workspace))

struct PersonInWorkspace {
  UserId user_id;
  RoleInWorkspace role_in_workspace;
};
BOOST_DESCRIBE_STRUCT(PersonInWorkspace, (), (user_id, role_in_workspace))

std::unexpected<Error> no_workspace() {
  return fail(ErrorCode::not_found, "There is no such workspace, or it is not yours to manage");
}

std::unexpected<Error> above() {
  return fail(ErrorCode::forbidden,
              "Administrators of a workspace are named by a workspace manager or above");
}

Task<Result<Page<WorkspacePerson>>> list(Call& call, WorkspaceId workspace, PageQuery query) {
  GH_CO_TRY(auto after, place_of(call, query.page_token));
  auto limit = query.limit->value();
  pg::Batch batch(kWorkspace, pg::params(call.organization(), workspace));
  batch.add(kList, pg::params(call.organization(), workspace, after ? std::optional(after->id) : std::nullopt,
                              after ? after->name : std::string(), limit + 1));
  auto rows = co_await call.read(std::move(batch));
  call.audit().resource_id = workspace.to_string();
  if (rows[0].empty()) co_return no_workspace();
  co_return to_page(call, rows[1].as<WorkspacePerson>(), limit, [](const WorkspacePerson& person) {
    return NamePlace{person.user_id.value, person.name};
  });
}

Task<std::optional<RoleInWorkspace>> role_of(Call& call, PersonPath path) {
  auto rows = co_await call.write(kGet, pg::params(call.organization(), path.workspace_id, path.user_id));
  co_return rows.find_one<RoleInWorkspace>();
}

Task<Result<PersonInWorkspace>> put(Call& call, PersonPath path, RoleInWorkspace wanted) {
  call.audit().resource_id = path.workspace_id.to_string();
  call.audit().payload["user_id"] = path.user_id.to_string();
  auto found = co_await lock_workspace(call, path.workspace_id);
  if (!found.workspace) co_return no_workspace();
  auto before = co_await role_of(call, path);
  bool changes_administration = wanted != before.value_or(RoleInWorkspace::member);
  if (changes_administration && !co_await may_give(call, GovernanceRole::WorkspaceAdmin, path.workspace_id))
    co_return above();
  if (!before && !co_await add_person(call, path.workspace_id, path.user_id))
    co_return fail(ErrorCode::not_found, "There is no such person");
  if (changes_administration) {
    co_await set_administrator(call, path.workspace_id, path.user_id, wanted != RoleInWorkspace::member);
    auto lead = found.workspace->owner_user_id;
    if (wanted == RoleInWorkspace::owner)
      lead = path.user_id;
    else if (lead == path.user_id)
      lead.reset();
    if (lead != found.workspace->owner_user_id)
      co_await call.write(kLead, pg::params(call.organization(), path.workspace_id, lead));
  }
  auto role = (co_await role_of(call, path)).value_or(RoleInWorkspace::member);
  call.audit().payload["role_in_workspace"] = pg::label(role);
  co_return PersonInWorkspace{path.user_id, role};
}

Task<Result<NoContent>> remove(Call& call, PersonPath path) {
  call.audit().resource_id = path.workspace_id.to_string();
  call.audit().payload["user_id"] = path.user_id.to_string();
  auto found = co_await lock_workspace(call, path.workspace_id);
  if (!found.workspace) co_return no_workspace();
  auto role = co_await role_of(call, path);
  if (!role) co_return fail(ErrorCode::not_found, "There is no such person in this workspace");
  if (*role != RoleInWorkspace::member && path.user_id != call.user() &&
      !co_await may_give(call, GovernanceRole::WorkspaceAdmin, path.workspace_id))
    co_return above();
  co_await remove_person(call, path.workspace_id, path.user_id);
  co_return NoContent{};
}

}  // namespace

void add_workspace_people_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/workspaces/{workspace_id}/people",
                  .id = "listWorkspacePeople",
                  .summary = "The people of a workspace and what they are there, by name",
                  .tag = "workspace",
                  .permission = Permission::members_read,
                  .audit_action = "workspace_person.list",
                  .rate = RateClass::read,
                  .resource = ResourceUse{ResourceKind::WSP, AclAction::MNG, "workspace_id"},
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<WorkspacePath, PageQuery> in) {
                   return list(call, in.path.workspace_id, std::move(in.query));
                 });

  operations.add(
      {.method = http::Method::put,
       .path = "/api/workspaces/{workspace_id}/people/{user_id}",
       .id = "putWorkspacePerson",
       .summary = "Let somebody of the organization into a workspace, or change what they are there",
       .tag = "workspace",
       .permission = Permission::workspaces_manage,
       .audit_action = "workspace_person.update",
       .rate = RateClass::write,
       .resource = ResourceUse{ResourceKind::WSP, AclAction::MNG, "workspace_id"},
       .failures = {ErrorCode::not_found, ErrorCode::conflict}},
      [](Call& call, Input<PersonPath, None, PutPerson> in) {
        return put(call, in.path, *in.body.role_in_workspace);
      });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/workspaces/{workspace_id}/people/{user_id}",
                  .id = "removeWorkspacePerson",
                  .summary = "Take somebody out of a workspace; their roles there end",
                  .tag = "workspace",
                  .permission = Permission::workspaces_manage,
                  .audit_action = "workspace_person.delete",
                  .rate = RateClass::write,
                  .resource = ResourceUse{ResourceKind::WSP, AclAction::MNG, "workspace_id"},
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<PersonPath> in) { return remove(call, in.path); });
}

}  // namespace gatehouse::tenancy
