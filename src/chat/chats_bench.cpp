// Issue 2, 5(b): a list of 20 chats through row-level security, without HTTP and without the read's audit
// event: context and query in one round trip, rows decoded, the page encoded. One reactor, 32 callers at
// once.
//
// On a database that stands already, named by the environment: BENCH_DSN (as gatehouse_app),
// BENCH_ORGANIZATION, BENCH_USER, BENCH_WORKSPACE. The label is the SQL, so that pgbench can run the same.
#include <cstdlib>

#include <benchmark/benchmark.h>

#include "access/page.h"
#include "access/session_context.h"
#include "chat/chat_views.h"
#include "json/codec.h"
#include "pg/pool.h"

namespace gatehouse::chat {
namespace {

using namespace std::chrono_literals;

constexpr int kCallers = 32, kCallsEach = 50, kLimit = 20;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (!value) throw Failure(std::string(name) + " is not set");
  return value;
}

template <class Id>
Id id_from(const char* name) {
  auto id = Id::parse(environment(name));
  if (!id) throw Failure(std::string(name) + " is no id");
  return *id;
}

pg::Batch list_of_20() {
  static const access::SessionContext kContext{.organization = id_from<OrganizationId>("BENCH_ORGANIZATION"),
                                               .workspace = id_from<WorkspaceId>("BENCH_WORKSPACE"),
                                               .user = id_from<UserId>("BENCH_USER"),
                                               .role = RoleCode::OA,
                                               .reach = Reach::organization};
  pg::Batch batch;
  access::add_context(batch, kContext, true);
  add_list_chats(batch, kContext.organization, kContext.user, {}, std::nullopt, kLimit + 1);
  return batch;
}

Task<void> caller(pg::Pool& pool, int calls) {
  for (int i = 0; i < calls; ++i) {
    auto rows = co_await pool.run(list_of_20(), pg::within(30s));
    auto found = rows[1].as<ChatRow>();
    if (found.size() != kLimit + 1) throw Failure("the benchmark's organization has too few chats");
    found.pop_back();
    access::Page<ChatView> page;
    for (auto& row : found) page.data.push_back(view(std::move(row), false));
    auto text = json::encode(page);
    benchmark::DoNotOptimize(text);
  }
}

void list_chats(benchmark::State& state) {
  asio::io_context context(1);
  auto executor = context.get_executor();
  auto connections = static_cast<std::size_t>(state.range(0));
  pg::Pool pool(executor, {.dsn = environment("BENCH_DSN")},
                {.name = "bench", .size = connections, .max_waiting = 1'000, .shared = connections});
  auto all_callers = [&](int calls) {
    int left = kCallers;
    for (int i = 0; i < kCallers; ++i)
      asio::co_spawn(executor, caller(pool, calls), [&](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
        if (--left == 0) context.stop();
      });
    context.restart();
    context.run();
  };
  all_callers(10);  // prepares the statements
  for (auto _ : state) all_callers(kCallsEach);
  state.SetItemsProcessed(state.iterations() * kCallers * kCallsEach);
  std::string sql;
  for (const auto& item : list_of_20().items()) sql += std::string(item.sql) + ";\n";
  state.SetLabel(sql);
}
BENCHMARK(list_chats)->ArgName("connections")->Arg(3)->Arg(8)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gatehouse::chat
