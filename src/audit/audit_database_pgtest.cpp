#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/database_testing.h"
#include "audit/query.h"
#include "base/error.h"

namespace gatehouse::audit {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;

TEST(AuditDatabase, IsGoneAfterItsDownMigration) {
  auto database = fresh_database("audit");
  append_events(database, {testing::plain_event()});
  run([](std::string owner) -> Task<void> {
    auto connection = co_await pg::Connection::connect({.dsn = owner}, soon());
    co_await pg::Migrator(connection, "migrations/audit").down(0);
    co_await pg::Migrator(connection, "migrations/audit").up();
  }(as_role(database, "gatehouse_owner")));
  EXPECT_EQ(count(database, "select count(*) from audit_events"), 0);
}

TEST(AuditDatabase, IsAppendOnlyForEveryoneAndTheHeadsMoveForward) {
  auto database = fresh_database("audit");
  append_events(database, {testing::plain_event()});
  for (auto* sql :
       {"update audit_events set action = 'x'", "delete from audit_events", "truncate audit_events"}) {
    EXPECT_EQ(execute(as_role(database, "gatehouse_audit"), sql), "42501") << sql;
    EXPECT_EQ(execute(as_role(database, "gatehouse_app"), sql), "42501") << sql;
    EXPECT_EQ(execute(as_role(database, "gatehouse_platform"), sql), "42501") << sql;
    EXPECT_EQ(execute(database, sql), "23001") << sql;
  }
  EXPECT_EQ(execute(as_role(database, "gatehouse_owner"), "truncate audit_events"), "23001");
  auto audit = as_role(database, "gatehouse_audit");
  EXPECT_EQ(execute(audit, "update audit_head set region_sequence = 0"), "23001");
  EXPECT_EQ(execute(audit, "update audit_chain_heads set org_sequence = 1"), "23001");
  EXPECT_EQ(execute(audit, "delete from audit_head"), "42501");
  EXPECT_EQ(
      execute(as_role(database, "gatehouse_app"), "insert into audit_head values (true, 'eu', 1, now())"),
      "42501");
  EXPECT_TRUE(verify(database).ok());
}

TEST(AuditDatabase, ShowsAnOrganizationItsOwnEventsAndNobodyElses) {
  auto database = fresh_database("audit");
  auto mine = OrganizationId::make(), other = OrganizationId::make();
  auto events = typical(mine, 3);
  auto theirs = typical(other, 2);
  events.insert(events.end(), theirs.begin(), theirs.end());
  events.push_back(testing::plain_event());
  append_events(database, events);
  auto app = as_role(database, "gatehouse_app");
  auto list = [&](std::optional<OrganizationId> context, std::optional<OrganizationId> asked) {
    return with_database<std::size_t>(app, context, [asked](RunBatch batch) -> Task<std::size_t> {
      pg::Batch query;
      add_list(query, asked, {}, std::nullopt, 100);
      co_return read_events(co_await batch(std::move(query))).size();
    });
  };
  EXPECT_EQ(list(mine, mine), 3u);
  EXPECT_EQ(list(mine, other), 0u);
  EXPECT_EQ(list(mine, std::nullopt), 0u);
  EXPECT_EQ(list(std::nullopt, mine), 0u);
  EXPECT_EQ(count(app, "select count(*) from audit_events"), 0);
  EXPECT_EQ(count(app, "select count(*) from audit_chain_heads"), 0);
  EXPECT_EQ(count(as_role(database, "gatehouse_platform"), "select count(*) from audit_events"), 1);

  auto report = with_database<VerifyReport>(
      app, mine, [mine](RunBatch batch) { return verify_organization(batch, mine, {.page = 2}); });
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 3);
}

TEST(AuditDatabase, ListsByFilterNewestFirstInPages) {
  auto database = fresh_database("audit");
  auto organization = OrganizationId::make();
  auto events = typical(organization, 5);
  events[1].action = "chat.delete";
  events[2].outcome = EventOutcome::denied;
  append_events(database, events);
  auto list = [&](EventFilter filter, std::optional<std::int64_t> before = {}, int limit = 100) {
    return with_database<std::vector<std::int64_t>>(
        as_role(database, "gatehouse_app"), organization,
        [=](RunBatch batch) -> Task<std::vector<std::int64_t>> {
          pg::Batch query;
          add_list(query, organization, filter, before, limit);
          std::vector<std::int64_t> sequences;
          for (const auto& event : read_events(co_await batch(std::move(query))))
            sequences.push_back(event.org_sequence);
          co_return sequences;
        });
  };
  EXPECT_THAT(list({}, {}, 2), ElementsAre(5, 4));
  EXPECT_THAT(list({}, 4, 2), ElementsAre(3, 2));
  EXPECT_THAT(list({.actor_id = events[3].actor_id}), ElementsAre(4));
  EXPECT_THAT(list({.action = "chat.delete"}), ElementsAre(2));
  EXPECT_THAT(list({.action = "chat.delete", .outcome = EventOutcome::denied}), ElementsAre());
  EXPECT_THAT(list({.outcome = EventOutcome::denied}), ElementsAre(3));
  EXPECT_THAT(list({.outcome = EventOutcome::success}), ElementsAre(5, 4, 2, 1));
  EXPECT_THAT(list({.resource_type = "chat"}), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_THAT(list({.resource_type = "chat", .resource_id = events[0].resource_id}), ElementsAre(1));
  EXPECT_THAT(list({.from = now() + std::chrono::hours(1)}), ElementsAre());
  EXPECT_THAT(list({.to = now() - std::chrono::hours(1)}), ElementsAre());
  EXPECT_THAT(list({.from = now() - std::chrono::hours(1), .to = now() + std::chrono::hours(1)}, {}, 1),
              ElementsAre(5));
}

TEST(AuditDatabase, TellsWhichRowASuperuserChangedByOneByte) {
  auto database = fresh_database("audit");
  append_events(database, typical(OrganizationId::make(), 20));
  EXPECT_EQ(execute(database,
                    "set session_replication_role = replica;"
                    "update audit_events set record = set_byte(record, 100, get_byte(record, 100) # 1)"
                    " where region_sequence = 13"),
            "");
  auto report = verify(database);
  ASSERT_FALSE(report.ok());
  for (const auto& problem : report.problems) EXPECT_EQ(problem.sequence, 13) << problem.message;
  EXPECT_EQ(exit_code(report), 2);

  EXPECT_EQ(
      execute(database,
              "set session_replication_role = replica; delete from audit_events where region_sequence = 20"),
      "");
  EXPECT_THAT(verify(database).kinds, Contains(ProblemKind::truncated));
}

}  // namespace
}  // namespace gatehouse::audit
