#include "tenancy/newcomer.h"

#include "access/plans.h"
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

Task<void> take_seat(access::Call& call) {
  auto plan = co_await access::plan_of(call.tenant());
  pg::Batch guard;
  add_user_guard(guard, call.organization(), plan ? plan->features.number("max_users") : std::nullopt);
  if (!guard.empty()) co_await call.write(std::move(guard));
}

Task<pg::Batch> seat_guard(access::Reactor& reactor, Region region, OrganizationId organization) {
  pg::Batch guard;
  add_user_guard(guard, organization, co_await most_users(reactor, region, organization));
  co_return guard;
}

}  // namespace gatehouse::tenancy
