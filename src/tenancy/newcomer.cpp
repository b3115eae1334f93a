#include "tenancy/newcomer.h"

#include "access/plans.h"
#include "tenancy/email_directory.h"
#include "tenancy/provisioning_store.h"

namespace gatehouse::tenancy {

namespace {

using namespace std::chrono_literals;

/// In all regions of this node but one.
Task<void> begin_anew_beside(access::Reactor& reactor, std::optional<Region> region, UserId id,
                             std::optional<std::string> password_hash, bool is_confirmed) {
  for (auto& served : reactor.regions()) {
    if (served.region == region) continue;
    pg::Batch batch;
    begin_anew(batch, id, password_hash, is_confirmed);
    co_await served.platform->run(std::move(batch), pg::within(10s));
  }
}

}  // namespace

Task<Identified> identify(access::Reactor& reactor, Region region, NewPerson person) {
  auto regions = co_await regions_of_email(reactor, email_hash(reactor.secrets(), person.email));
  std::erase(regions, region);
  regions.insert(regions.begin(), region);
  for (Region known : regions) {
    if (!reactor.serves(known)) continue;
    auto found = co_await find_person(reactor, known, person.email);
    if (!found) continue;
    if (found->is_confirmed) {
      person.password_hash = std::move(found->password_hash);
      person.is_confirmed = true;
    }
    co_return Identified{found->id, std::move(person), false};
  }
  co_return Identified{UserId::make(), std::move(person), true};
}

Task<void> prepare_adoption(access::Reactor& reactor, Region region, Identified who) {
  co_await add_email_region(reactor, email_hash(reactor.secrets(), who.person.email), region);
  if (!who.is_new)
    co_await begin_anew_beside(reactor, region, who.id, who.person.password_hash, who.person.is_confirmed);
}

Task<void> prove_address(access::Reactor& reactor, UserId id) {
  co_await begin_anew_beside(reactor, std::nullopt, id, std::nullopt, true);
}

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
