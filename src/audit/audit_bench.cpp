// Issue 2, 5(c): events a second from the outbox into the chains, and the delay from commit to chained.
//
// A private cluster with fsync; two databases of it are product and audit. `items_per_second` is the rate of
// the drain; `p50_ms` and `p99_ms` are from an event's commit to its durable record, measured by the
// database's clock of the same machine.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <benchmark/benchmark.h>

#include "audit/appender.h"
#include "audit/drain.h"
#include "audit/outbox.h"
#include "audit/testing.h"
#include "base/error.h"
#include "pg/migrator.h"
#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::audit {
namespace {

namespace fs = std::filesystem;
using pg::testing::run;

pg::Deadline soon() {
  return pg::within(std::chrono::seconds(120));
}

Task<void> execute(std::string dsn, std::string sql) {
  auto connection = co_await pg::Connection::connect({.dsn = dsn}, soon());
  co_await connection.execute_script(sql, soon());
}

/// With commit timestamps, which the tests' cluster does not keep.
void start_cluster() {
  static const fs::path kDirectory =
      fs::temp_directory_path() / ("gatehouse-audit-bench-" + std::to_string(getpid()));
  static auto cluster = pg::EmbeddedCluster::start(
      {.directory = kDirectory, .settings = {{"track_commit_timestamp", "on"}}, .sync_on_create = false});
  static const int kNamed = setenv("GATEHOUSE_TEST_DSN", cluster.dsn().c_str(), 1);
  if (kNamed != 0) throw Failure("the environment cannot be set");
}

std::string database(const std::string& kind) {
  start_cluster();
  std::ifstream file("migrations/roles.sql");
  std::string roles{std::istreambuf_iterator<char>(file), {}};
  run(execute(pg::testing::cluster_dsn(), roles));
  auto dsn = pg::testing::fresh_database();
  run(execute(dsn, "alter schema public owner to gatehouse_owner"));
  run([](std::string owner, std::string directory) -> Task<void> {
    auto connection = co_await pg::Connection::connect({.dsn = owner}, soon());
    co_await pg::Migrator(connection, directory).up();
  }(pg::testing::as_role(dsn, "gatehouse_owner"), "migrations/" + kind));
  return dsn;
}

constexpr pg::Statement kContext{"bench.context", "select set_config('app.organization_id', $1, true)"};

/// `number` events, each with an insert of its own, `together` in a transaction.
Task<void> produce(std::string dsn, OrganizationId organization, int number, int together) {
  auto connection = co_await pg::Connection::connect({.dsn = dsn}, soon());
  for (int done = 0; done < number; done += together) {
    pg::Batch batch(kContext, pg::params(organization.to_string()));
    for (int i = 0; i < together; ++i)
      batch.add(kInsertOutbox, outbox_params(testing::typical_event(organization)));
    co_await connection.run(std::move(batch), soon());
  }
}

struct Databases {
  std::string product = database("product"), audit = database("audit");
  std::string app = pg::testing::as_role(product, "gatehouse_app");
  AppenderOptions appending{.database = {.dsn = pg::testing::as_role(audit, "gatehouse_audit")}};
  DrainOptions draining{.database = {.dsn = pg::testing::as_role(product, "gatehouse_audit")}};
};

void drain_backlog(benchmark::State& state) {
  Databases databases;
  const int number = static_cast<int>(state.range(0));
  for (auto _ : state) {
    std::vector<OrganizationId> organizations{OrganizationId::make(), OrganizationId::make()};
    for (auto organization : organizations) run(produce(databases.app, organization, number / 2, 500));
    auto seconds = run([](const Databases& of) -> Task<double> {
      auto here = co_await asio::this_coro::executor;
      Appender appender(here, of.appending);
      auto start = std::chrono::steady_clock::now();
      Drain drain(here, of.draining, appender);
      if (!co_await drain.flush(soon())) throw Failure("the outbox was not drained");
      std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      co_await drain.stop();
      co_await appender.close(soon());
      co_return taken.count();
    }(databases));
    state.SetIterationTime(seconds);
  }
  state.SetItemsProcessed(state.iterations() * number);
}
BENCHMARK(drain_backlog)->Arg(60'000)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

/// Direct appends, as reads and model calls make them: each waits for its own.
void append_directly(benchmark::State& state) {
  Databases databases;
  constexpr int kEach = 200;
  const int writers = static_cast<int>(state.range(0));
  for (auto _ : state) {
    auto seconds = run([](const Databases& of, int number) -> Task<double> {
      auto here = co_await asio::this_coro::executor;
      Appender appender(here, of.appending);
      auto start = std::chrono::steady_clock::now();
      int running = number;
      for (int i = 0; i < number; ++i)
        asio::co_spawn(
            here,
            [](Appender& to) -> Task<void> {
              auto organization = OrganizationId::make();
              for (int done = 0; done < kEach; ++done)
                co_await to.append(testing::typical_event(organization));
            }(appender),
            [&running](std::exception_ptr error) {
              --running;
              if (error) std::rethrow_exception(error);
            });
      while (running > 0) co_await sleep_for(std::chrono::milliseconds(1));
      std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      co_await appender.close(soon());
      co_return taken.count();
    }(databases, writers));
    state.SetIterationTime(seconds);
  }
  state.SetItemsProcessed(state.iterations() * writers * kEach);
}
BENCHMARK(append_directly)->Arg(1)->Arg(128)->UseManualTime()->Iterations(2)->Unit(benchmark::kMillisecond);

/// `range` events a second for five seconds, in transactions of five every millisecond.
void commit_to_chained(benchmark::State& state) {
  const int rate = static_cast<int>(state.range(0));
  constexpr int kTogether = 5, kSeconds = 5;
  for (auto _ : state) {
    Databases databases;
    run([](const Databases& of, int each_second) -> Task<void> {
      auto here = co_await asio::this_coro::executor;
      Appender appender(here, of.appending);
      Drain drain(here, of.draining, appender);
      auto connection = co_await pg::Connection::connect({.dsn = of.app}, soon());
      auto organization = OrganizationId::make();
      auto start = std::chrono::steady_clock::now();
      auto every = std::chrono::nanoseconds(std::chrono::seconds(1)) * kTogether / each_second;
      for (int i = 0; i < each_second * kSeconds / kTogether; ++i) {
        auto due = start + every * i;
        if (auto wait = due - std::chrono::steady_clock::now(); wait > std::chrono::nanoseconds(0))
          co_await sleep_for(wait);
        pg::Batch batch(kContext, pg::params(organization.to_string()));
        for (int one = 0; one < kTogether; ++one)
          batch.add(kInsertOutbox, outbox_params(testing::typical_event(organization)));
        co_await connection.run(std::move(batch), soon());
        drain.notify_local();
      }
      if (!co_await drain.flush(soon())) throw Failure("the outbox was not drained");
      std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      co_await drain.stop();
      co_await appender.close(soon());
      if (taken.count() > kSeconds * 1.1) throw Failure("this machine does not keep up the asked rate");
    }(databases, rate));
    auto percentiles = run([](std::string dsn) -> Task<std::vector<double>> {
      auto connection = co_await pg::Connection::connect({.dsn = dsn}, soon());
      pg::Batch batch;
      // sealed_at is taken before the commit; pg_xact_commit_timestamp is when it was done.
      batch.add_adhoc(
          "select percentile_cont(array[0.5, 0.99]) within group"
          " (order by extract(epoch from pg_xact_commit_timestamp(xmin) - ts)::float8 * 1000) from "
          "audit_events");
      auto rows = co_await connection.run(std::move(batch), soon());
      co_return rows.back().at(0, 0).get<std::vector<double>>();
    }(databases.audit));
    state.counters["p50_ms"] = percentiles[0];
    state.counters["p99_ms"] = percentiles[1];
  }
}
BENCHMARK(commit_to_chained)->Arg(5'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gatehouse::audit
