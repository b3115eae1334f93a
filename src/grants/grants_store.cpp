#include "grants/grants_store.h"

#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::grants {
namespace {

#define GH_GRANTS                                                                                          \
  "select g.id, g.resource_kind::text, g.resource_id, coalesce(c.title, w.name) as resource_name, "        \
  "g.action::text,"                                                                                        \
  " case when g.revoked_at is not null or not g.is_active then 'revoked' when g.valid_to < now() then "    \
  "'expired'"                                                                                              \
  " when g.valid_from > now() then 'scheduled' else 'active' end as state, g.created_by_user_id,"          \
  " coalesce(giver.name, p_giver.name) as created_by_name, g.created_for_user_id, g.created_for_group_id," \
  " coalesce(holder.name, p_holder.name, o.name) as created_for_name, g.created_at, g.valid_from, "        \
  "g.valid_to,"                                                                                            \
  " g.revoked_at, g.revoked_by_user_id, g.revoke_reason, g.access_count, g.last_access_at, "               \
  "g.violations_count,"                                                                                    \
  " g.attributes from permissions_acl g"                                                                   \
  " left join users giver on giver.id = g.created_by_user_id"                                              \
  " left join users holder on holder.id = g.created_for_user_id"                                           \
  " left join people_of_my_grants() p_giver on p_giver.user_id = g.created_by_user_id"                     \
  " left join people_of_my_grants() p_holder on p_holder.user_id = g.created_for_user_id"                  \
  " left join groups o on o.organization_id = g.organization_id and o.id = g.created_for_group_id"         \
  " left join chats c on g.resource_kind = 'CHT' and c.organization_id = g.organization_id and c.id = "    \
  "g.resource_id"                                                                                          \
  " left join workspaces w on g.resource_kind = 'WSP' and w.organization_id = g.organization_id"           \
  " and w.id = g.resource_id where g.organization_id = $1"

constexpr pg::Statement kList{
    "grants.list", GH_GRANTS
    " and ($2::text is null or g.resource_kind::text = $2) and ($3::uuid is null or g.resource_id = $3)"
    " and ($4::uuid is null or g.created_for_user_id = $4) and ($5::uuid is null or g.created_for_group_id = "
    "$5)"
    " and ($6 or (g.is_active and g.revoked_at is null and (g.valid_to is null or g.valid_to >= now())))"
    " and ($7::uuid is null or g.id < $7) order by g.id desc limit $8"};
constexpr pg::Statement kGet{"grants.get", GH_GRANTS " and g.id = $2"};

#undef GH_GRANTS

constexpr pg::Statement kInsert{
    "grants.insert",
    "insert into permissions_acl (organization_id, id, resource_kind, resource_id, action, "
    "created_by_user_id,"
    " created_for_user_id, created_for_group_id, parent_id, valid_from, valid_to, attributes)"
    " values ($1, $2, $3::text::resource_kind_enum, $4, $5::text::action_enum, $6, $7, $8, $9, $10, $11, "
    "$12::jsonb)"};
constexpr pg::Statement kRevoke{
    "grants.revoke",
    "update permissions_acl set revoked_at = now(), revoked_by_user_id = $3, revoke_reason = $4"
    " where organization_id = $1 and id = $2 and revoked_at is null and is_active"};
constexpr pg::Statement kByEmail{"grants.member_by_email", "select member_with_email($1) as user_id"};
constexpr pg::Statement kMember{
    "grants.is_member",
    "select 1 from memberships where organization_id = $1 and user_id = $2 and is_active"};
constexpr pg::Statement kGroup{"grants.is_group",
                               "select 1 from groups where organization_id = $1 and id = $2 and is_active"};
constexpr pg::Statement kChat{
    "grants.chat",
    "select user_id as owner, workspace_id as workspace, false as is_personal, false as is_in_reach,"
    " false as is_known_to_all, '{}'::uuid[] as known_in from chats where organization_id = $1 and id = $2"};
constexpr pg::Statement kWorkspace{
    "grants.workspace",
    "select owner_user_id as owner, id as workspace, workspace_type = 'PERSONAL' as is_personal,"
    " id = any ((select workspaces_in_reach())::uuid[]) as is_in_reach,"
    " workspace_type = 'FUNCTIONAL' and visibility in ('public', 'organization') as is_known_to_all,"
    " case when visibility = 'team' and parent_workspace_id is not null then array[parent_workspace_id]"
    " else '{}' end as known_in from workspaces where organization_id = $1 and id = $2 and is_active"};
constexpr pg::Statement kProfile{
    "grants.profile",
    "select m.user_id as owner, null::uuid as workspace, false as is_personal, false as is_in_reach,"
    " false as is_known_to_all, array(select x.workspace_id from workspace_users x"
    " where x.organization_id = m.organization_id and x.user_id = m.user_id and x.is_active) as known_in"
    " from memberships m where m.organization_id = $1 and m.user_id = $2"};

struct GrantRow {
  GrantId id;
  ResourceKind resource_kind;
  Uuid resource_id;
  std::optional<std::string> resource_name;
  AclAction action;
  GrantState state;
  UserId created_by_user_id;
  std::optional<std::string> created_by_name;
  std::optional<UserId> created_for_user_id;
  std::optional<GroupId> created_for_group_id;
  std::optional<std::string> created_for_name;
  Timestamp created_at;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  std::optional<Timestamp> revoked_at;
  std::optional<UserId> revoked_by_user_id;
  std::optional<std::string> revoke_reason;
  std::int64_t access_count;
  std::optional<Timestamp> last_access_at;
  std::int64_t violations_count;
  pg::Json attributes;
};
BOOST_DESCRIBE_STRUCT(GrantRow, (),
                      (id, resource_kind, resource_id, resource_name, action, state, created_by_user_id,
                       created_by_name, created_for_user_id, created_for_group_id, created_for_name,
                       created_at, valid_from, valid_to, revoked_at, revoked_by_user_id, revoke_reason,
                       access_count, last_access_at, violations_count, attributes))

GrantView to_view(GrantRow row) {
  auto attributes = json::decode_text<access::GrantAttributes>(row.attributes.text);
  if (!attributes) throw Failure("grant " + row.id.to_string() + " is not readable");
  return {.id = row.id,
          .resource_kind = row.resource_kind,
          .resource_id = row.resource_id,
          .resource_name = std::move(row.resource_name),
          .action = row.action,
          .state = row.state,
          .created_by_user_id = row.created_by_user_id,
          .created_by_name = std::move(row.created_by_name),
          .created_for_user_id = row.created_for_user_id,
          .created_for_group_id = row.created_for_group_id,
          .created_for_name = std::move(row.created_for_name),
          .created_at = row.created_at,
          .valid_from = row.valid_from,
          .valid_to = row.valid_to,
          .revoked_at = row.revoked_at,
          .revoked_by_user_id = row.revoked_by_user_id,
          .revoke_reason = std::move(row.revoke_reason),
          .access_count = row.access_count,
          .last_access_at = row.last_access_at,
          .violations_count = row.violations_count,
          .attributes = std::move(*attributes)};
}

}  // namespace

