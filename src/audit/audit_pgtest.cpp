#include <fstream>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/appender.h"
#include "audit/drain.h"
#include "audit/export.h"
#include "audit/outbox.h"
#include "audit/query.h"
#include "audit/testing.h"
#include "audit/verify.h"
#include "base/error.h"
#include "pg/migrator.h"
#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::audit {
namespace {

using pg::testing::as_role;
using pg::testing::run;
using ::testing::Contains;
using ::testing::ElementsAre;

pg::Deadline soon() {
  return pg::within(std::chrono::seconds(30));
}

AppenderOptions options(const std::string& database) {
  return {.region = Region::eu, .database = {.dsn = as_role(database, "gatehouse_audit")}};
}

/// Runs one script as whoever the DSN names; the SQLSTATE if it is refused.
std::string execute(std::string dsn, std::string sql) {
  return run([](std::string to, std::string script) -> Task<std::string> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    try {
      co_await connection.execute_script(script, soon());
    } catch (const pg::Error& error) {
      co_return error.sqlstate();
    }
    co_return "";
  }(std::move(dsn), std::move(sql)));
}

std::int64_t count(std::string dsn, std::string sql) {
  return run([](std::string to, std::string query) -> Task<std::int64_t> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    pg::Batch batch;
    batch.add_adhoc(query);
    auto rows = co_await connection.run(std::move(batch), soon());
    co_return rows.back().at(0, 0).integer();
  }(std::move(dsn), std::move(sql)));
}

/// A database as the installer makes it: owned and migrated by gatehouse_owner.
std::string fresh_database(const std::string& kind) {
  static const bool kRolesMade = [] {
    std::ifstream file("migrations/roles.sql");
    std::string roles{std::istreambuf_iterator<char>(file), {}};
    auto cluster = pg::testing::cluster_dsn();
    // Test executables may share the cluster.
    return execute(cluster, "select pg_advisory_lock(424242);" + roles) == "";
  }();
  EXPECT_TRUE(kRolesMade);
  auto database = pg::testing::fresh_database();
  // The role does not inherit, so owning the database alone would not let it into the schema.
  EXPECT_EQ(execute(database, "alter schema public owner to gatehouse_owner"), "");
  run([](std::string owner, std::string directory) -> Task<void> {
    auto connection = co_await pg::Connection::connect({.dsn = owner}, soon());
    co_await pg::Migrator(connection, directory).up();
  }(as_role(database, "gatehouse_owner"), "migrations/" + kind));
  return database;
}

/// Runs `use` with a session on `dsn`, whose batches may begin with a context.
template <class T>
T with_database(std::string dsn, std::optional<OrganizationId> context,
                std::function<Task<T>(RunBatch)> use) {
  return run([](std::string to, std::optional<OrganizationId> organization,
                std::function<Task<T>(RunBatch)> body) -> Task<T> {
    pg::Pool pool(co_await asio::this_coro::executor, {.dsn = to}, {.name = "test"});
    RunBatch in_session = [&pool, organization](pg::Batch batch) -> Task<pg::Rows> {
      pg::Batch whole;
      if (organization)
        whole.add_adhoc("select set_config('app.organization_id', $1, true)",
                        pg::params(organization->to_string()));
      whole.append(std::move(batch));
      auto rows = co_await pool.run(std::move(whole), soon());
      co_return std::move(rows.back());
    };
    auto result = co_await body(in_session);
    pool.close();
    co_return result;
  }(std::move(dsn), context, std::move(use)));
}

VerifyReport verify(const std::string& database) {
  return with_database<VerifyReport>(as_role(database, "gatehouse_audit"), std::nullopt, [](RunBatch batch) {
    return verify_region(batch, Region::eu, {.page = 7});
  });
}

void append_events(const std::string& database, std::vector<Event> events) {
  run([](AppenderOptions chosen, std::vector<Event> all) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, chosen);
    co_await appender.append_all(std::move(all));
    co_await appender.close(soon());
  }(options(database), std::move(events)));
}

std::vector<Event> typical(OrganizationId organization, int number) {
  std::vector<Event> events;
  for (int i = 0; i < number; ++i) events.push_back(testing::typical_event(organization));
  return events;
}

TEST(Appender, ChainsEventsOfEveryShapeSoThatTheyVerify) {
  auto database = fresh_database("audit");
  append_events(database, testing::varied_events());
  auto report = verify(database);
  EXPECT_TRUE(report.ok()) << report.problems.at(0).message;
  EXPECT_EQ(report.events, static_cast<std::int64_t>(testing::varied_events().size()));
}

TEST(Appender, ChainsAnEventOnceHoweverOftenItIsSubmitted) {
  auto database = fresh_database("audit");
  auto events = typical(OrganizationId::make(), 3);
  auto twice = events;
  twice.push_back(events[0]);
  append_events(database, twice);
  append_events(database, events);
  run([](AppenderOptions chosen, std::vector<Event> all) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, chosen);
    co_await appender.append(testing::plain_event());
    co_await appender.append(all[2]);
    co_await appender.append(testing::plain_event());
    co_await appender.close(soon());
  }(options(database), events));
  auto report = verify(database);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 5);
}

