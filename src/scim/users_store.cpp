#include "scim/users_store.h"

#include <fmt/format.h>

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::scim {
namespace {

#define GH_USER_COLUMNS                                                                             \
  "m.user_id, u.email as user_name, u.name, s.external_id, s.display_name, s.given_name,"           \
  " s.family_name, s.formatted_name, s.email, m.is_active, u.is_active as person_is_active,"        \
  " m.is_owner, m.created_at, greatest(m.updated_at, u.updated_at, s.updated_at) as modified_at,"   \
  " coalesce((select jsonb_agg(jsonb_build_array(g.id, g.name) order by g.id) from group_members x" \
  " join groups g on g.organization_id = x.organization_id and g.id = x.group_id and g.is_active"   \
  " and g.is_provisioned where x.organization_id = m.organization_id and x.user_id = m.user_id),"   \
  " '[]'::jsonb) as groups"
#define GH_USER_TABLES                                                                                \
  " join users u on u.id = m.user_id left join scim_users s on s.organization_id = m.organization_id" \
  " and s.user_id = m.user_id"

constexpr pg::Statement kGet{"scim.get_user",
                             "select " GH_USER_COLUMNS " from memberships m" GH_USER_TABLES
                             " where m.organization_id = $1 and m.user_id = $2 and s.deleted_at is null"};
constexpr pg::Statement kLock{
    "scim.lock_user", "select from memberships where organization_id = $1 and user_id = $2 for update"};
constexpr std::string_view kListedColumns = GH_USER_COLUMNS;
constexpr std::string_view kTables = GH_USER_TABLES;
#undef GH_USER_COLUMNS
#undef GH_USER_TABLES

constexpr pg::Statement kFindMember{
    "scim.find_member",
    "select m.user_id, s.deleted_at is not null as is_deleted from users u"
    " join memberships m on m.organization_id = $1 and m.user_id = u.id"
    " left join scim_users s on s.organization_id = $1 and s.user_id = m.user_id where u.email = $2"};
constexpr pg::Statement kSave{
    "scim.save_user",
    "insert into scim_users (organization_id, user_id, external_id, display_name, given_name, family_name,"
    " formatted_name, email) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    " on conflict (organization_id, user_id) do update set external_id = excluded.external_id,"
    " display_name = excluded.display_name, given_name = excluded.given_name,"
    " family_name = excluded.family_name, formatted_name = excluded.formatted_name, email = excluded.email,"
    " deleted_at = null"};
constexpr pg::Statement kInsert{
    "scim.insert_user",
    "insert into scim_users (organization_id, user_id, external_id, display_name, given_name, family_name,"
    " formatted_name, email, is_provisioned, made_person) values ($1, $2, $3, $4, $5, $6, $7, $8, true, $9)"};
constexpr pg::Statement kEnd{
    "scim.end_membership",
    "update memberships set is_active = false where organization_id = $1 and user_id = $2 and is_active"};
constexpr pg::Statement kForgetGroups{
    "scim.forget_lost_groups",
    "update external_identities set lost_groups_at = null where organization_id = $1 and user_id = $2"};
// What somebody was before is an administrator's to give again; governance roles ended with the membership.
constexpr pg::Statement kRenew{"scim.renew_membership",
                               "update memberships set is_active = true, role_code = 'UR'"
                               " where organization_id = $1 and user_id = $2 and not is_active"};
constexpr pg::Statement kDelete{
    "scim.delete_user",
    "insert into scim_users (organization_id, user_id, deleted_at) values ($1, $2, now())"
    " on conflict (organization_id, user_id) do update set deleted_at = now(), external_id = null,"
    " display_name = null, given_name = null, family_name = null, formatted_name = null, email = null"};
constexpr pg::Statement kLeaveGroups{
    "scim.leave_groups",
    "delete from group_members x using groups g where x.organization_id = $1 and x.user_id = $2"
    " and g.organization_id = x.organization_id and g.id = x.group_id and g.is_provisioned"};
constexpr pg::Statement kRename{"scim.rename_person", "select rename_person($1, $2)"};
constexpr pg::Statement kReaddress{"scim.readdress_person", "select readdress_person($1, $2)"};

struct UserRow {
  UserId user_id;
  std::string user_name;
  std::string name;
  std::optional<std::string> external_id, display_name, given_name, family_name, formatted_name, email;
  bool is_active;
  bool person_is_active;
  bool is_owner;
  Timestamp created_at;
  Timestamp modified_at;
  pg::Json groups;
};
BOOST_DESCRIBE_STRUCT(UserRow, (),
                      (user_id, user_name, name, external_id, display_name, given_name, family_name,
                       formatted_name, email, is_active, person_is_active, is_owner, created_at, modified_at,
                       groups))

struct ListedRow : UserRow {
  std::int64_t total;
};
BOOST_DESCRIBE_STRUCT(ListedRow, (UserRow), (total))

ShownUser to_shown(UserRow row) {
  ShownUser shown{.id = row.user_id,
                  .said = {.user_name = std::move(row.user_name),
                           .external_id = std::move(row.external_id),
                           .display_name = std::move(row.display_name),
                           .given_name = std::move(row.given_name),
                           .family_name = std::move(row.family_name),
                           .formatted_name = std::move(row.formatted_name),
                           .email = std::move(row.email),
                           .active = row.is_active && row.person_is_active},
                  .name = std::move(row.name),
                  .created = to_rfc3339(row.created_at),
                  .last_modified = to_rfc3339(row.modified_at)};
  for (const auto& pair : json::parse(row.groups.text).value().as_array())
    shown.groups.push_back({GroupId::parse(std::string_view(pair.as_array()[0].as_string())).value(),
                            std::string(pair.as_array()[1].as_string())});
  return shown;
}

std::optional<StoredUser> to_stored(std::optional<UserRow> row) {
  if (!row) return std::nullopt;
  bool is_owner = row->is_owner, is_active = row->is_active;
  return StoredUser{.shown = to_shown(std::move(*row)), .is_owner = is_owner, .is_active = is_active};
}

pg::Params params_of(OrganizationId organization, UserId user, const UserResource& said) {
  return pg::params(organization, user, said.external_id, said.display_name, said.given_name,
                    said.family_name, said.formatted_name, said.email);
}

/// Fragments of ours and of attributes.cpp; values are parameters.
std::string hits(const ListQuery& query, std::string_view columns) {
  return fmt::format(
      "select {} from memberships m{} where m.organization_id = $1 and s.deleted_at is null and ({})",
      columns, kTables, query.condition);
}

Task<std::int64_t> count(access::Call& call, const ListQuery& query) {
  pg::Batch batch;
  batch.add_adhoc(hits(query, "count(*)"), query.params);
  auto rows = co_await call.read(std::move(batch));
  co_return rows[0].one<std::int64_t>();
}

}  // namespace

Task<UserPage> list_users(access::Call& call, const ListQuery& query) {
  UserPage page;
  if (query.count > 0) {
    auto params = query.params;
    params.add(query.count);
    params.add(query.start - 1);
    // What is shown is put together for the page's rows alone.
    auto sql = fmt::format(
        "with page as ({} order by {}, m.user_id limit ${} offset ${}) select {}, p.total from page p"
        " join memberships m on m.organization_id = $1 and m.user_id = p.user_id{} order by p.place",
        hits(query, fmt::format("m.user_id, count(*) over () as total,"
                                " row_number() over (order by {}, m.user_id) as place",
                                query.order)),
        query.order, params.size() - 1, params.size(), kListedColumns, kTables);
    pg::Batch batch;
    batch.add_adhoc(std::move(sql), std::move(params));
    auto rows = co_await call.read(std::move(batch));
    for (auto& row : rows[0].as<ListedRow>()) {
      page.total = row.total;
      page.users.push_back(to_shown(std::move(row)));
    }
  }
  if (page.users.empty() && (query.count == 0 || query.start > 1)) page.total = co_await count(call, query);
  co_return page;
}

Task<std::optional<StoredUser>> find_user(access::Call& call, UserId user) {
  auto rows = co_await call.read(kGet, pg::params(call.organization(), user));
  co_return to_stored(rows.find_one<UserRow>());
}

Task<std::optional<StoredUser>> lock_user(access::Call& call, UserId user) {
  // In two statements: one that waits for the lock reads the other tables as they were before it waited.
  pg::Batch batch(kLock, pg::params(call.organization(), user));
  batch.add(kGet, pg::params(call.organization(), user));
  auto rows = co_await call.write(std::move(batch));
  co_return to_stored(rows[1].find_one<UserRow>());
}

Task<std::optional<KnownMember>> find_member(access::Call& call, std::string email) {
  auto rows = co_await call.read(kFindMember, pg::params(call.organization(), email));
  co_return rows.find_one<KnownMember>();
}

Task<void> save_user(access::Call& call, UserId user, UserResource said) {
  co_await call.write(kSave, params_of(call.organization(), user, said));
}

void add_new_user(pg::Batch& batch, OrganizationId organization, UserId user, const UserResource& said,
                  bool made_person) {
  auto params = params_of(organization, user, said);
  params.add(made_person);
  batch.add(kInsert, std::move(params));
}

Task<void> end_membership(access::Call& call, UserId user) {
  pg::Batch batch(kEnd, pg::params(call.organization(), user));
  batch.add(kForgetGroups, pg::params(call.organization(), user));
  co_await call.write(std::move(batch));
}

Task<void> renew_membership(access::Call& call, UserId user) {
  co_await call.write(kRenew, pg::params(call.organization(), user));
}

Task<void> mark_deleted(access::Call& call, UserId user) {
  pg::Batch batch(kDelete, pg::params(call.organization(), user));
  batch.add(kLeaveGroups, pg::params(call.organization(), user));
  co_await call.write(std::move(batch));
}

Task<void> rename_person(access::Call& call, std::string email, std::string name) {
  co_await call.write(kRename, pg::params(email, name));
}

Task<bool> readdress_person(access::Call& call, std::string email, std::string new_email) {
  auto rows = co_await call.write(kReaddress, pg::params(email, new_email));
  co_return rows.one<bool>();
}

}  // namespace gatehouse::scim
