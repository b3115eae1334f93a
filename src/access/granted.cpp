#include "access/granted.h"

#include "access/roles.h"

namespace gatehouse::access {

Task<std::vector<AclAction>> granted_actions(Call& call, ResourceKind kind, Uuid resource) {
  auto roles = co_await call.tenant().part<PeopleRoles>();
  auto acl = co_await call.tenant().part<TenantAcl>();
  AclContext context{.address = http::unmapped(call.request().peer.ip), .time = now()};
  const auto& groups = roles->groups_of(call.user());
  std::vector<AclAction> actions;
  for (auto action : {AclAction::REA, AclAction::WRI, AclAction::UPD, AclAction::MNG})
    if (acl->acl.decide(call.user(), groups, kind, resource, action, context).allowed())
      actions.push_back(action);
  co_return actions;
}

}  // namespace gatehouse::access
