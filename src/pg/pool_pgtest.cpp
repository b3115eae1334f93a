#include <boost/asio/bind_cancellation_slot.hpp>
#include <gmock/gmock.h>

#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::run;

constexpr Statement kPid{"test.pid", "select pg_backend_pid()"};
constexpr Statement kSleep{"test.sleep", "select pg_sleep($1)"};

Deadline soon() {
  return within(60s);
}

std::unique_ptr<Pool> make_pool(Executor executor, PoolOptions options) {
  options.name = "test";
  return std::make_unique<Pool>(executor, Config{.dsn = testing::cluster_dsn()}, options);
}

Task<int> pid_of(Lease& lease) {
  co_return (co_await lease->query(kPid, {}, soon())).one<int>();
}

Task<void> terminate(int pid) {
  auto killer = co_await Connection::connect({.dsn = testing::cluster_dsn()}, soon());
  co_await killer.run(Batch().add_adhoc("select pg_terminate_backend($1, 30000)", params(pid)), soon());
}

template <class F>
void start(Executor executor, F task) {
  asio::co_spawn(executor, std::move(task), asio::detached);
}

TEST(Pool, LendsTheSameConnectionAgain) {
  run([]() -> Task<void> {
    auto pool = make_pool(co_await asio::this_coro::executor, {.size = 2});
    int first = 0, second = 0;
    {
      auto lease = co_await pool->acquire(soon());
      first = co_await pid_of(lease);
      EXPECT_EQ(pool->in_use(), 1u);
    }
    EXPECT_EQ(pool->idle(), 1u);
    {
      auto lease = co_await pool->acquire(soon());
      second = co_await pid_of(lease);
    }
    EXPECT_EQ(first, second);
  }());
}

TEST(Pool, NeverLendsMoreThanItsSizeAndServesInOrder) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto pool = make_pool(executor, {.size = 1});
    std::vector<int> order;
    auto first = std::make_optional(co_await pool->acquire(soon()));
    Timer all_done(executor, Timer::time_point::max());
    for (int i = 0; i < 5; ++i)
      start(executor, [&, i]() -> Task<void> {
        auto lease = co_await pool->acquire(soon());
        EXPECT_EQ(pool->in_use(), 1u);
        co_await pid_of(lease);
        order.push_back(i);
        if (order.size() == 5) all_done.cancel();
      });
    while (pool->waiting() < 5) co_await asio::post(executor, use_task);
    first.reset();
    co_await all_done.async_wait(use_result);
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
  }());
}

TEST(Pool, RefusesWhenTooManyWait) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto pool = make_pool(executor, {.size = 1, .max_waiting = 1});
    auto lease = std::make_optional(co_await pool->acquire(soon()));
    bool served = false;
    start(executor, [&]() -> Task<void> {
      auto late = co_await pool->acquire(soon());
      served = true;
    });
    while (pool->waiting() < 1) co_await asio::post(executor, use_task);
    try {
      co_await pool->acquire(soon());
      ADD_FAILURE() << "lent";
    } catch (const PoolExhausted& exhausted) {
      EXPECT_EQ(exhausted.reason(), PoolExhausted::Reason::queue_full);
    }
    lease.reset();
    while (!served) co_await asio::post(executor, use_task);
  }());
}

TEST(Pool, RefusesAtTheDeadlineAndForgetsTheCaller) {
  run([]() -> Task<void> {
    auto pool = make_pool(co_await asio::this_coro::executor, {.size = 1});
    auto lease = std::make_optional(co_await pool->acquire(soon()));
    try {
      co_await pool->acquire(within(20ms));
      ADD_FAILURE() << "lent";
    } catch (const PoolExhausted& exhausted) {
      EXPECT_EQ(exhausted.reason(), PoolExhausted::Reason::deadline);
    }
    EXPECT_EQ(pool->waiting(), 0u);
    lease.reset();
    EXPECT_EQ(pool->idle(), 1u);
  }());
}

TEST(Pool, ACancelledCallerLosesNoConnection) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto pool = make_pool(executor, {.size = 1});
    auto lease = std::make_optional(co_await pool->acquire(soon()));
    asio::cancellation_signal signal;
    bool ended = false;
    asio::co_spawn(
        executor, [&]() -> Task<void> { auto late = co_await pool->acquire(soon()); },
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) { ended = true; }));
    while (pool->waiting() < 1) co_await asio::post(executor, use_task);
    // Granted and cancelled in the same moment.
    lease.reset();
    signal.emit(asio::cancellation_type::all);
    while (!ended) co_await asio::post(executor, use_task);
    EXPECT_EQ(pool->in_use(), 0u);
    EXPECT_EQ(pool->idle(), 1u);
  }());
}

