#include "tenancy/workspaces_store.h"

#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/organization_store.h"

namespace gatehouse::tenancy {
namespace {

#define GH_WORKSPACE_COLUMNS                                                                              \
  "w.id, w.name, w.workspace_type::text, w.is_default, w.is_active, w.visibility, w.parent_workspace_id," \
  " coalesce(w.owner_user_id, w.lead_user_id) as owner_user_id,"                                          \
  " w.id = any ((select my_workspaces())::uuid[]) as is_member,"                                          \
  " w.is_active and w.workspace_type = 'FUNCTIONAL' and (current_role_code() = 'OA'"                      \
  " or (select administers_workspaces())"                                                                 \
  " or w.id = any ((select managed_workspaces())::uuid[])) as is_managed,"                                \
  " w.settings, w.attributes, w.version,"                                                                 \
  " w.created_at, w.updated_at"

constexpr pg::Statement kList{
    "workspaces.list", "select " GH_WORKSPACE_COLUMNS
                       " from workspaces w where w.organization_id = $1 and w.is_active <> $5"
                       " and ($6::text is null or position(lower($6) in lower(w.name)) > 0)"
                       " and ($7::text is null or w.workspace_type = $7::workspace_type_enum)"
                       " and ($2::uuid is null or (w.name, w.id) > ($3, $2)) order by w.name, w.id limit $4"};
constexpr pg::Statement kGet{"workspaces.get",
                             "select " GH_WORKSPACE_COLUMNS
                             " from workspaces w where w.organization_id = $1 and w.id = $2"};
// The policy of updates holds for locks as well: what may not be changed is not found.
constexpr pg::Statement kLock{"workspaces.lock",
                              "select " GH_WORKSPACE_COLUMNS
                              " from workspaces w where w.organization_id = $1 and w.id = $2 and w.is_active"
                              " for update of w"};
constexpr pg::Statement kChildren{
    "workspaces.children",
    "select id from workspaces where organization_id = $1 and parent_workspace_id = $2 and is_active"
    " order by name, id limit 1000"};
constexpr pg::Statement kOrganization{"workspaces.organization",
                                      "select settings, data_mode::text from organizations where id = $1"};
constexpr pg::Statement kInsert{
    "workspaces.insert",
    "insert into workspaces (organization_id, id, name, workspace_type, visibility, parent_workspace_id,"
    " lead_user_id, settings, attributes) values ($1, $2, $3, 'FUNCTIONAL', $4, $5, $6, $7, $8)"};
constexpr pg::Statement kUpdate{
    "workspaces.update",
    "update workspaces set name = $3, visibility = $4, parent_workspace_id = $5, lead_user_id = $6,"
    " settings = $7, attributes = $8, version = version + 1 where organization_id = $1 and id = $2"};
constexpr pg::Statement kDropDefault{
    "workspaces.drop_default",
    "update workspaces set is_default = false where organization_id = $1 and is_default and id <> $2"};
constexpr pg::Statement kMakeDefault{
    "workspaces.make_default",
    "update workspaces set is_default = true where organization_id = $1 and id = $2"};
constexpr pg::Statement kClose{"workspaces.close",
                               "update workspaces set is_active = false, version = version + 1"
                               " where organization_id = $1 and id = $2"};
constexpr pg::Statement kTellsGuests{
    "workspaces.tells_guests",
    "select coalesce(attributes ->> 'domain', '') <> '' from organizations where id = $1"};
constexpr pg::Statement kHasChildren{"workspaces.has_children",
                                     "select exists (select from workspaces where organization_id = $1 and "
                                     "parent_workspace_id = $2 and is_active)"};
constexpr pg::Statement kMayChange{"workspaces.may_change", "select $1 = any (workspaces_in_reach())"};

#undef GH_WORKSPACE_COLUMNS

struct OrganizationDefaults {
  pg::Json settings;
  DataMode data_mode;
};
BOOST_DESCRIBE_STRUCT(OrganizationDefaults, (), (settings, data_mode))

pg::Batch one(const access::Call& call, pg::Statement statement, WorkspaceId id) {
  pg::Batch batch(statement, pg::params(call.organization(), id));
  batch.add(kChildren, pg::params(call.organization(), id))
      .add(kOrganization, pg::params(call.organization()));
  return batch;
}

WorkspaceWithOrganization read_one(const std::vector<pg::Rows>& rows) {
  auto defaults = rows[2].one<OrganizationDefaults>();
  return {.workspace = rows[0].find_one<WorkspaceRow>(),
          .children = rows[1].as<WorkspaceId>(),
          .organization_settings = std::move(defaults.settings),
          .data_mode = defaults.data_mode};
}

Task<Result<void>> write(access::Call& call, pg::Statement statement, pg::Params params) {
  try {
    co_await call.write(statement, std::move(params));
  } catch (const pg::Error& error) {
    if (!error.is_foreign_key_violation()) throw;
    if (error.constraint() == "workspaces_lead")
      co_return fail(invalid("/owner_user_id", "not_found", "there is no such person"));
    co_return fail(invalid("/parent_workspace_id", "not_found", "there is no such workspace"));
  }
  co_return Result<void>{};
}

}  // namespace

Task<std::vector<WorkspaceRow>> list_workspaces(access::Call& call, WorkspaceFilter filter,
                                                std::optional<NamePlace> after, std::int64_t limit) {
  auto rows = co_await call.read(
      kList, pg::params(call.organization(), after ? std::optional(after->id) : std::nullopt,
                        after ? after->name : std::string(), limit, filter.closed, filter.text, filter.type));
  co_return rows.as<WorkspaceRow>();
}

Task<WorkspaceWithOrganization> find_workspace(access::Call& call, WorkspaceId id) {
  co_return read_one(co_await call.read(one(call, kGet, id)));
}

Task<WorkspaceWithOrganization> lock_workspace(access::Call& call, WorkspaceId id) {
  co_return read_one(co_await call.write(one(call, kLock, id)));
}

Task<Result<void>> insert_workspace(access::Call& call, WorkspaceRow row) {
  co_return co_await write(
      call, kInsert,
      pg::params(call.organization(), row.id, row.name, row.visibility, row.parent_workspace_id,
                 row.owner_user_id, row.settings, row.attributes));
}

Task<Result<void>> update_workspace(access::Call& call, WorkspaceRow row) {
  co_return co_await write(
      call, kUpdate,
      pg::params(call.organization(), row.id, row.name, row.visibility, row.parent_workspace_id,
                 row.owner_user_id, row.settings, row.attributes));
}

Task<void> make_default(access::Call& call, WorkspaceId id) {
  pg::Batch batch(kDropDefault, pg::params(call.organization(), id));
  batch.add(kMakeDefault, pg::params(call.organization(), id));
  co_await call.write(std::move(batch));
}

Task<bool> tells_guests(access::Call& call) {
  pg::Batch batch;
  lock_guests(batch, call);
  batch.add(kTellsGuests, pg::params(call.organization()));
  auto rows = co_await call.write(std::move(batch));
  co_return rows.back().one<bool>();
}

Task<void> close_workspace(access::Call& call, WorkspaceId id) {
  co_await call.write(kClose, pg::params(call.organization(), id));
}

Task<bool> has_children(access::Call& call, WorkspaceId id) {
  auto rows = co_await call.write(kHasChildren, pg::params(call.organization(), id));
  co_return rows.one<bool>();
}

Task<bool> may_change(access::Call& call, WorkspaceId id) {
  auto rows = co_await call.write(kMayChange, pg::params(id));
  co_return rows.one<bool>();
}

}  // namespace gatehouse::tenancy