Task<std::vector<GrantView>> list_grants(access::Call& call, GrantFilter filter,
                                         std::optional<GrantId> before, std::int64_t limit) {
  auto kind = filter.resource_kind.transform([](ResourceKind one) { return std::string(to_string(one)); });
  auto rows = co_await call.read(kList, pg::params(call.organization(), kind, filter.resource_id, filter.user,
                                                   filter.group, filter.with_ended, before, limit));
  std::vector<GrantView> views;
  for (auto& row : rows.as<GrantRow>()) views.push_back(to_view(std::move(row)));
  co_return views;
}

Task<std::optional<GrantView>> find_grant(access::Call& call, GrantId id) {
  auto rows = co_await call.read(kGet, pg::params(call.organization(), id));
  auto row = rows.find_one<GrantRow>();
  if (!row) co_return std::nullopt;
  co_return to_view(std::move(*row));
}

Task<std::optional<GrantView>> insert_grant(access::Call& call, NewGrant grant) {
  pg::Batch batch;
  batch
      .add(kInsert, pg::params(call.organization(), grant.id, grant.kind, grant.resource, grant.action,
                               call.user(), grant.user, grant.group, grant.parent, grant.valid_from,
                               grant.valid_to, grant.attributes))
      .add(kGet, pg::params(call.organization(), grant.id));
  try {
    auto rows = co_await call.write(std::move(batch));
    co_return to_view(rows[1].one<GrantRow>());
  } catch (const pg::Error& error) {
    if (!error.is_insufficient_privilege()) throw;
  }
  co_return std::nullopt;
}

Task<std::optional<GrantView>> revoke_grant(access::Call& call, GrantId id,
                                            std::optional<std::string> reason) {
  pg::Batch batch;
  batch.add(kRevoke, pg::params(call.organization(), id, call.user(), reason))
      .add(kGet, pg::params(call.organization(), id));
  auto rows = co_await call.write(std::move(batch));
  if (rows[0].affected() == 0) co_return std::nullopt;
  co_return to_view(rows[1].one<GrantRow>());
}

Task<std::optional<UserId>> find_member_by_email(access::Call& call, std::string email) {
  auto rows = co_await call.read(kByEmail, pg::params(email));
  co_return rows.one<std::optional<UserId>>();
}

Task<bool> is_active_member(access::Call& call, UserId user) {
  auto rows = co_await call.read(kMember, pg::params(call.organization(), user));
  co_return !rows.empty();
}

Task<bool> is_active_group(access::Call& call, GroupId group) {
  auto rows = co_await call.read(kGroup, pg::params(call.organization(), group));
  co_return !rows.empty();
}

Task<std::optional<Thing>> find_thing(access::Call& call, ResourceKind kind, Uuid id) {
  auto statement = kind == ResourceKind::CHT ? kChat : kind == ResourceKind::WSP ? kWorkspace : kProfile;
  auto rows = co_await call.read(statement, pg::params(call.organization(), id));
  co_return rows.find_one<Thing>();
}

}  // namespace gatehouse::grants
