#include "access/view_as.h"

#include "access/admission.h"
#include "access/permission.h"
#include "access/reactor.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

constexpr pg::Statement kMember{
    "view_as.member",
    "select m.role_code::text, w.id as my_workspace from memberships m"
    " left join workspaces w on w.organization_id = m.organization_id and w.owner_user_id = m.user_id"
    " and w.workspace_type = 'PERSONAL' and w.is_active"
    " where m.organization_id = $1 and m.user_id = $2 and m.is_active"};

struct MemberRow {
  RoleCode role_code;
  std::optional<WorkspaceId> my_workspace;
};
BOOST_DESCRIBE_STRUCT(MemberRow, (), (role_code, my_workspace))

}  // namespace

Task<Result<Principal>> view_as(Reactor& reactor, Principal who, std::string_view text) {
  if (!who.session || !who.has_organization() || !reach_of(who.role, Permission::access_view_as))
    co_return fail(ErrorCode::forbidden, "This needs the permission access_view_as");
  if (who.is_restricted) co_return fail(ErrorCode::second_factor_missing);
  auto target = UserId::parse(text);
  if (!target) co_return fail(ErrorCode::not_found, "There is no such member");
  auto tenant = co_await reactor.tenants().get(who.region, who.organization);
  if (!tenant) co_return fail(ErrorCode::unauthenticated, "The organization does not exist any more");
  GH_CO_CHECK(check_status((*tenant)->tenant()));
  auto rows = co_await (*tenant)->read(pg::Batch(kMember, pg::params(who.organization, *target)));
  auto member = rows[0].find_one<MemberRow>();
  if (!member) co_return fail(ErrorCode::not_found, "There is no such member");
  who.viewer = who.user;
  who.user = *target;
  who.role = member->role_code;
  who.default_workspace = member->my_workspace.value_or(WorkspaceId{});
  co_return who;
}

Task<Result<Principal>> renew(Authenticator& authenticator, Reactor& reactor, Principal who) {
  auto viewed = who.viewer ? std::optional(who.user.to_string()) : std::nullopt;
  GH_CO_TRY(auto renewed, co_await authenticator.renew(reactor, std::move(who)));
  if (!viewed) co_return renewed;
  co_return co_await view_as(reactor, std::move(renewed), *viewed);
}

}  // namespace gatehouse::access