TEST(Pool, ReplacesAConnectionThatTheServerEnded) {
  run([]() -> Task<void> {
    auto pool = make_pool(co_await asio::this_coro::executor, {.size = 1});
    int first = 0;
    {
      auto lease = co_await pool->acquire(soon());
      first = co_await pid_of(lease);
    }
    co_await terminate(first);
    auto lease = co_await pool->acquire(soon());
    EXPECT_NE(co_await pid_of(lease), first);
  }());
}

TEST(Pool, DropsAConnectionWhoseQueryWasAbandoned) {
  run([]() -> Task<void> {
    auto pool = make_pool(co_await asio::this_coro::executor, {.size = 1});
    {
      auto lease = co_await pool->acquire(soon());
      EXPECT_THROW(co_await lease->query(kSleep, params(600.0), within(20ms)), Error);
    }
    EXPECT_EQ(pool->idle(), 0u);
    EXPECT_EQ(pool->in_use(), 0u);
    auto lease = co_await pool->acquire(soon());
    EXPECT_GT(co_await pid_of(lease), 0);
  }());
}

TEST(Pool, RollsBackATransactionLeftOpen) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto pool = make_pool(executor, {.size = 1});
    int first = 0;
    {
      auto lease = co_await pool->acquire(soon());
      first = co_await pid_of(lease);
      co_await lease->execute_script("begin; create table left_open (n int)", soon());
    }
    auto lease = co_await pool->acquire(soon());
    EXPECT_EQ(co_await pid_of(lease), first);
    EXPECT_FALSE(lease->in_transaction());
    auto rows = co_await lease->run(Batch().add_adhoc("select to_regclass('left_open') is null"), soon());
    EXPECT_TRUE(rows[0].one<bool>());
  }());
}

TEST(Pool, ReconnectsWhenTheServerComesBack) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto database = testing::fresh_database();
    auto admin = co_await Connection::connect({.dsn = testing::cluster_dsn()}, soon());
    auto name = database.substr(database.rfind('/', database.find('?')) + 1);
    name = name.substr(0, name.find('?'));
    co_await admin.execute_script(
        "alter database " + name + " connection limit 0; create role lone login password 'x'", soon());
    auto dsn = database.substr(0, database.find("://") + 3) + "lone:x" + database.substr(database.find('@'));
    Pool pool(executor, {.dsn = dsn}, {.name = "test", .size = 1});
    bool connected = false;
    start(executor, [&]() -> Task<void> {
      auto lease = co_await pool.acquire(soon());
      connected = (co_await pid_of(lease)) > 0;
    });
    co_await sleep_for(150ms);
    EXPECT_FALSE(connected);
    EXPECT_EQ(pool.waiting(), 1u);
    co_await admin.execute_script("alter database " + name + " connection limit -1", soon());
    while (!connected) co_await sleep_for(5ms);
    while (pool.in_use() > 0) co_await asio::post(executor, use_task);
    pool.close();
    co_await admin.execute_script("drop role lone", soon());
  }());
}

TEST(Pool, FailsAtOnceWhenThePasswordIsWrong) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto dsn = testing::cluster_dsn();
    auto wrong = dsn.substr(0, dsn.find("://") + 3) + "postgres:wrong" + dsn.substr(dsn.find('@'));
    Pool pool(executor, {.dsn = wrong}, {.name = "test", .size = 2});
    EXPECT_THROW(co_await pool.acquire(soon()), Error);
  }());
}

TEST(Pool, ClosingRefusesThoseWhoWaitAndDrainsTheRest) {
  run([]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    auto pool = make_pool(executor, {.size = 1});
    auto lease = std::make_optional(co_await pool->acquire(soon()));
    bool refused = false;
    start(executor, [&]() -> Task<void> {
      try {
        co_await pool->acquire(soon());
      } catch (const PoolExhausted& exhausted) {
        refused = exhausted.reason() == PoolExhausted::Reason::closed;
      }
    });
    while (pool->waiting() < 1) co_await asio::post(executor, use_task);
    EXPECT_FALSE(co_await pool->drain(within(20ms)));
    EXPECT_TRUE(refused);
    EXPECT_GT(co_await pid_of(*lease), 0) << "a borrowed connection still works";
    start(executor, [&]() -> Task<void> {
      lease.reset();
      co_return;
    });
    EXPECT_TRUE(co_await pool->drain(soon()));
    EXPECT_EQ(pool->idle(), 0u);
    EXPECT_THROW(co_await pool->acquire(soon()), PoolExhausted);
  }());
}

}  // namespace
}  // namespace gatehouse::pg
