// Issue 2, 5(c): events a second from the outbox into the chains, and the delay from commit to chained.
//
// A private cluster with fsync; two databases of it are product and audit. `items_per_second` is the rate of
// the drain; the shares are of events that were durable and chained so long after they were made, which
// includes the commit of the transaction that recorded them (p99 under 50 ms is a share_within_50ms above
// 0.99).

#include <benchmark/benchmark.h>

#include "audit/appender.h"
#include "audit/drain.h"
#include "audit/outbox.h"
#include "audit/testing.h"
#include "base/error.h"
#include "base/metrics.h"
#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::audit {
namespace {

using pg::testing::run;

pg::Deadline soon() {
  return pg::within(std::chrono::seconds(120));
}

/// The drain's own histogram, cumulative over this process: events chained within `le` seconds.
double chained_within(const std::string& le) {
  auto text = metrics::render();
  auto line = text.find("gatehouse_audit_commit_to_chained_seconds_bucket");
  auto bound = line == std::string::npos ? line : text.find("le=\"" + le + "\"", line);
  return bound == std::string::npos ? 0 : std::stod(text.substr(text.find(' ', bound)));
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
  std::string product = pg::testing::owned_database("product"), audit = pg::testing::owned_database("audit");
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
BENCHMARK(drain_backlog)->Arg(60'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

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
BENCHMARK(append_directly)->Arg(1)->Arg(128)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

/// `range` events a second for five seconds, in transactions of five every millisecond.
void commit_to_chained(benchmark::State& state) {
  const int rate = static_cast<int>(state.range(0));
  static constexpr int kTogether = 5, kSeconds = 5;
  for (auto _ : state) {
    Databases databases;
    auto all_before = chained_within("+Inf");
    auto soon_before = chained_within("0.025");
    auto in_time_before = chained_within("0.05");
    auto reached = run([](const Databases& of, int each_second) -> Task<double> {
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
      co_return each_second* kSeconds / taken.count();
    }(databases, rate));
    state.counters["reached_per_second"] = reached;
    auto all = chained_within("+Inf") - all_before;
    state.counters["share_within_25ms"] = (chained_within("0.025") - soon_before) / all;
    state.counters["share_within_50ms"] = (chained_within("0.05") - in_time_before) / all;
  }
}
BENCHMARK(commit_to_chained)->Arg(5'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gatehouse::audit
