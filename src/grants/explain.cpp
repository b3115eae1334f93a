#include "grants/explain.h"

#include "access/acl.h"
#include "access/permission.h"
#include "access/roles.h"
#include "grants/grants_store.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::grants {
namespace {

using access::Call;
using access::Permission;

constexpr pg::Statement kMember{
    "explain.member",
    "select m.role_code::text, m.is_active, w.id as my_workspace,"
    " coalesce(array(select x.workspace_id from workspace_users x where x.organization_id = m.organization_id"
    " and x.user_id = m.user_id and x.is_active), '{}') as workspaces,"
    " coalesce(array(select x.workspace_id from workspace_users x where x.organization_id = m.organization_id"
    " and x.user_id = m.user_id and x.is_active and x.granted_by_user_id is distinct from x.user_id), '{}')"
    " as put_into from memberships m"
    " left join workspaces w on w.organization_id = m.organization_id and w.owner_user_id = m.user_id and "
    "w.is_active"
    " where m.organization_id = $1 and m.user_id = $2"};

struct Member {
  RoleCode role_code;
  bool is_active;
  std::optional<WorkspaceId> my_workspace;
  std::vector<WorkspaceId> workspaces;
  std::vector<WorkspaceId> put_into;  // those of them that they did not join by themselves
};
BOOST_DESCRIBE_STRUCT(Member, (), (role_code, is_active, my_workspace, workspaces, put_into))

struct Asked {
  Permission permission = Permission::signed_in;
  bool has_thing = false;
  ResourceKind kind{};
  Uuid resource;
  AclAction action{};
  access::AclContext context;
};

/// The permission that opens an action on a thing by role.
std::optional<Permission> permission_for(ResourceKind kind, AclAction action) {
  bool reads = action == AclAction::REA;
  switch (kind) {
    case ResourceKind::ORG:
      return reads ? Permission::organization_read : Permission::organization_manage;
    case ResourceKind::WSP:
      return reads ? Permission::workspaces_read : Permission::workspaces_manage;
    case ResourceKind::PRL:
      return reads ? Permission::members_read : Permission::members_manage;
    case ResourceKind::CHT:
      return reads ? Permission::chats_read : Permission::chats_write;
    case ResourceKind::CMP:
    case ResourceKind::KNW:
    case ResourceKind::TOL:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<Asked> read_question(const Call& call, const access::Operations& operations,
                            const ExplainQuery& query) {
  Asked asked{
      .context = {.address = http::unmapped(call.request().peer.ip), .time = query.time.value_or(now())}};
  if (query.address) {
    boost::system::error_code failed;
    asked.context.address = http::unmapped(boost::asio::ip::make_address(query.address->str(), failed));
    if (failed) return fail(invalid("?address", "bad_format", "must be an IP address"));
  }
  bool names_thing = query.resource_kind && query.resource_id && query.action;
  bool names_part = query.resource_kind || query.resource_id || query.action;
  if (query.permission.has_value() == names_part || names_part != names_thing)
    return fail(invalid(
        {{"?permission", "one_of", "ask for a permission, or for resource_kind, resource_id and action"}}));
  if (query.permission) {
    auto permission = access::parse_permission(query.permission->str());
    if (!permission) return fail(invalid("?permission", "unknown", "is no permission"));
    asked.permission = *permission;
    return asked;
  }
  auto permission = permission_for(*query.resource_kind, *query.action);
  bool is_asked = is_asked_for(operations, *query.resource_kind, *query.action, false) ||
                  is_asked_for(operations, *query.resource_kind, *query.action, true);
  if (!permission || !is_asked)
    return fail(invalid("?action", "not_available", "nothing can be done to such a thing by it"));
  asked.permission = *permission;
  asked.has_thing = true;
  asked.kind = *query.resource_kind;
  asked.resource = *query.resource_id;
  asked.action = *query.action;
  return asked;
}

bool has(const std::vector<WorkspaceId>& some, std::optional<WorkspaceId> one) {
  return one && std::ranges::find(some, *one) != some.end();
}

/// Whether the thing lies within what a role reaches for this person, as the policies of row-level security
/// have it for the operations that ask for it.
bool is_within(Reach reach, const Asked& asked, const Thing& thing, UserId user, const Member& member,
               WorkspaceId workspace) {
  bool is_mine = has(member.workspaces, thing.workspace);
  bool is_around =
      std::ranges::any_of(thing.known_in, [&](WorkspaceId one) { return has(member.workspaces, one); });
  switch (asked.kind) {
    case ResourceKind::CHT:
      return reach == Reach::organization || (thing.owner == user && is_mine) ||
             (reach == Reach::workspace && thing.workspace == workspace);
    case ResourceKind::WSP:
      if (asked.action == AclAction::REA && (is_mine || thing.is_known_to_all || is_around)) return true;
      if (asked.action != AclAction::REA && thing.is_personal) return false;
      return reach == Reach::organization ||
             (reach == Reach::workspaces && has(member.put_into, thing.workspace)) ||
             (reach == Reach::workspace && thing.workspace == workspace);
    case ResourceKind::PRL:
      return reach == Reach::organization || thing.owner == user ||
             (reach == Reach::workspaces && is_around) ||
             (reach == Reach::workspace && has(thing.known_in, workspace));
    default:
      return reach == Reach::organization;
  }
}

Reason reason_of(const access::AclDecision& decision) {
  return {.source = ReasonSource::grant,
          .effect = decision.allowed() ? ReasonEffect::allows : ReasonEffect::nothing,
          .name = std::string(pg::label(decision.reason)),
          .grant_id = decision.grant};
}

}  // namespace

Task<Result<Explanation>> explain(Call& call, const access::Operations& operations, ExplainQuery query) {
  GH_CO_TRY(auto asked, read_question(call, operations, query));
  auto user = query.user_id.value_or(call.user());
  auto rows = co_await call.read(kMember, pg::params(call.organization(), user));
  auto member = rows.find_one<Member>();
  if (!member) co_return fail(ErrorCode::not_found, "There is no such member, or you may not see them");

  Thing thing{.owner = user};
  if (asked.has_thing && asked.kind != ResourceKind::ORG) {
    auto found = co_await find_thing(call, asked.kind, asked.resource);
    if (!found) co_return fail(ErrorCode::not_found, "There is no such thing, or you may not see it");
    thing = *found;
  } else if (asked.has_thing && asked.resource != call.organization().value) {
    co_return fail(ErrorCode::not_found, "There is no such thing, or you may not see it");
  }
  auto workspace =
      query.in_workspace.value_or(thing.workspace.value_or(member->my_workspace.value_or(WorkspaceId{})));
  auto roles = co_await call.tenant().part<access::PeopleRoles>();
  auto acl = co_await call.tenant().part<access::TenantAcl>();
  // Roles in one workspace count for calls in it, which only its own people make.
  bool is_usable = workspace == member->my_workspace || has(member->workspaces, workspace);
  auto governance = roles->in(user, is_usable ? workspace : WorkspaceId{});
  auto permission = asked.permission;

  Explanation told{.permission = std::string(to_string(permission)), .user_id = user};
  auto add = [&](ReasonSource source, ReasonEffect effect, std::string_view name,
                 std::optional<Reach> reach = {}) {
    told.reasons.push_back({.source = source, .effect = effect, .name = std::string(name), .reach = reach});
  };
  auto counts = [&](std::optional<Reach> reach) {
    bool is_anywhere = !asked.has_thing || asked.kind == ResourceKind::ORG;
    return reach && (is_anywhere || is_within(*reach, asked, thing, user, *member, workspace));
  };
  add(ReasonSource::membership, member->is_active ? ReasonEffect::nothing : ReasonEffect::denies,
      member->is_active ? "active" : "inactive");
  auto status = call.tenant().tenant().status;
  bool is_stopped = status != TenantStatus::active && !access::is_personal(permission);
  add(ReasonSource::tenant_status, is_stopped ? ReasonEffect::denies : ReasonEffect::nothing,
      to_string(status));

  auto by_role = access::reach_of(member->role_code, permission);
  bool allowed = counts(by_role);
  add(ReasonSource::organization_role, allowed ? ReasonEffect::allows : ReasonEffect::nothing,
      to_string(member->role_code), by_role);
  for (const auto& given : governance) {
    // MS has nothing in an organization, so this is what the governance role gives by itself.
    std::vector one = {given};
    auto reach = access::reach_of(RoleCode::MS, one, permission);
    bool widens = counts(reach);
    allowed = allowed || widens;
    add(ReasonSource::governance_role, widens ? ReasonEffect::allows : ReasonEffect::nothing,
        to_string(given.role), reach);
  }
  if (asked.has_thing) {
    auto decision = acl->acl.decide(user, roles->groups_of(user), asked.kind, asked.resource, asked.action,
                                    asked.context);
    allowed = allowed || decision.allowed();
    told.reasons.push_back(reason_of(decision));
  }
  // Where the thing is counts, wherever the call is made.
  bool is_auditor = std::ranges::any_of(roles->of(user), [&](const access::Assignment& one) {
    return one.role == GovernanceRole::Auditor &&
           (!one.workspace || one.workspace == workspace || one.workspace == thing.workspace);
  });
  if (is_auditor && access::is_write(permission)) {
    allowed = false;
    add(ReasonSource::auditor, ReasonEffect::denies, "Auditor");
  }
  told.allowed = allowed && member->is_active && !is_stopped;
  if (told.allowed) told.reach = access::reach_of(member->role_code, governance, permission);
  co_return told;
}

}  // namespace gatehouse::grants
