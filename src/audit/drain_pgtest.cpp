#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/database_testing.h"
#include "audit/drain.h"
#include "audit/outbox.h"
#include "audit/query.h"
#include "base/error.h"

namespace gatehouse::audit {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;

void insert_outbox(const std::string& product, const std::vector<Event>& events) {
  run([](std::string app, std::string platform, std::vector<Event> all) -> Task<void> {
    auto tenant = co_await pg::Connection::connect({.dsn = app}, soon());
    auto other = co_await pg::Connection::connect({.dsn = platform}, soon());
    for (const auto& event : all) {
      pg::Batch batch;
      if (event.organization)
        batch.add_adhoc("select set_config('app.organization_id', $1, true)",
                        pg::params(event.organization->to_string()));
      batch.add(kInsertOutbox, outbox_params(event));
      auto& connection = event.organization ? tenant : other;
      co_await connection.run(std::move(batch), soon());
    }
  }(as_role(product, "gatehouse_app"), as_role(product, "gatehouse_platform"), events));
}

/// True if the drain emptied the outbox.
bool drain(const std::string& product, const std::string& audit) {
  return run([](AppenderOptions to, std::string from) -> Task<bool> {
    auto here = co_await asio::this_coro::executor;
    Appender appender(here, to);
    Drain moving(here, {.region = Region::eu, .database = {.dsn = from}, .batch = 4}, appender);
    bool emptied = co_await moving.flush(soon());
    co_await moving.stop();
    co_await appender.close(soon());
    co_return emptied;
  }(options(audit), as_role(product, "gatehouse_audit")));
}

TEST(Drain, MovesWhatWasCommittedIntoTheChains) {
  auto product = fresh_database("product"), audit = fresh_database("audit");
  auto events = typical(OrganizationId::make(), 10);
  events.push_back(testing::plain_event());
  insert_outbox(product, events);
  EXPECT_TRUE(drain(product, audit));
  EXPECT_EQ(count(product, "select count(*) from audit_outbox"), 0);
  auto report = verify(audit);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 11);
}

TEST(Drain, WritesDownHowFarEveryChainHasComeAndNeverGoesBack) {
  auto product = fresh_database("product"), audit = fresh_database("audit");
  auto organization = OrganizationId::make();
  auto events = typical(organization, 3);
  events.push_back(testing::plain_event());
  insert_outbox(product, events);
  EXPECT_TRUE(drain(product, audit));
  auto marks = [&] {
    return run([](std::string to) -> Task<Marks> {
      auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
      pg::Batch batch;
      add_list_marks(batch);
      auto rows = co_await connection.run(std::move(batch), soon());
      co_return read_marks(rows.back());
    }(as_role(product, "gatehouse_audit")));
  };
  auto first = marks();
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first.at(organization.value).sequence, 3);
  EXPECT_EQ(first.at(Uuid{}).sequence, 1);
  EXPECT_TRUE(verify(audit, first).ok());

  insert_outbox(product, typical(organization, 2));
  EXPECT_TRUE(drain(product, audit));
  EXPECT_EQ(marks().at(organization.value).sequence, 5);
  EXPECT_TRUE(verify(audit, marks()).ok());
  EXPECT_EQ(execute(product, "update audit_marks set org_sequence = 4"), "23001") << "not even a superuser";
  // Another node, which saw less.
  run([](std::string to, Marks old) -> Task<void> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    pg::Batch batch;
    add_write_marks(batch, old);
    co_await connection.run(std::move(batch), soon());
  }(as_role(product, "gatehouse_audit"), first));
  EXPECT_EQ(marks().at(organization.value).sequence, 5);
}

