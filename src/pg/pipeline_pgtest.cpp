#include <gmock/gmock.h>

#include "pg/pipeline.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;

constexpr Statement kEcho{"test.echo", "select $1::text as text"};
constexpr Statement kDivide{"test.divide", "select 1 / $1"};
constexpr Statement kSleep{"test.sleep", "select pg_sleep($1)"};
constexpr Statement kPid{"test.pid", "select pg_backend_pid()"};
constexpr Statement kSetContext{"test.set_context", "select set_config('app.organization_id', $1, true)"};
constexpr Statement kGetContext{"test.get_context",
                                "select coalesce(current_setting('app.organization_id', true), '')"};

Deadline soon() {
  return within(60s);
}

class PipelineTest : public ::testing::Test {
 protected:
  /// Runs `body` with a pool that shares its only connection, or `size` of them.
  template <class F>
  static void with_pool(F body, std::size_t size = 1) {
    testing::run([](F inner, std::size_t connections) -> Task<void> {
      Pool pool(co_await asio::this_coro::executor, {.dsn = testing::cluster_dsn()},
                {.name = "test", .size = connections, .max_waiting = 64, .shared = connections});
      co_await inner(pool);
    }(std::move(body), size));
  }
};

/// Starts tasks and waits for the last to end; counts those that threw.
class Crowd {
 public:
  explicit Crowd(Executor executor) : executor_(executor) {}
  template <class F>
  void add(F task) {
    ++running_;
    asio::co_spawn(executor_, std::move(task), [this](std::exception_ptr e) {
      if (e) ++failed_;
      --running_;
    });
  }
  Task<int> all() {
    while (running_ > 0) co_await asio::post(executor_, use_task);
    co_return failed_;
  }

 private:
  Executor executor_;
  int running_ = 0, failed_ = 0;
};

