// The permission matrix, and governance roles: who has which, giving and taking them.
#include "access/permission.h"
#include "pg/error.h"
#include "pg/params.h"
#include "tenancy/operation_groups.h"
#include "tenancy/workspace_people.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageLimit;
using access::PageToken;
using access::Permission;
using access::RateClass;

#define GH_ASSIGNMENT_COLUMNS                                                                            \
  "a.id, a.role::text, a.workspace_id, w.name as workspace_name, a.user_id, a.group_id,"                 \
  " coalesce(u.name, g.name) as holder_name, a.granted_by_user_id, a.created_at from role_assignments a" \
  " left join workspaces w on w.organization_id = a.organization_id and w.id = a.workspace_id"           \
  " left join memberships m on m.organization_id = a.organization_id and m.user_id = a.user_id"          \
  " left join users u on u.id = m.user_id"                                                               \
  " left join groups g on g.organization_id = a.organization_id and g.id = a.group_id"

constexpr pg::Statement kList{
    "role_assignments.list",
    "select " GH_ASSIGNMENT_COLUMNS
    " where a.organization_id = $1 and (a.group_id is null or g.is_active)"
    " and ($2::uuid is null or a.id > $2) and ($4::uuid is null or a.user_id = $4)"
    " and ($5::uuid is null or a.group_id = $5) and ($6::uuid is null or a.workspace_id = $6)"
    " and ($7::text is null or a.role = $7::governance_role_enum) order by a.id limit $3"};
constexpr pg::Statement kGet{"role_assignments.get",
                             "select " GH_ASSIGNMENT_COLUMNS " where a.organization_id = $1 and a.id = $2"};
constexpr pg::Statement kInsert{"role_assignments.insert",
                                "insert into role_assignments (organization_id, id, role, workspace_id, "
                                "user_id, group_id, granted_by_user_id)"
                                " values ($1, $2, $3::text::governance_role_enum, $4, $5, $6, $7)"};
constexpr pg::Statement kDelete{"role_assignments.delete",
                                "delete from role_assignments where organization_id = $1 and id = $2"};
constexpr pg::Statement kMayHold{
    "role_assignments.may_hold",
    "select exists (select from memberships where organization_id = $1 and user_id = $2 and is_active)"
    " and ($3::uuid is null or exists (select from workspace_users where organization_id = $1 and "
    "workspace_id = $3"
    " and user_id = $2 and is_active))"};
constexpr pg::Statement kGroupExists{
    "role_assignments.group_exists",
    "select exists (select from groups where organization_id = $1 and id = $2 and is_active)"};
constexpr pg::Statement kWorkspaceOpen{
    "role_assignments.workspace",
    "select exists (select from workspaces where organization_id = $1 and id = $2 and is_active"
    " and workspace_type = 'FUNCTIONAL' and id = any ((select workspaces_in_reach())::uuid[]))"};

#undef GH_ASSIGNMENT_COLUMNS

struct MatrixRowView {
  std::string permission;
  bool writes;
  std::vector<std::string> cells;
};
BOOST_DESCRIBE_STRUCT(MatrixRowView, (), (permission, writes, cells))

struct MatrixView {
  std::vector<std::string> columns;
  std::vector<MatrixRowView> rows;
};
BOOST_DESCRIBE_STRUCT(MatrixView, (), (columns, rows))

