// A decision on one thing among an organization's 10,000 grants, and what role and governance roles add to
// it.
#include <random>

#include <benchmark/benchmark.h>

#include "access/acl.h"
#include "access/permission.h"

namespace gatehouse::access {
namespace {

struct World {
  static constexpr std::size_t kPeople = 500, kThings = 2'000, kGrants = 10'000;

  std::mt19937 random{20261126};
  std::vector<UserId> people = make<UserId>(kPeople);
  std::vector<GroupId> groups = make<GroupId>(20);
  std::vector<Uuid> things;
  Acl acl{grants()};
  AclContext context{.address = boost::asio::ip::make_address("10.1.2.3"), .time = now()};

  template <class Id>
  static std::vector<Id> make(std::size_t count) {
    std::vector<Id> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(Id::make());
    return made;
  }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[random() % all.size()];
  }

  /// A third to groups, a fifth with networks, a fifth with office hours.
  std::vector<Grant> grants() {
    for (std::size_t i = 0; i < kThings; ++i) things.push_back(Uuid::v7());
    std::vector<int> days = {1, 2, 3, 4, 5, 6, 7};
    auto window = TimeWindow::make(days, "00:00-24:00", TimeZone::find("America/Sao_Paulo").value());
    std::vector<Grant> made;
    for (std::size_t i = 0; i < kGrants; ++i) {
      Grant grant{.id = GrantId::make(), .resource = one_of(things), .action = static_cast<AclAction>(i % 4)};
      if (i % 3 == 0)
        grant.group = one_of(groups);
      else
        grant.user = one_of(people);
      if (i % 5 == 0) grant.conditions.addresses = {http::Cidr::parse("10.0.0.0/8").value()};
      if (i % 5 == 1) grant.conditions.window = window;
      made.push_back(std::move(grant));
    }
    return made;
  }
};

void decides(benchmark::State& state) {
  World world;
  std::vector<Governance> governance = {{.role = GovernanceRole::Operator}};
  std::vector<GroupId> groups(world.groups.begin(), world.groups.begin() + 3);
  std::size_t at = 0, allowed = 0;
  for (auto _ : state) {
    const auto& person = world.people[at * 7 % world.people.size()];
    const auto& thing = world.things[at * 13 % world.things.size()];
    ++at;
    auto reach = reach_of(RoleCode::UR, governance, Permission::chats_read);
    auto decision = world.acl.decide(person, groups, ResourceKind::CHT, thing, AclAction::REA, world.context);
    allowed += decision.allowed() && reach ? 1 : 0;
  }
  benchmark::DoNotOptimize(allowed);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decides)->Name("access/decision of role and 10,000 grants");

}  // namespace
}  // namespace gatehouse::access
