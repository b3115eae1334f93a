#include <gmock/gmock.h>

#include "pg/testing.h"
#include "pg/transaction.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;

constexpr Statement kInsert{"test.insert", "insert into numbers values ($1) returning n"};
constexpr Statement kCount{"test.count", "select count(*) from numbers"};
constexpr Statement kSetContext{"test.set_context", "select set_config('app.user_id', $1, true)"};
constexpr Statement kGetContext{"test.get_context",
                                "select coalesce(current_setting('app.user_id', true), '')"};

class TransactionTest : public ::testing::Test {
 protected:
  /// Runs `body` with a pool on a database with the table `numbers (n int unique)`.
  template <class F>
  static void with_pool(F body) {
    testing::run([](F inner) -> Task<void> {
      Pool pool(co_await asio::this_coro::executor, {.dsn = testing::fresh_database()},
                {.name = "test", .size = 1});
      {
        auto lease = co_await pool.acquire(within(60s));
        co_await lease->execute_script(
            "create table numbers (n int, constraint once unique (n) deferrable initially immediate)",
            within(60s));
      }
      co_await inner(pool);
    }(std::move(body)));
  }

  static Task<int> count(Pool& pool) {
    co_return (co_await pool.run(Batch(kCount, {}), within(60s)))[0].one<int>();
  }
  static Task<Transaction> begin(Pool& pool, Batch prologue = {}) {
    co_return Transaction(co_await pool.acquire(within(60s)), within(60s), std::move(prologue));
  }
};

TEST_F(TransactionTest, CommitsWhatItRan) {
  with_pool([](Pool& pool) -> Task<void> {
    {
      auto tx = co_await begin(pool, Batch(kSetContext, params("ann")));
      auto rows = co_await tx.run(Batch(kInsert, params(1)).add(kGetContext));
      EXPECT_EQ(rows.size(), 2u);
      EXPECT_EQ(rows[0].one<int>(), 1);
      EXPECT_EQ(rows[1].one<std::string>(), "ann");
      EXPECT_EQ((co_await tx.query(kGetContext, {})).one<std::string>(), "ann") << "the context lasts";
      auto last = co_await tx.commit(Batch(kInsert, params(2)));
      EXPECT_EQ(last.size(), 1u);
      EXPECT_EQ(last[0].one<int>(), 2);
    }
    EXPECT_EQ(co_await count(pool), 2);
    EXPECT_EQ((co_await pool.run(Batch(kGetContext, {}), within(60s)))[0].one<std::string>(), "");
  });
}

TEST_F(TransactionTest, OfOneBatchIsWholeOrNothing) {
  with_pool([](Pool& pool) -> Task<void> {
    {
      auto tx = co_await begin(pool);
      co_await tx.commit(Batch(kInsert, params(1)).add(kInsert, params(2)));
    }
    {
      auto tx = co_await begin(pool);
      EXPECT_THROW(co_await tx.commit(Batch(kInsert, params(3)).add(kInsert, params(1))), Error);
      EXPECT_THROW(co_await tx.commit(), Failure) << "only rollback is left";
      EXPECT_THROW(co_await tx.run(Batch(kInsert, params(4))), Failure);
    }
    EXPECT_EQ(co_await count(pool), 2);
  });
}

TEST_F(TransactionTest, DroppedWithoutCommitItLeavesNothingAndTheConnectionLives) {
  with_pool([](Pool& pool) -> Task<void> {
    int pid = 0;
    {
      auto lease = co_await pool.acquire(within(60s));
      pid = lease->backend_pid();
    }
    {
      auto tx = co_await begin(pool);
      co_await tx.run(Batch(kInsert, params(1)));
    }
    {
      auto tx = co_await begin(pool);
      co_await tx.run(Batch(kInsert, params(1)));
      EXPECT_THROW(co_await tx.run(Batch(kInsert, params(1))), Error);
    }
    EXPECT_EQ(co_await count(pool), 0);
    auto lease = co_await pool.acquire(within(60s));
    EXPECT_EQ(lease->backend_pid(), pid);
  });
}

TEST_F(TransactionTest, RollsBackWhenAsked) {
  with_pool([](Pool& pool) -> Task<void> {
    {
      auto tx = co_await begin(pool);
      co_await tx.run(Batch(kInsert, params(1)));
      co_await tx.rollback();
      EXPECT_THROW(co_await tx.commit(), Failure);
    }
    EXPECT_EQ(pool.idle(), 1u) << "nothing is left to undo";
    EXPECT_EQ(co_await count(pool), 0);
  });
}

TEST_F(TransactionTest, ReportsAConstraintThatFailsAtCommit) {
  with_pool([](Pool& pool) -> Task<void> {
    constexpr Statement kDefer{"test.defer", "set constraints all deferred"};
    {
      auto tx = co_await begin(pool, Batch(kDefer, {}));
      co_await tx.run(Batch(kInsert, params(1)).add(kInsert, params(1)));
      try {
        co_await tx.commit();
        ADD_FAILURE() << "committed";
      } catch (const Error& error) {
        EXPECT_TRUE(error.is_unique_violation());
        EXPECT_EQ(error.constraint(), "once");
      }
    }
    EXPECT_EQ(co_await count(pool), 0);
  });
}

TEST_F(TransactionTest, ThatNeverRanCommitsWithoutARoundTrip) {
  with_pool([](Pool& pool) -> Task<void> {
    auto tx = co_await begin(pool);
    EXPECT_TRUE((co_await tx.commit()).empty());
    EXPECT_THROW(co_await tx.run(Batch(kCount, {})), Failure);
  });
}

}  // namespace
}  // namespace gatehouse::pg
