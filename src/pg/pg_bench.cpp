// The hot read path: session context and a list of 20 rows through row-level security, one round trip, from
// many concurrent callers on one reactor. Argument 0: callers; 1: connections; 2: of these, shared.
#include <benchmark/benchmark.h>

#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;

constexpr Statement kContext{"bench.context", "select set_config('app.organization_id', $1, true)"};
constexpr Statement kList{"bench.list",
                          "select id, title, updated_at from chats where organization_id = $1 "
                          "order by updated_at desc limit 20"};

struct ChatRow {
  Uuid id;
  std::string title;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ChatRow, (), (id, title, updated_at))

const std::string& database() {
  static const std::string dsn = [] {
    auto fresh = testing::fresh_database();
    testing::run([](std::string admin) -> Task<void> {
      auto connection = co_await Connection::connect({.dsn = admin}, within(60s));
      co_await connection.execute_script(
          "create table chats (organization_id uuid, id uuid default gen_random_uuid(), title text, "
          "updated_at "
          "timestamptz, primary key (organization_id, id));"
          "insert into chats select ('00000000-0000-0000-0000-' || lpad((n % 100)::text, 12, '0'))::uuid,"
          " gen_random_uuid(), 'a chat about something ' || n, now() - n * interval '1 s' from "
          "generate_series(1, 20000) n;"
          "create index chats_recent on chats (organization_id, updated_at desc);"
          "alter table chats enable row level security; alter table chats force row level security;"
          "create policy tenant on chats using (organization_id ="
          " (select nullif(current_setting('app.organization_id', true), '')::uuid));"
          "do $$ begin create role bench_app; exception when duplicate_object then end $$;"
          "grant select on chats to bench_app; analyze chats",
          within(60s));
    }(fresh));
    return testing::as_role(fresh, "bench_app");
  }();
  return dsn;
}

void BM_ListThroughPool(benchmark::State& state) {
  asio::io_context context(1);
  auto executor = context.get_executor();
  Pool pool(executor, {.dsn = database()},
            {.name = "bench",
             .size = static_cast<std::size_t>(state.range(1)),
             .max_waiting = 10'000,
             .shared = static_cast<std::size_t>(state.range(2))});
  auto organization = *Uuid::parse("00000000-0000-0000-0000-000000000007");
  auto text = organization.to_string();
  constexpr int kCallsEach = 50;
  auto caller = [&](int calls) -> Task<void> {
    for (int i = 0; i < calls; ++i) {
      auto rows =
          co_await pool.run(Batch(kContext, params(text)).add(kList, params(organization)), within(30s));
      auto chats = rows[1].as<ChatRow>();
      if (chats.size() != 20) throw Failure("the benchmark's query is wrong");
      benchmark::DoNotOptimize(chats);
    }
  };
  auto all_callers = [&](int calls) {
    auto left = state.range(0);
    for (int i = 0; i < state.range(0); ++i)
      asio::co_spawn(executor, caller(calls), [&](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
        if (--left == 0) context.stop();
      });
    context.restart();
    context.run();
  };
  all_callers(1);
  for (auto _ : state) all_callers(kCallsEach);
  state.SetItemsProcessed(state.iterations() * state.range(0) * kCallsEach);
}
BENCHMARK(BM_ListThroughPool)
    ->ArgNames({"callers", "connections", "shared"})
    ->Args({1, 1, 0})
    ->Args({8, 8, 0})
    ->Args({32, 2, 0})
    ->Args({32, 4, 0})
    ->Args({32, 8, 0})
    ->Args({32, 2, 2})
    ->Args({32, 4, 4})
    ->Args({128, 8, 0})
    ->Args({128, 4, 4})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gatehouse::pg