TEST_F(PipelineTest, GivesEveryCallerItsOwnAnswer) {
  with_pool(
      [](Pool& pool) -> Task<void> {
        Crowd crowd(co_await asio::this_coro::executor);
        int right = 0;
        for (int i = 0; i < 60; ++i)
          crowd.add([&, i]() -> Task<void> {
            for (int turn = 0; turn < 5; ++turn) {
              auto text = std::to_string(i * 100 + turn);
              // Every third fails in the middle; its error is nobody else's.
              Batch batch(kSetContext, params(text));
              if (i % 3 == 0) batch.add(kDivide, params(0));
              batch.add(kGetContext).add(kEcho, params(text + std::string(20'000, '.')));
              try {
                auto rows = co_await pool.run(std::move(batch), soon());
                right += i % 3 != 0 && rows[1].one<std::string>() == text &&
                         rows[2].one<std::string>().starts_with(text);
              } catch (const Error& error) {
                right += i % 3 == 0 && error.statement() == "test.divide" && error.sqlstate() == "22012";
              }
            }
          });
        EXPECT_EQ(co_await crowd.all(), 0);
        EXPECT_EQ(right, 300);
        EXPECT_EQ((co_await pool.run(Batch(kGetContext, {}), soon()))[0].one<std::string>(), "");
        EXPECT_LE(pool.in_use() + pool.idle(), 2u);
      },
      2);
}

TEST_F(PipelineTest, AsksAgainWhenAnotherBatchsParseNeverHappened) {
  with_pool([](Pool& pool) -> Task<void> {
    co_await pool.run(Batch(kPid, {}), soon());
    Crowd crowd(co_await asio::this_coro::executor);
    std::string answer;
    crowd.add([&]() -> Task<void> {
      co_await pool.run(Batch(kDivide, params(0)).add(kEcho, params("never")), soon());
    });
    crowd.add([&]() -> Task<void> {
      answer = (co_await pool.run(Batch(kEcho, params("after all")), soon()))[0].one<std::string>();
    });
    EXPECT_EQ(co_await crowd.all(), 1);
    EXPECT_EQ(answer, "after all");
  });
}

TEST_F(PipelineTest, ACallerWhoLeavesTakesItsConnectionAlong) {
  with_pool([](Pool& pool) -> Task<void> {
    auto first = (co_await pool.run(Batch(kPid, {}), soon()))[0].one<int>();
    try {
      co_await pool.run(Batch(kSleep, params(600.0)), within(30ms));
      ADD_FAILURE() << "answered";
    } catch (const Error& error) {
      EXPECT_TRUE(error.is_timeout());
      EXPECT_EQ(error.statement(), "test.sleep");
    }
    auto second = (co_await pool.run(Batch(kPid, {}), soon()))[0].one<int>();
    EXPECT_NE(first, second);
  });
}

TEST_F(PipelineTest, ThoseBehindACallerWhoLeftAreStillServed) {
  with_pool([](Pool& pool) -> Task<void> {
    Crowd crowd(co_await asio::this_coro::executor);
    bool served = false;
    co_await pool.run(Batch(kPid, {}), soon());
    crowd.add([&]() -> Task<void> { co_await pool.run(Batch(kSleep, params(0.2)), within(30ms)); });
    crowd.add([&]() -> Task<void> {
      co_await pool.run(Batch(kPid, {}), soon());
      served = true;
    });
    EXPECT_EQ(co_await crowd.all(), 1);
    EXPECT_TRUE(served);
  });
}

TEST_F(PipelineTest, ALostConnectionFailsThoseOnItAndNobodyAfter) {
  with_pool([](Pool& pool) -> Task<void> {
    auto pid = (co_await pool.run(Batch(kPid, {}), soon()))[0].one<int>();
    auto killer = co_await Connection::connect({.dsn = testing::cluster_dsn()}, soon());
    Crowd crowd(co_await asio::this_coro::executor);
    for (int i = 0; i < 3; ++i)
      crowd.add([&]() -> Task<void> {
        try {
          co_await pool.run(Batch(kSleep, params(600.0)), soon());
        } catch (const Error& error) {
          EXPECT_TRUE(error.is_connection());
          throw;
        }
      });
    co_await killer.run(Batch().add_adhoc("select pg_terminate_backend($1)", params(pid)), soon());
    EXPECT_EQ(co_await crowd.all(), 3);
    EXPECT_EQ((co_await pool.run(Batch(kEcho, params("again")), soon()))[0].one<std::string>(), "again");
  });
}

TEST_F(PipelineTest, DoesNotDeadlockOnLargeBatchesBehindOneAnother) {
  with_pool([](Pool& pool) -> Task<void> {
    Crowd crowd(co_await asio::this_coro::executor);
    for (int i = 0; i < 12; ++i)
      crowd.add([&]() -> Task<void> {
        auto rows = co_await pool.run(Batch(kEcho, params(std::string(3 << 20, 'z'))), soon());
        EXPECT_EQ(rows[0].one<std::string_view>().size(), 3u << 20);
      });
    EXPECT_EQ(co_await crowd.all(), 0);
  });
}

/// How many backends of this process id there are in this state.
int backends(int pid, std::string state) {
  return testing::run([](int of, std::string in) -> Task<int> {
    auto connection = co_await Connection::connect({.dsn = testing::cluster_dsn()}, soon());
    auto rows = co_await connection.run(
        Batch().add_adhoc("select count(*)::int from pg_stat_activity where pid = $1 and state like $2",
                          params(of, in)),
        soon());
    co_return rows[0].one<int>();
  }(pid, std::move(state)));
}

TEST_F(PipelineTest, ClosesItsConnectionWhenTheReactorIsDestroyedUnderAQuery) {
  int pid = 0;
  {
    asio::io_context io(1);
    Pool pool(io.get_executor(), {.dsn = testing::cluster_dsn()}, {.name = "test", .size = 1, .shared = 1});
    asio::co_spawn(
        io,
        [&]() -> Task<void> {
          pid = (co_await pool.run(Batch(kPid, {}), soon()))[0].one<int>();
          co_await pool.run(Batch(kSleep, params(600.0)), soon());
        },
        asio::detached);
    while (pid == 0 || backends(pid, "active") == 0) io.run_for(1ms);
  }
  auto end = soon();
  int left = 1;
  while (left > 0 && std::chrono::steady_clock::now() < end) left = backends(pid, "%");
  EXPECT_EQ(left, 0);
}

TEST_F(PipelineTest, RefusesWhenThePoolIsClosed) {
  with_pool([](Pool& pool) -> Task<void> {
    co_await pool.run(Batch(kPid, {}), soon());
    pool.close();
    EXPECT_THROW(co_await pool.run(Batch(kPid, {}), soon()), PoolExhausted);
  });
}

}  // namespace
}  // namespace gatehouse::pg