TEST(Drain, DoesNotChainAgainWhatACrashLeftInTheOutbox) {
  auto product = fresh_database("product"), audit = fresh_database("audit");
  auto events = typical(OrganizationId::make(), 10);
  insert_outbox(product, events);
  // Chained, and the process died before it deleted the rows.
  append_events(audit, {events.begin() + 2, events.begin() + 6});
  EXPECT_TRUE(drain(product, audit));
  EXPECT_EQ(count(product, "select count(*) from audit_outbox"), 0);
  auto report = verify(audit);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 10);
}

TEST(Drain, ChainsARowThatIsNoEventOfItsOrganizationAsSuch) {
  auto product = fresh_database("product"), audit = fresh_database("audit");
  auto mine = OrganizationId::make(), victim = OrganizationId::make();
  auto forged = testing::typical_event(victim);
  run([](std::string app, OrganizationId organization, Event event) -> Task<void> {
    auto connection = co_await pg::Connection::connect({.dsn = app}, soon());
    auto bytes = encode_event(event);
    pg::Batch batch;
    batch.add_adhoc("select set_config('app.organization_id', $1, true)",
                    pg::params(organization.to_string()));
    batch.add(kInsertOutbox, pg::params(event.id, organization, event.recorded_at,
                                        std::vector<std::uint8_t>(bytes.begin(), bytes.end())));
    batch.add(kInsertOutbox, pg::params(Uuid::v7(), organization, now(), std::vector<std::uint8_t>{1, 2, 3}));
    co_await connection.run(std::move(batch), soon());
  }(as_role(product, "gatehouse_app"), mine, forged));
  EXPECT_TRUE(drain(product, audit));
  EXPECT_TRUE(verify(audit).ok());
  EXPECT_EQ(count(audit, "select count(*) from audit_events where action = 'audit.unreadable_row'"), 2);
  EXPECT_EQ(count(audit, "select count(*) from audit_events where org_id = '" + victim.to_string() + "'"), 0);
}

TEST(Outbox, TakesEventsOfTheContextAloneAndShowsThemToNobodyElse) {
  auto product = fresh_database("product");
  auto mine = OrganizationId::make();
  insert_outbox(product, typical(mine, 1));
  auto insert_as = [&](const char* role, std::optional<OrganizationId> context, const Event& event) {
    return run(
        [](std::string dsn, std::optional<OrganizationId> organization, Event one) -> Task<std::string> {
          auto connection = co_await pg::Connection::connect({.dsn = dsn}, soon());
          pg::Batch batch;
          if (organization)
            batch.add_adhoc("select set_config('app.organization_id', $1, true)",
                            pg::params(organization->to_string()));
          batch.add(kInsertOutbox, outbox_params(one));
          try {
            co_await connection.run(std::move(batch), soon());
          } catch (const pg::Error& error) {
            co_return error.sqlstate();
          }
          co_return "";
        }(as_role(product, role), context, event));
  };
  auto foreign = testing::typical_event(OrganizationId::make());
  EXPECT_EQ(insert_as("gatehouse_app", mine, foreign), "42501");
  EXPECT_EQ(insert_as("gatehouse_app", std::nullopt, foreign), "42501");
  EXPECT_EQ(insert_as("gatehouse_app", mine, testing::plain_event()), "42501");
  // The journal of model calls writes for many tenants at once.
  EXPECT_EQ(insert_as("gatehouse_platform", std::nullopt, foreign), "");
  EXPECT_EQ(insert_as("gatehouse_platform", std::nullopt, testing::plain_event()), "");
  for (auto* sql : {"select count(*) from audit_outbox", "delete from audit_outbox", "truncate audit_outbox",
                    "update audit_outbox set id = id"}) {
    EXPECT_EQ(execute(as_role(product, "gatehouse_app"), sql), "42501") << sql;
    EXPECT_EQ(execute(as_role(product, "gatehouse_platform"), sql), "42501") << sql;
  }
  EXPECT_EQ(execute(as_role(product, "gatehouse_audit"), "update audit_outbox set id = gen_random_uuid()"),
            "42501");
}

}  // namespace
}  // namespace gatehouse::audit
