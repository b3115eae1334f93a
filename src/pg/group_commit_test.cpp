#include "pg/group_commit.h"

#include <exception>
#include <functional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pg/error.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

using Batches = std::vector<std::vector<int>>;

Error refused() {
  return Error({.sqlstate = "23514", .message = "refused"});
}

/// A writer whose transactions are the test's.
struct Bench {
  asio::io_context context;
  GroupCommitMetrics metrics{metrics::gauge("test_group_queue", "test"),
                             metrics::histogram("test_group_seconds", "test")};
  Batches batches;
  std::vector<bool> uncertain;
  std::function<void(const std::vector<int>&)> commit = [](const auto&) {};

  GroupCommit<int> make(GroupCommitOptions options = {.name = "test"}) {
    return GroupCommit<int>(context.get_executor(), std::move(options), metrics,
                            [this](std::vector<const int*> items, bool again, Deadline) -> Task<void> {
                              std::vector<int> batch;
                              for (const int* item : items) batch.push_back(*item);
                              batches.push_back(batch);
                              uncertain.push_back(again);
                              commit(batch);
                              co_return;
                            });
  }
  void run(std::function<Task<void>(Executor)> test) {
    std::exception_ptr failure;
    asio::co_spawn(context, test(context.get_executor()), [&](std::exception_ptr error) { failure = error; });
    context.run();
    if (failure) std::rethrow_exception(failure);
  }
};

/// Empty if it became durable.
Task<std::string> outcome(Pending pending) {
  std::string text;
  try {
    co_await pending.wait();
  } catch (const std::exception& error) {
    text = error.what();
  }
  co_return text;
}

TEST(GroupCommit, WritesWhatWasSubmittedTogetherInOrderAndInOneBatch) {
  Bench bench;
  auto group = bench.make();
  bench.run([&](Executor executor) -> Task<void> {
    std::vector<Pending> pending;
    for (int i = 0; i < 5; ++i) pending.push_back(group.submit(executor, i));
    for (auto& one : pending) co_await one.wait();
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
  EXPECT_THAT(bench.batches, ElementsAre(ElementsAre(0, 1, 2, 3, 4)));
}

TEST(GroupCommit, KeepsABatchWithinItsBounds) {
  Bench bench;
  auto group = bench.make({.name = "test", .max_batch = 3, .max_batch_bytes = 100});
  bench.run([&](Executor executor) -> Task<void> {
    std::vector<Pending> pending;
    for (int i = 0; i < 4; ++i) pending.push_back(group.submit(executor, i, {.units = 1, .bytes = 10}));
    pending.push_back(group.submit(executor, 4, {.units = 9, .bytes = 500}));
    for (auto& one : pending) co_await one.wait();
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
  // What is too large for any batch goes alone.
  EXPECT_THAT(bench.batches, ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3), ElementsAre(4)));
}

TEST(GroupCommit, FailsOnlyTheItemThatIsRefused) {
  Bench bench;
  bench.commit = [](const std::vector<int>& batch) {
    if (std::ranges::find(batch, 1) != batch.end()) throw refused();
  };
  auto group = bench.make();
  bench.run([&](Executor executor) -> Task<void> {
    auto first = group.submit(executor, 0);
    auto second = group.submit(executor, 1);
    auto third = group.submit(executor, 2);
    EXPECT_EQ(co_await outcome(std::move(first)), "");
    EXPECT_NE(co_await outcome(std::move(second)), "");
    EXPECT_EQ(co_await outcome(std::move(third)), "");
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
  EXPECT_THAT(bench.batches,
              ElementsAre(ElementsAre(0, 1, 2), ElementsAre(0), ElementsAre(1), ElementsAre(2)));
}

TEST(GroupCommit, TriesAgainAfterALostConnectionAndSaysThatTheOutcomeIsUncertain) {
  Bench bench;
  bench.commit = [&](const std::vector<int>&) {
    if (bench.batches.size() == 1) throw Error::connection_lost("test");
  };
  auto group = bench.make();
  bench.run([&](Executor executor) -> Task<void> {
    EXPECT_EQ(co_await outcome(group.submit(executor, 0)), "");
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
  EXPECT_THAT(bench.batches, ElementsAre(ElementsAre(0), ElementsAre(0)));
  EXPECT_THAT(bench.uncertain, ElementsAre(false, true));
}

TEST(GroupCommit, GivesUpAtTheDeadline) {
  Bench bench;
  bench.commit = [](const std::vector<int>&) { throw Error::connection_lost("test"); };
  auto group = bench.make({.name = "test", .deadline = 30ms});
  bench.run([&](Executor executor) -> Task<void> {
    EXPECT_EQ(co_await outcome(group.submit(executor, 0)), "test: could not be made durable in time");
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
}

TEST(GroupCommit, TakesWhatMayWaitAlongWithTheNextBatch) {
  Bench bench;
  auto group = bench.make();
  bench.run([&](Executor executor) -> Task<void> {
    EXPECT_TRUE(group.submit_later(7));
    co_await group.submit(executor, 1).wait();
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
  EXPECT_THAT(bench.batches, ElementsAre(ElementsAre(1, 7)));
}

TEST(GroupCommit, WritesWhatMayWaitAlsoIfNothingElseComes) {
  Bench bench;
  auto group = bench.make();
  bench.run([&](Executor) -> Task<void> {
    EXPECT_TRUE(group.submit_later(7));
    while (bench.batches.empty()) co_await sleep_for(1ms);
    EXPECT_TRUE(group.submit_later(8));
    EXPECT_TRUE(co_await group.close(within(5s)));
  });
  EXPECT_THAT(bench.batches, ElementsAre(ElementsAre(7), ElementsAre(8)));
}

TEST(GroupCommit, RefusesWhatDoesNotFitAndWhatComesAfterItsEnd) {
  Bench bench;
  auto group = bench.make({.name = "test", .max_queued = 2});
  bench.run([&](Executor executor) -> Task<void> {
    auto first = group.submit(executor, 0);
    auto second = group.submit(executor, 1);
    EXPECT_THROW(group.submit(executor, 2), Failure);
    EXPECT_FALSE(group.submit_later(3));
    co_await first.wait();
    co_await second.wait();
    EXPECT_TRUE(co_await group.close(within(5s)));
    EXPECT_THROW(group.submit(executor, 4), Failure);
    EXPECT_FALSE(group.submit_later(5));
  });
  EXPECT_THAT(bench.batches, ElementsAre(ElementsAre(0, 1)));
}

}  // namespace
}  // namespace gatehouse::pg