TEST(Appender, FourProcessesMakeOneChainWithoutGaps) {
  auto database = fresh_database("audit");
  auto chosen = options(database);
  std::vector<OrganizationId> organizations{OrganizationId::make(), OrganizationId::make(),
                                            OrganizationId::make()};
  constexpr int kEach = 60;
  std::atomic<int> failed{0};
  std::vector<std::thread> processes;
  for (int process = 0; process < 4; ++process)
    processes.emplace_back([&] {
      try {
        run([](AppenderOptions to, std::vector<OrganizationId> of) -> Task<void> {
          Appender appender(co_await asio::this_coro::executor, to);
          for (int i = 0; i < kEach; ++i)
            co_await appender.append(testing::typical_event(of[static_cast<std::size_t>(i) % of.size()]));
          co_await appender.close(soon());
        }(chosen, organizations));
      } catch (const std::exception&) {
        ++failed;
      }
    });
  for (auto& process : processes) process.join();
  EXPECT_EQ(failed, 0);
  auto report = verify(database);
  EXPECT_TRUE(report.ok()) << report.problems.at(0).message;
  EXPECT_EQ(report.events, 4 * kEach);
}

TEST(Appender, TakesEventsFromOtherReactors) {
  auto database = fresh_database("audit");
  asio::io_context writer(1);
  auto guard = asio::make_work_guard(writer);
  std::thread writing([&] { writer.run(); });
  {
    Appender appender(writer.get_executor(), options(database));
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; ++caller)
      callers.emplace_back([&] {
        for (int i = 0; i < 40; ++i)
          run([](Appender& to) -> Task<void> {
            auto here = std::this_thread::get_id();
            co_await to.append(testing::plain_event());
            EXPECT_EQ(std::this_thread::get_id(), here);
          }(appender));
      });
    for (auto& caller : callers) caller.join();
    EXPECT_TRUE(run(appender.close(soon())));
    EXPECT_THROW(run(appender.append(testing::plain_event())), Failure);
  }
  guard.reset();
  writing.join();
  EXPECT_EQ(verify(database).events, 120);
}

TEST(Appender, GoesOnAfterItsConnectionWasCut) {
  auto database = fresh_database("audit");
  auto chosen = options(database);
  run([](AppenderOptions to, std::string superuser) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, to);
    co_await appender.append(testing::plain_event());
    auto connection = co_await pg::Connection::connect({.dsn = superuser}, soon());
    for (int i = 0; i < 5; ++i) {
      co_await connection.execute_script(
          "select pg_terminate_backend(pid) from pg_stat_activity"
          " where usename = 'gatehouse_audit' and datname = current_database()",
          soon());
      co_await appender.append(testing::plain_event());
    }
    co_await appender.close(soon());
  }(chosen, database));
  auto report = verify(database);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 6);
}

TEST(Appender, RefusesAnotherRegionsDatabaseAndAFullQueue) {
  auto database = fresh_database("audit");
  append_events(database, {testing::plain_event()});
  auto wrong = options(database);
  wrong.region = Region::us;
  auto append_one = [](AppenderOptions to) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, to);
    std::exception_ptr error;
    try {
      co_await appender.append_all({testing::plain_event(), testing::plain_event()});
    } catch (...) {
      error = std::current_exception();
    }
    co_await appender.close(soon());
    if (error) std::rethrow_exception(error);
  };
  EXPECT_THROW(run(append_one(wrong)), Failure);
  auto small = options(database);
  small.max_queued = 1;
  EXPECT_THROW(run(append_one(small)), Failure);
  EXPECT_EQ(verify(database).events, 1);
}

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

TEST(Export, WritesJsonLinesThatVerifyOfflineAndCsvAndJson) {
  auto database = fresh_database("audit");
  auto organization = OrganizationId::make();
  auto events = typical(organization, 5);
  events[1].resource_id = "=cmd|' /C calc'!A0";
  events[2].resource_id = "with \"quotes\", and commas";
  append_events(database, events);
  auto text = [&](ExportFormat format, EventFilter filter) {
    return with_database<std::string>(
        as_role(database, "gatehouse_app"), organization, [=](RunBatch batch) -> Task<std::string> {
          Unseal unseal = [](const Event&) -> Task<json::Value> {
            co_return json::Object{{"ip", "203.0.113.9"}, {"user_agent", "@browser"}};
          };
          Export file(batch, {.format = format,
                              .organization = organization,
                              .filter = filter,
                              .unseal = unseal,
                              .page = 2});
          std::string whole;
          while (auto chunk = co_await file.next_chunk()) whole += *chunk;
          co_return whole;
        });
  };
  for (EventFilter filter : {EventFilter{}, EventFilter{.from = now() - std::chrono::hours(1)},
                             EventFilter{.outcome = EventOutcome::success}}) {
    std::istringstream in(text(ExportFormat::jsonl, filter));
    auto report = verify_export(in);
    EXPECT_TRUE(report.ok()) << report.problems.at(0).message;
    EXPECT_EQ(report.events, 5);
  }

  auto csv = text(ExportFormat::csv, {});
  EXPECT_THAT(csv, ::testing::HasSubstr(",\"'=cmd|' /C calc'!A0\","));
  EXPECT_THAT(csv, ::testing::HasSubstr(",\"with \"\"quotes\"\", and commas\","));
  EXPECT_THAT(csv, ::testing::HasSubstr(",203.0.113.9,\"'@browser\","));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 6);

  auto parsed = json::parse(text(ExportFormat::json, {}));
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->as_array().size(), 5u);
  EXPECT_EQ(parsed->as_array()[1].as_object().at("resource_id"), "=cmd|' /C calc'!A0");
  EXPECT_EQ(json::parse(text(ExportFormat::json, {.action = "none"}))->as_array().size(), 0u);
}

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
  EXPECT_EQ(insert_as("gatehouse_platform", std::nullopt, foreign), "42501");
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
