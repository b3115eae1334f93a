#include "access/admission.h"

#include <algorithm>

#include "access/operation.h"
#include "access/plans.h"
#include "access/reactor.h"
#include "access/roles.h"
#include "access/workspace_access.h"

namespace gatehouse::access {
namespace {

std::unexpected<Error> lacks(Permission permission) {
  return fail(ErrorCode::forbidden, "This needs the permission " + std::string(to_string(permission)));
}

bool is_auditor(std::span<const Governance> governance) {
  return std::ranges::find(governance, GovernanceRole::Auditor, &Governance::role) != governance.end();
}

/// What role, governance roles and a credential's scope give.
std::optional<Reach> reach_of(const Principal& who, std::span<const Governance> governance,
                              Permission permission) {
  if (who.scope && !who.scope->test(index_of(permission))) return std::nullopt;
  // A directory's token has one permission as its scope, and no role.
  if (who.service_account || who.scim_token) return reach_for_programs(permission);
  auto reach = reach_of(who.role, governance, permission);
  if (!reach || !who.scope) return reach;
  auto most = reach_for_programs(permission);
  return most ? std::optional(std::min(*reach, *most)) : std::nullopt;
}

Result<void> check_credential(const Principal& who, const OperationInfo& info) {
  if (who.is_restricted && !is_personal(info.permission))
    return fail(ErrorCode::second_factor_missing,
                "The organization asks for a second factor: set it up, or give its code, to go on");
  if (who.scope && !who.scope->test(index_of(info.permission)))
    return fail(ErrorCode::forbidden,
                "This credential was not given the permission " + std::string(to_string(info.permission)));
  if (needs_session(info.permission) && !who.csrf)
    return fail(ErrorCode::forbidden, "This needs a person's own session, not a token or an API key");
  if (who.viewer && (is_write(info.permission) || info.permission == Permission::account_manage ||
                     info.effect() == Effect::changes))
    return fail(ErrorCode::forbidden, "Viewing as somebody else is read-only");
  return {};
}

/// The workspace that the request names, or the caller's own.
Task<Result<WorkspaceId>> find_workspace(const TenantSnapshot& tenant, Principal who,
                                         std::optional<Reach> reach, std::optional<std::string> named) {
  if (!named) co_return who.default_workspace;
  auto id = WorkspaceId::parse(*named);
  // What one has without naming any, also before the snapshot knows somebody who has just come.
  if (id && *id == who.default_workspace) co_return *id;
  if (id && who.is_program())
    co_return fail(ErrorCode::forbidden, "This credential works in its own workspace alone");
  if (!id || !co_await may_use_workspace(tenant, who.user, reach.value_or(Reach::own), *id))
    co_return fail(ErrorCode::not_found, "There is no such workspace, or you may not use it");
  co_return *id;
}

/// Adds what was granted to the person beyond the reach. The decision on the path's thing, if there is one.
Task<std::optional<AclDecision>> add_grants(Admission& made, Principal who, const PeopleRoles& roles,
                                            const OperationInfo& info, Asked asked) {
  const auto& use = *info.resource;
  auto acl = co_await made.tenant->part<TenantAcl>();
  AclContext context{.address = asked.address, .time = gatehouse::now()};
  const auto& groups = roles.groups_of(who.user);
  if (use.is_list()) {
    made.grants = acl->acl.granted(who.user, groups, use.kind, use.action, context);
    co_return std::nullopt;
  }
  auto resource = use.kind == ResourceKind::ORG ? std::optional(who.organization.value) : asked.resource;
  if (!resource) co_return std::nullopt;
  auto decision = acl->acl.decide(who.user, groups, use.kind, *resource, use.action, context);
  if (decision.allowed()) {
    made.grants = {*resource};
    made.grant = *acl->acl.find(*decision.grant);
  }
  co_return decision;
}

void count(Reactor& reactor, const Principal& who, const std::optional<AclDecision>& decision) {
  if (reactor.grant_uses && decision && (decision->allowed() || decision->is_violation()))
    reactor.grant_uses->record(who.region, who.organization, *decision->grant, decision->allowed());
}

}  // namespace

Result<void> check_status(const Tenant& tenant) {
  if (tenant.status == TenantStatus::suspended) return fail(ErrorCode::tenant_suspended);
  if (tenant.status == TenantStatus::cancelled) return fail(ErrorCode::tenant_cancelled);
  return {};
}

Task<Result<Admission>> admit(Reactor& reactor, Principal who, const OperationInfo& info, Asked asked) {
  Admission made{.workspace = who.default_workspace};
  if (asked.organization && who.session && *asked.organization != who.organization.to_string() &&
      info.id != "switchOrganization")
    co_return fail(ErrorCode::organization_switched,
                   "This session has been switched to another organization");
  if (!who.has_organization()) {
    GH_CO_CHECK(check_credential(who, info));
    auto reach = reach_of(who, {}, info.permission);
    if (!reach || !(is_personal(info.permission) || is_of_platform(info.permission)))
      co_return lacks(info.permission);
    made.reach = *reach;
    co_return made;
  }
  auto tenant = co_await reactor.tenants().get(who.region, who.organization);
  if (!tenant) co_return fail(ErrorCode::unauthenticated, "The organization does not exist any more");
  made.tenant = std::move(*tenant);
  if (info.permission == Permission::anyone) co_return made;

  auto roles = co_await made.tenant->part<PeopleRoles>();
  // Those for the whole organization count in any workspace, so they may help to find it.
  auto anywhere = reach_of(who, roles->in(who.user, WorkspaceId{}), info.permission);
  auto workspace = co_await find_workspace(*made.tenant, who, anywhere, std::move(asked.workspace));
  auto governance = roles->in(who.user, workspace.value_or(who.default_workspace));
  auto reach = reach_of(who, governance, info.permission);
  bool may_be_granted =
      info.resource && !who.is_program() && !(is_write(info.permission) && is_auditor(governance));
  std::optional<AclDecision> decision;
  if (may_be_granted && reach != Reach::organization)
    decision = co_await add_grants(made, who, *roles, info, asked);
  const bool counts_use = asked.counts_use && !who.viewer;
  if (!reach && made.grants.empty()) {
    GH_CO_CHECK(check_credential(who, info));
    if (counts_use) count(reactor, who, decision);
    co_return lacks(info.permission);
  }
  made.reach = reach.value_or(Reach::own);
  if (reach != reach_of(who, {}, info.permission)) made.governance = std::move(governance);
  GH_CO_CHECK(check_credential(who, info));
  // People are told of a suspension by their own account; programs have none.
  const bool tells_of_status = info.despite_status || (is_personal(info.permission) && !who.is_program());
  if (!tells_of_status) GH_CO_CHECK(check_status(made.tenant->tenant()));
  if (!info.feature.empty()) GH_CO_CHECK(co_await require_feature(*made.tenant, info.feature));
  GH_CO_TRY(made.workspace, std::move(workspace));
  if (counts_use) count(reactor, who, decision);
  co_return made;
}

}  // namespace gatehouse::access
