// What a plan and a workspace's settings hold against real databases: users, quota leases, programs' changes.
#include <gtest/gtest.h>

#include "access/dispatcher.h"
#include "http/server.h"
#include "tenancy/directory.h"
#include "tenancy/plans.h"
#include "tenancy/provisioning_store.h"
#include "tenancy/tenants.h"
#include "tenancy/testing.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;
using access::Reactor;
using testing::as_platform;
using testing::person;
using testing::unique;

template <class T>
T in_world(std::function<Task<T>(Reactor&)> body) {
  return testing::World::instance().run<T>(std::move(body));
}

Task<PlanView> plan(Reactor& reactor, std::string_view body) {
  auto wanted = json::decode_text<CreatePlan>(body);
  auto made = co_await create_plan(reactor, {}, wanted.value());
  co_return made.value();
}

Task<ProvisionedOrganization> tenant_on(Reactor& reactor, PlanId plan) {
  auto slug = unique("gated");
  auto made = co_await provision_organization(
      reactor, {.name = slug, .slug = slug, .plan = plan, .owner = person("owner@" + slug + ".test")});
  co_return made.value();
}

/// Runs `count` tasks at once and gives their results.
template <class T>
Task<std::vector<T>> together(Reactor& reactor, int count, std::function<Task<T>(int)> make) {
  std::vector<T> results;
  std::exception_ptr failure;
  int running = count;
  for (int i = 0; i < count; ++i)
    asio::co_spawn(reactor.executor(), make(i), [&](std::exception_ptr thrown, T result) {
      --running;
      if (thrown)
        failure = thrown;
      else
        results.push_back(std::move(result));
    });
  while (running > 0) co_await sleep_for(1ms);
  if (failure) std::rethrow_exception(failure);
  co_return results;
}

TEST(PlanUsers, HoldHoweverManyAreAddedAtOnce) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto slug = unique("users");
    auto small = co_await plan(
        reactor, R"({"name": "Small", "slug": ")" + slug + R"(", "features": {"max_users": 4}})");
    auto made = co_await tenant_on(reactor, small.id);
    auto codes = co_await together<std::string>(reactor, 8, [&](int i) -> Task<std::string> {
      auto added = co_await add_member(
          reactor, {.organization = made.id, .person = person(fmt::format("u{}@{}.test", i, slug))});
      co_return added ? "added" : std::string(to_string(added.error().code));
    });
    EXPECT_EQ(std::ranges::count(codes, "added"), 3);
    EXPECT_EQ(std::ranges::count(codes, "plan_limit_reached"), 5);
    auto rows = co_await as_platform(reactor, Region::us,
                                     "select count(*) from memberships where organization_id = $1",
                                     pg::params(made.id));
    EXPECT_EQ(rows[0].get<std::int64_t>(std::size_t{0}), 4);
    // Who is a member already is none more.
    auto again = co_await add_member(
        reactor, {.organization = made.id, .person = person("owner@" + made.slug + ".test")});
    EXPECT_TRUE(again.has_value() && !again->created);
    co_return true;
  }));
}

Task<bool> has_place(Reactor& reactor, std::string slug, bool may_vary, PlanId plan) {
  auto made = co_await reserve_place(reactor, {.organization = OrganizationId::make(),
                                               .slug = std::move(slug),
                                               .slug_may_vary = may_vary,
                                               .plan = plan});
  EXPECT_TRUE(made || made.error().code == ErrorCode::plan_limit_reached);
  co_return made.has_value();
}

TEST(PlanTenants, HoldHoweverManyAreMadeAtOnce) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto slug = unique("places");
    auto small = co_await plan(reactor, R"({"name": "Small", "slug": ")" + slug + R"(", "max_tenants": 2})");
    auto places = co_await together<bool>(reactor, 8, [&](int i) {
      return has_place(reactor, fmt::format("{}-{}", slug, i), false, small.id);
    });
    EXPECT_EQ(std::ranges::count(places, true), 2);
    co_return true;
  }));
}

TEST(PlanTenants, CountTheOneWhoseSlugIsProposedAgain) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto slug = unique("acme");
    auto one = co_await plan(reactor, R"({"name": "One", "slug": ")" + slug + R"(", "max_tenants": 1})");
    EXPECT_TRUE(co_await has_place(reactor, slug, true, one.id));
    EXPECT_FALSE(co_await has_place(reactor, slug, true, one.id));
    co_return true;
  }));
}

