#include "tenancy/newcomer.h"

#include "tenancy/provisioning_store.h"

namespace gatehouse::tenancy {

Task<std::optional<Entrance>> find_entrance(access::Reactor& reactor, Region region,
                                            OrganizationId organization) {
  auto workspace = co_await find_org_workspace(reactor, region, organization);
  if (!workspace) co_return std::nullopt;
  auto most = co_await most_users(reactor, region, organization);
  co_return Entrance{.default_workspace = *workspace, .most_users = most};
}

void add_newcomer(pg::Batch& batch, OrganizationId organization, UserId id, const NewPerson& person,
                  RoleCode role, const Entrance& entrance) {
  add_user_guard(batch, organization, entrance.most_users);
  insert_person(batch, id, person);
  insert_member(batch, organization, id, role, false, entrance.default_workspace);
}

}  // namespace gatehouse::tenancy