struct AssignmentView {
  RoleAssignmentId id;
  GovernanceRole role;
  std::optional<WorkspaceId> workspace_id;  // none: the whole organization
  std::optional<std::string> workspace_name;
  std::optional<UserId> user_id;
  std::optional<GroupId> group_id;
  std::optional<std::string> holder_name;
  std::optional<UserId> granted_by_user_id;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(AssignmentView, (),
                      (id, role, workspace_id, workspace_name, user_id, group_id, holder_name,
                       granted_by_user_id, created_at))

struct AssignmentPath {
  RoleAssignmentId assignment_id;
};
BOOST_DESCRIBE_STRUCT(AssignmentPath, (), (assignment_id))

struct AssignmentQuery {
  PageLimit limit = 50;
  PageToken page_token;
  std::optional<UserId> user_id;
  std::optional<GroupId> group_id;
  std::optional<WorkspaceId> workspace_id;
  std::optional<GovernanceRole> role;
};
BOOST_DESCRIBE_STRUCT(AssignmentQuery, (), (limit, page_token, user_id, group_id, workspace_id, role))

struct CreateAssignment {
  GovernanceRole role;
  /// None: the whole organization.
  std::optional<WorkspaceId> workspace_id;
  /// A person or a group.
  std::optional<UserId> user_id;
  std::optional<GroupId> group_id;
};
BOOST_DESCRIBE_STRUCT(CreateAssignment, (), (role, workspace_id, user_id, group_id))

MatrixView matrix() {
  MatrixView view{.columns = access::matrix_columns(), .rows = {}};
  for (auto& row : access::matrix_rows())
    view.rows.push_back({std::string(access::to_string(row.permission)), row.writes, std::move(row.cells)});
  return view;
}

std::unexpected<Error> above() {
  return fail(ErrorCode::forbidden,
              "Nobody gives or takes a role above their own, or beyond their workspaces");
}

Task<Result<Page<AssignmentView>>> list(Call& call, AssignmentQuery query) {
  std::optional<RoleAssignmentId> after;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    after = RoleAssignmentId::parse(cursor);
  }
  auto limit = query.limit->value();
  auto rows = co_await call.read(kList, pg::params(call.organization(), after, limit + 1, query.user_id,
                                                   query.group_id, query.workspace_id, query.role));
  Page<AssignmentView> page{.data = rows.as<AssignmentView>(), .next_page_token = std::nullopt};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<void>> check_holder(Call& call, const CreateAssignment& body) {
  if (body.user_id.has_value() == body.group_id.has_value())
    co_return fail(invalid("/user_id", "required", "name either a person or a group"));
  if (body.user_id) {
    auto rows =
        co_await call.write(kMayHold, pg::params(call.organization(), *body.user_id, body.workspace_id));
    if (!rows.one<bool>())
      co_return fail(
          invalid("/user_id", "not_found",
                  body.workspace_id ? "must be one of the workspace's people" : "there is no such person"));
  } else {
    auto rows = co_await call.write(kGroupExists, pg::params(call.organization(), *body.group_id));
    if (!rows.one<bool>()) co_return fail(invalid("/group_id", "not_found", "there is no such group"));
  }
  co_return Result<void>{};
}

Task<Result<Created<AssignmentView>>> create(Call& call, CreateAssignment body) {
  if (!co_await may_give(call, body.role, body.workspace_id)) co_return above();
  if (body.workspace_id) {
    auto rows = co_await call.write(kWorkspaceOpen, pg::params(call.organization(), *body.workspace_id));
    if (!rows.one<bool>())
      co_return fail(invalid("/workspace_id", "not_found", "there is no such workspace"));
  }
  GH_CO_CHECK(co_await check_holder(call, body));
  auto id = RoleAssignmentId::make();
  auto& note = call.audit();
  note.resource_id = id.to_string();
  note.payload["role"] = to_string(body.role);
  if (body.user_id) note.payload["user_id"] = body.user_id->to_string();
  if (body.group_id) note.payload["group_id"] = body.group_id->to_string();
  if (body.workspace_id) note.payload["workspace_id"] = body.workspace_id->to_string();
  try {
    co_await call.write(kInsert, pg::params(call.organization(), id, body.role, body.workspace_id,
                                            body.user_id, body.group_id, call.principal().person()));
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return fail(ErrorCode::already_exists, "This role was given already");
  }
  auto rows = co_await call.write(kGet, pg::params(call.organization(), id));
  co_return Created<AssignmentView>{rows.one<AssignmentView>()};
}

Task<Result<NoContent>> remove(Call& call, RoleAssignmentId id) {
  call.audit().resource_id = id.to_string();
  auto rows = co_await call.write(kGet, pg::params(call.organization(), id));
  auto found = rows.find_one<AssignmentView>();
  // One's own role shows in what one may read, without a reach to its workspace: such a deletion finds
  // nothing.
  if (!found) co_return fail(ErrorCode::not_found, "There is no such role assignment");
  if (!co_await may_give(call, found->role, found->workspace_id)) co_return above();
  call.audit().payload["role"] = to_string(found->role);
  auto removed = co_await call.write(kDelete, pg::params(call.organization(), id));
  if (removed.affected() == 0) co_return fail(ErrorCode::not_found, "There is no such role assignment");
  co_return NoContent{};
}

}  // namespace

void add_role_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/roles/matrix",
                  .id = "getRoleMatrix",
                  .summary = "Which role opens which permission, and how far",
                  .tag = "role",
                  .permission = Permission::roles_read,
                  .audit_action = "role.matrix",
                  .rate = RateClass::read},
                 [](Call& /*call*/, Input<> /*in*/) -> Task<Result<MatrixView>> { co_return matrix(); });

  operations.add({.method = http::Method::get,
                  .path = "/api/role-assignments",
                  .id = "listRoleAssignments",
                  .summary = "Who holds which governance role where",
                  .tag = "role",
                  .permission = Permission::roles_read,
                  .audit_action = "role_assignment.list",
                  .rate = RateClass::read},
                 [](Call& call, Input<None, AssignmentQuery> in) { return list(call, std::move(in.query)); });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/role-assignments",
       .id = "createRoleAssignment",
       .summary = "Give a governance role to a person or a group, in a workspace or the whole organization",
       .tag = "role",
       .permission = Permission::roles_manage,
       .audit_action = "role_assignment.create",
       .rate = RateClass::write,
       .critical = true,
       .idempotent = true,
       .failures = {ErrorCode::already_exists}},
      [](Call& call, Input<None, None, CreateAssignment> in) { return create(call, in.body); });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/role-assignments/{assignment_id}",
                  .id = "deleteRoleAssignment",
                  .summary = "Take a governance role back; in force everywhere within two seconds",
                  .tag = "role",
                  .permission = Permission::roles_manage,
                  .audit_action = "role_assignment.delete",
                  .rate = RateClass::write,
                  .critical = true,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<AssignmentPath> in) { return remove(call, in.path.assignment_id); });
}

}  // namespace gatehouse::tenancy
