#include "base/one_at_a_time.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"

namespace gatehouse {
namespace {

/// A cache of one number a name, whose fetch ends when the test says so.
struct Cache {
  Task<int> get(std::string name) {
    if (auto known = find(name)) co_return *known;
    auto turn = co_await turns.enter(name);
    if (auto known = find(name)) co_return *known;
    ++fetches;
    Timer wait(co_await asio::this_coro::executor, Timer::time_point::max());
    fetching.push_back(&wait);
    co_await wait.async_wait(use_result);
    if (fails-- > 0) throw Failure("the fetch failed");
    values[name] = static_cast<int>(name.size());
    co_return values[name];
  }
  std::optional<int> find(const std::string& name) const {
    auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
  void finish_fetch() {
    auto* wait = fetching.back();
    fetching.pop_back();
    wait->cancel();
  }

  OneAtATime<std::string> turns;
  std::unordered_map<std::string, int> values;
  std::vector<Timer*> fetching;
  int fetches = 0;
  int fails = 0;
};

struct OneAtATimeTest : testing::Test {
  void ask(std::string name) {
    asio::co_spawn(io, cache.get(std::move(name)), [this](std::exception_ptr error, int value) {
      if (error)
        ++failures;
      else
        answers.push_back(value);
    });
  }
  void settle() {
    io.restart();
    io.poll();
  }

  asio::io_context io{1};
  Cache cache;
  std::vector<int> answers;
  int failures = 0;
};

TEST_F(OneAtATimeTest, ManyWhoMissTheSameEntryFetchItOnce) {
  for (int i = 0; i < 5; ++i) ask("acme");
  settle();
  EXPECT_EQ(cache.fetches, 1);
  EXPECT_TRUE(answers.empty());
  cache.finish_fetch();
  settle();
  EXPECT_EQ(cache.fetches, 1);
  EXPECT_EQ(answers, std::vector<int>(5, 4));
}

TEST_F(OneAtATimeTest, DifferentEntriesDoNotWaitForEachOther) {
  ask("acme");
  ask("borealis");
  settle();
  EXPECT_EQ(cache.fetches, 2);
  cache.finish_fetch();
  cache.finish_fetch();
  settle();
  EXPECT_EQ(answers.size(), 2);
}

TEST_F(OneAtATimeTest, WhenAFetchFailsTheNextWhoWaitsTriesAgain) {
  cache.fails = 1;
  for (int i = 0; i < 3; ++i) ask("acme");
  settle();
  cache.finish_fetch();
  settle();
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(cache.fetches, 2);
  cache.finish_fetch();
  settle();
  EXPECT_EQ(answers, std::vector<int>(2, 4));
}

}  // namespace
}  // namespace gatehouse