Task<std::pair<std::optional<PlanId>, std::optional<PlanId>>> plans_of(Reactor& reactor, OrganizationId id) {
  pg::Batch known;
  known.add_adhoc("select plan_id from directory where organization_id = $1", pg::params(id));
  auto directory = co_await reactor.control().run(std::move(known), pg::within(10s));
  auto region = co_await as_platform(reactor, Region::us, "select plan_id from organizations where id = $1",
                                     pg::params(id));
  co_return std::pair(directory[0].one<std::optional<PlanId>>(), region.one<std::optional<PlanId>>());
}

TEST(PlanMoves, OfOneTenantAtOnceEndAtOnePlan) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    std::vector<PlanId> plans;
    for (int i = 0; i < 4; ++i) {
      auto made = co_await plan(reactor, R"({"name": "Any", "slug": ")" + unique("move") + R"("})");
      plans.push_back(made.id);
    }
    auto made = co_await tenant_on(reactor, plans[0]);
    auto moved = co_await together<bool>(reactor, 12, [&](int i) -> Task<bool> {
      auto updated = co_await update_tenant(reactor, {}, made.id, {.plan_id = plans.at(std::size_t(i) % 4)});
      co_return updated.has_value();
    });
    EXPECT_EQ(std::ranges::count(moved, true), 12);
    auto [directory, region] = co_await plans_of(reactor, made.id);
    EXPECT_EQ(directory, region);
    co_return true;
  }));
}

TEST(PlanMoves, ThatTheDirectoryMissedAreMadeGood) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto before = co_await plan(reactor, R"({"name": "Before", "slug": ")" + unique("before") + R"("})");
    auto after = co_await plan(reactor, R"({"name": "After", "slug": ")" + unique("after") + R"("})");
    auto made = co_await tenant_on(reactor, before.id);
    co_await as_platform(reactor, Region::us, "update organizations set plan_id = $2 where id = $1",
                         pg::params(made.id, after.id));
    co_await settle_plans(reactor, Region::us);
    auto [directory, region] = co_await plans_of(reactor, made.id);
    EXPECT_EQ(region, after.id);
    EXPECT_EQ(directory, after.id);
    co_return true;
  }));
}

TEST(Features, ASwitchThatIsOffIsRefusedByItsName) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto made_plan = co_await plan(reactor, R"({"name": "Switches", "slug": ")" + unique("switches") +
                                                R"(", "features": {"sso": false, "scim": true}})");
    auto made = co_await tenant_on(reactor, made_plan.id);
    auto tenant = (co_await reactor.tenants().get(Region::us, made.id)).value();
    auto refused = co_await access::require_feature(*tenant, "sso");
    EXPECT_EQ(refused.error().code, ErrorCode::plan_limit_reached);
    EXPECT_NE(refused.error().detail.find("sso"), std::string::npos);
    EXPECT_TRUE((co_await access::require_feature(*tenant, "scim")).has_value());
    EXPECT_TRUE((co_await access::require_feature(*tenant, "never_named")).has_value());
    co_return true;
  }));
}

TEST(Quota, AdmitsExactlyWhatThePlanSaysAndCountsBackWhatIsNotSpent) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    reactor.quota = std::make_unique<access::Quota>(reactor, "test");
    auto small = co_await plan(
        reactor, R"({"name": "Few", "slug": ")" + unique("few") + R"(", "max_requests_month": 20})");
    auto made = co_await tenant_on(reactor, small.id);
    auto tenant = (co_await reactor.tenants().get(Region::us, made.id)).value();
    std::vector<access::Quota::Ticket> tickets;
    auto codes = co_await together<std::string>(reactor, 50, [&](int) -> Task<std::string> {
      auto ticket = co_await access::pass_gates(*tenant);
      if (!ticket) co_return std::string(to_string(ticket.error().code));
      tickets.push_back(std::move(*ticket));
      co_return "admitted";
    });
    EXPECT_EQ(std::ranges::count(codes, "admitted"), 20);
    EXPECT_EQ(std::ranges::count(codes, "plan_limit_reached"), 30);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(tickets[static_cast<std::size_t>(i)].spend().has_value());
    tickets.clear();  // fifteen are given back
    co_await reactor.quota->close();
    auto count = [&]() -> Task<std::int64_t> {
      auto rows = co_await as_platform(reactor, Region::us,
                                       "select request_count from tenant_usage where organization_id = $1",
                                       pg::params(made.id));
      co_return rows[0].get<std::int64_t>(std::size_t{0});
    };
    // Those whose lease was gone already are counted back in the background.
    for (int i = 0; i < 5'000 && co_await count() != 5; ++i) co_await sleep_for(1ms);
    EXPECT_EQ(co_await count(), 5);
    co_return true;
  }));
}

