#include "tenancy/members_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

#define GH_MEMBER_COLUMNS                                                                                \
  "m.user_id, u.name, u.email, m.role_code::text, m.is_owner, m.is_active and u.is_active as is_active," \
  " m.created_at"
#define GH_IN_REACH                                                                                      \
  "m.user_id = (select current_user_id()) or (select current_reach()) = 'organization'"                  \
  " or ((select current_reach()) = 'workspaces' and m.user_id = any ((select my_colleagues())::uuid[]))" \
  " or ((select current_reach()) = 'workspace'"                                                          \
  " and m.user_id = any ((select people_of_current_workspace())::uuid[])) as in_reach"

// In the order of the organization's own index; what a text is looked for in is read in that order, until
// there are enough, and never beyond the organization.
constexpr pg::Statement kList{
    "members.list",
    "select " GH_MEMBER_COLUMNS
    " from memberships m join users u on u.id = m.user_id"
    " where m.organization_id = $1 and ($2::uuid is null or (m.name_key, m.user_id) > (lower($3), $2))"
    " and ($5::text is null or position(lower($5) in m.name_key) > 0 or position(lower($5) in u.email) > 0)"
    " and ($6::text is null or m.role_code = $6::role_code_enum)"
    " and ($7::boolean is null or (m.is_active and u.is_active) = $7)"
    " and ($8::uuid is null or exists (select from workspace_users x where x.organization_id = $1"
    " and x.workspace_id = $8 and x.user_id = m.user_id and x.is_active))"
    " order by m.name_key, m.user_id limit $4"};
constexpr pg::Statement kGet{"members.get", "select " GH_MEMBER_COLUMNS ", m.attributes, " GH_IN_REACH
                                            " from memberships m join users u on u.id = m.user_id"
                                            " where m.organization_id = $1 and m.user_id = $2"};
constexpr pg::Statement kLock{"members.lock",
                              "select " GH_MEMBER_COLUMNS
                              ", m.attributes, true as in_reach"
                              " from memberships m join users u on u.id = m.user_id"
                              " where m.organization_id = $1 and m.user_id = $2 for update of m"};
constexpr pg::Statement kWorkspaces{
    "members.workspaces",
    "select w.id, w.name, w.workspace_type::text from workspace_users x"
    " join workspaces w on w.organization_id = x.organization_id and w.id = x.workspace_id and w.is_active"
    " where x.organization_id = $1 and x.user_id = $2 and x.is_active order by w.name, w.id limit 1000"};
constexpr pg::Statement kGroups{
    "members.groups",
    "select g.id, g.name from group_members m"
    " join groups g on g.organization_id = m.organization_id and g.id = m.group_id and g.is_active"
    " where m.organization_id = $1 and m.user_id = $2 order by g.name, g.id limit 1000"};
constexpr pg::Statement kRoles{
    "members.roles",
    "select a.id, a.role::text, a.workspace_id, a.group_id from role_assignments a where a.organization_id = "
    "$1"
    " and (a.user_id = $2 or exists (select from group_members m"
    " join groups g on g.organization_id = m.organization_id and g.id = m.group_id and g.is_active"
    " where m.organization_id = $1 and m.group_id = a.group_id and m.user_id = $2)) order by a.id limit "
    "1000"};
constexpr pg::Statement kForgetGroups{
    "members.forget_lost_groups",
    "update external_identities set lost_groups_at = null where organization_id = $1 and user_id = $2"};
constexpr pg::Statement kUpdate{
    "members.update",
    "update memberships set role_code = $3::text::role_code_enum, is_active = $4, attributes = $5"
    " where organization_id = $1 and user_id = $2"};
constexpr pg::Statement kDropOwner{
    "members.drop_owner",
    "update memberships set is_owner = false where organization_id = $1 and is_owner and user_id <> $2"};
constexpr pg::Statement kSetOwner{
    "members.set_owner",
    "update memberships set is_owner = true where organization_id = $1 and user_id = $2"};
constexpr pg::Statement kOwnProfile{"members.own_profile", "select set_own_profile($1)"};

#undef GH_IN_REACH
#undef GH_MEMBER_COLUMNS

}  // namespace

Task<std::vector<MemberView>> list_members(access::Call& call, MemberFilter filter,
                                           std::optional<NamePlace> after, std::int64_t limit) {
  auto rows = co_await call.read(
      kList, pg::params(call.organization(), after ? std::optional(after->id) : std::nullopt,
                        after ? after->name : std::string(), limit, filter.text, filter.role_code,
                        filter.is_active, filter.workspace_id));
  co_return rows.as<MemberView>();
}

Task<FoundMember> find_member(access::Call& call, UserId user) {
  pg::Batch batch;
  for (auto statement : {kGet, kWorkspaces, kGroups, kRoles})
    batch.add(statement, pg::params(call.organization(), user));
  auto rows = co_await call.read(std::move(batch));
  co_return FoundMember{.member = rows[0].find_one<MemberRow>(),
                        .workspaces = rows[1].as<WorkspaceOfMember>(),
                        .groups = rows[2].as<GroupOfMember>(),
                        .roles = rows[3].as<RoleOfMember>()};
}

Task<std::optional<MemberRow>> lock_member(access::Call& call, UserId user) {
  auto rows = co_await call.write(kLock, pg::params(call.organization(), user));
  co_return rows.find_one<MemberRow>();
}

Task<void> forget_lost_groups(access::Call& call, UserId user) {
  co_await call.write(kForgetGroups, pg::params(call.organization(), user));
}

Task<void> update_member(access::Call& call, MemberRow row) {
  co_await call.write(
      kUpdate, pg::params(call.organization(), row.user_id, row.role_code, row.is_active, row.attributes));
}

Task<void> transfer_ownership(access::Call& call, UserId to) {
  pg::Batch batch(kDropOwner, pg::params(call.organization(), to));
  batch.add(kSetOwner, pg::params(call.organization(), to));
  co_await call.write(std::move(batch));
}

Task<bool> set_own_profile(access::Call& call, std::string document) {
  auto rows = co_await call.write(kOwnProfile, pg::params(pg::Json{std::move(document)}));
  co_return rows.one<bool>();
}

}  // namespace gatehouse::tenancy
