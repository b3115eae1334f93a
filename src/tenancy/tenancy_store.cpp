#include "tenancy/tenancy_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

constexpr std::size_t kUuidText = 36;

constexpr pg::Statement kOrganization{
    "organization.get",
    "select id, name, slug, region::text, data_mode::text, status::text, created_at"
    " from organizations where id = $1"};
constexpr pg::Statement kWorkspaces{
    "workspaces.list",
    "select id, name, workspace_type::text, is_default, visibility, created_at from workspaces"
    " where organization_id = $1 and is_active and ($2::uuid is null or (name, id) > ($3, $2))"
    " order by name, id limit $4"};
constexpr pg::Statement kMembers{
    "members.list",
    "select m.user_id, u.name, u.email, m.role_code::text, m.is_owner, m.is_active and u.is_active as "
    "is_active, m.created_at from memberships m join users u on u.id = m.user_id"
    " where m.organization_id = $1 and ($2::uuid is null or (u.name, m.user_id) > ($3, $2))"
    " order by u.name, m.user_id limit $4"};

pg::Params page_params(const access::Call& call, const std::optional<NamePlace>& after, std::int64_t limit) {
  return pg::params(call.organization(), after ? std::optional(after->id) : std::nullopt,
                    after ? after->name : std::string(), limit);
}

}  // namespace

std::string to_cursor(const NamePlace& place) {
  return place.id.to_string() + place.name;
}

std::optional<NamePlace> parse_cursor(std::string_view text) {
  auto id = Uuid::parse(text.substr(0, kUuidText));
  if (!id) return std::nullopt;
  return NamePlace{*id, std::string(text.substr(kUuidText))};
}

Task<std::optional<OrganizationView>> find_organization(access::Call& call) {
  auto rows = co_await call.read(kOrganization, pg::params(call.organization()));
  co_return rows.find_one<OrganizationView>();
}

Task<std::vector<WorkspaceView>> list_workspaces(access::Call& call, std::optional<NamePlace> after,
                                                 std::int64_t limit) {
  auto rows = co_await call.read(kWorkspaces, page_params(call, after, limit));
  co_return rows.as<WorkspaceView>();
}

Task<std::vector<MemberView>> list_members(access::Call& call, std::optional<NamePlace> after,
                                           std::int64_t limit) {
  auto rows = co_await call.read(kMembers, page_params(call, after, limit));
  co_return rows.as<MemberView>();
}

}  // namespace gatehouse::tenancy