TEST(Quota, LeasesNoMoreThanOneRequestWhereANodesRestWouldBeMissed) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto made = co_await tenant_on(reactor, co_await ensure_unlimited_plan(reactor));
    auto lease = [&](std::int64_t limit) -> Task<std::int64_t> {
      auto rows =
          co_await as_platform(reactor, Region::us, "select o_granted from take_lease($1, $2, 'n', 64, $3)",
                               pg::params(made.id, Uuid::v7(), limit));
      co_return rows.one<std::int64_t>();
    };
    EXPECT_EQ(co_await lease(500), 1);
    EXPECT_EQ(co_await lease(2'000), 1);
    EXPECT_EQ(co_await lease(50'000), 48);
    co_return true;
  }));
}

TEST(Quota, AnExpiredLeaseGivesBackWhatNoCallNames) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto made = co_await tenant_on(reactor, co_await ensure_unlimited_plan(reactor));
    auto lease = Uuid::v7();
    auto ask = [&](std::string sql, pg::Params params) {
      return as_platform(reactor, Region::us, std::move(sql), std::move(params));
    };
    co_await ask("select o_granted from take_lease($1, $2, 'gone', 10, null)", pg::params(made.id, lease));
    // One call is under way, two are metered.
    for (int i = 0; i < 3; ++i)
      co_await ask(
          i == 0
              ? "insert into model_calls (organization_id, id, event_id, node, boot, workspace_id, "
                "actor_type,"
                " actor_id, model, provider, request_id, decision, lease_id)"
                " values ($1, $2, $2, 'n', $2, $2, 'user', $2, 'm', 'p', 'r', '{}', $3)"
              : "insert into metering_events (organization_id, id, workspace_id, actor_type, actor_id, model,"
                " provider, input_tokens, output_tokens, is_estimated, cost, outcome, lease_id)"
                " values ($1, $2, $2, 'user', $2, 'm', 'p', 1, 1, false, 0, 'completed', $3)",
          pg::params(made.id, Uuid::v7(), lease));
    auto used = [&]() -> Task<std::int64_t> {
      auto rows = co_await ask("select requests_used($1, to_char(now() at time zone 'UTC', 'YYYY-MM'))",
                               pg::params(made.id));
      co_return rows[0].get<std::int64_t>(std::size_t{0});
    };
    auto counted = [&]() -> Task<std::int64_t> {
      auto rows = co_await ask("select request_count from tenant_usage where organization_id = $1",
                               pg::params(made.id));
      co_return rows[0].get<std::int64_t>(std::size_t{0});
    };
    EXPECT_EQ(co_await used(), 3);
    EXPECT_EQ(co_await counted(), 10);
    // It has not expired yet.
    co_await ask("select reclaim_leases($1)", pg::params(made.id));
    EXPECT_EQ(co_await counted(), 10);
    co_await ask(
        "update quota_leases set expires_at = now() - interval '1 second' where organization_id = $1",
        pg::params(made.id));
    co_await ask("select reclaim_leases($1)", pg::params(made.id));
    EXPECT_EQ(co_await counted(), 3);
    EXPECT_EQ(co_await used(), 3);
    co_return true;
  }));
}

TEST(Directory, ARepeatOfAReservationIsKnownByItsKeyAndAnAbandonedOneIsTakenUp) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    Reservation wanted{.organization = OrganizationId::make(), .slug = unique("reserved")};
    wanted.request = RequestKey{.key = crypto::sha256(wanted.slug), .request = crypto::sha256("body")};
    auto first = (co_await reserve_place(reactor, wanted)).value();
    EXPECT_FALSE(first.is_repeat);
    auto repeat = wanted;
    repeat.organization = OrganizationId::make();
    auto second = (co_await reserve_place(reactor, repeat)).value();
    EXPECT_TRUE(second.is_repeat);
    EXPECT_EQ(second.organization, first.organization);
    auto other = repeat;
    other.request->request = crypto::sha256("another body");
    EXPECT_EQ((co_await reserve_place(reactor, other)).error().code, ErrorCode::idempotency_mismatch);
    other.request.reset();
    EXPECT_EQ((co_await reserve_place(reactor, other)).error().code, ErrorCode::already_exists);
    other.abandoned_after = 0s;
    EXPECT_EQ((co_await reserve_place(reactor, other)).value().organization, first.organization);
    EXPECT_FALSE((co_await find_place(reactor, first.organization)).has_value());
    co_await confirm_place(reactor, first.organization);
    EXPECT_TRUE((co_await find_place(reactor, first.organization)).has_value());
    EXPECT_EQ((co_await reserve_place(reactor, other)).error().code, ErrorCode::already_exists);
    co_return true;
  }));
}

/// Everybody who calls is this program.
class OneProgram final : public access::Authenticator {
 public:
  explicit OneProgram(access::Principal who) : who_(std::move(who)) {}
  Task<Result<access::Principal>> authenticate(Reactor&, const http::Request&) override { co_return who_; }
  Task<Result<access::Principal>> renew(Reactor&, access::Principal who) override { co_return who; }

 private:
  access::Principal who_;
};

/// The statuses of calls that a program makes at once in a workspace; each changes something, or fails.
Task<std::vector<int>> changes(Reactor& reactor, OrganizationId organization, WorkspaceId workspace,
                               int count, bool works) {
  access::PermissionSet all;
  all.set();
  OneProgram program({.type = audit::ActorType::service_account,
                      .service_account = ServiceAccountId::make(),
                      .scope = all,
                      .organization = organization,
                      .default_workspace = workspace});
  static constexpr pg::Statement kNothing{"test.nothing", "select 1"};
  access::Operations operations;
  operations.add({.method = http::Method::post,
                  .path = "/api/changes",
                  .id = "change",
                  .summary = "Change something",
                  .tag = "stage",
                  .permission = access::Permission::simulator_run,
                  .audit_action = "stage.change",
                  .rate = access::RateClass::write},
                 [works](access::Call& call, access::Input<>) -> Task<Result<access::NoContent>> {
                   co_await call.write(kNothing, {});
                   if (!works) co_return fail(ErrorCode::conflict, "It does not work");
                   co_return access::NoContent{};
                 });
  access::Dispatcher dispatcher(operations, program, {});
  http::Server server(reactor.io(), {}, [&](http::Exchange& exchange) -> Task<void> {
    co_await dispatcher.handle(reactor, exchange);
  });
  auto statuses = co_await together<int>(reactor, count, [&](int) -> Task<int> {
    auto response = co_await reactor.http().send({.method = http::Method::post,
                                                  .endpoint = {.host = "127.0.0.1", .port = server.port()},
                                                  .target = "/api/changes"});
    if (!response) throw Failure("no answer");
    auto status = response->status();
    if (status == 429) EXPECT_TRUE(response->headers().find("retry-after").has_value());
    co_await response->read_all(1 << 20);
    co_return status;
  });
  co_await server.drain(pg::within(10s));
  co_return statuses;
}

TEST(WriteCap, RefusesWhatProgramsChangeBeyondItAndCountsNothingThatFailed) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto made = co_await tenant_on(reactor, co_await ensure_unlimited_plan(reactor));
    auto mine = (co_await find_my_workspace(reactor, Region::us, made.id, made.owner)).value();
    co_await as_platform(reactor, Region::us,
                         R"(update organizations set settings = '{"write_cap_per_hour": 3}' where id = $1)",
                         pg::params(made.id));
    co_await as_platform(reactor, Region::us,
                         R"(update workspaces set settings = '{"write_cap_per_hour": 1}' where id = $1)",
                         pg::params(mine));
    for (int status : co_await changes(reactor, made.id, made.org_workspace, 5, false))
      EXPECT_EQ(status, 409);
    auto statuses = co_await changes(reactor, made.id, made.org_workspace, 8, true);
    EXPECT_EQ(std::ranges::count(statuses, 204), 3);
    EXPECT_EQ(std::ranges::count(statuses, 429), 5);
    // A workspace's own cap comes before the organization's.
    statuses = co_await changes(reactor, made.id, mine, 4, true);
    EXPECT_EQ(std::ranges::count(statuses, 204), 1);
    EXPECT_EQ(std::ranges::count(statuses, 429), 3);
    auto rows = co_await as_platform(
        reactor, Region::us,
        "with gone as (delete from write_counts where organization_id = $1 returning writes)"
        " select sum(writes)::bigint from gone",
        pg::params(made.id));
    EXPECT_EQ(rows[0].get<std::int64_t>(std::size_t{0}), 4);
    // Another hour begins.
    EXPECT_EQ((co_await changes(reactor, made.id, mine, 1, true)).front(), 204);
    co_return true;
  }));
}

}  // namespace
}  // namespace gatehouse::tenancy
