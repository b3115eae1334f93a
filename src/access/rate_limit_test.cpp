#include "access/rate_limit.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;
using Clock = RateLimiter::Clock;

TEST(RateLimiter, AdmitsTheBurstThenTheRate) {
  RateLimiter limiter;
  Clock::time_point now{};
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.take(1, {.per_second = 2, .burst = 5}, now));
  EXPECT_EQ(limiter.take(1, {.per_second = 2, .burst = 5}, now), 1s);
  EXPECT_FALSE(limiter.take(1, {.per_second = 2, .burst = 5}, now + 500ms));
  EXPECT_TRUE(limiter.take(1, {.per_second = 2, .burst = 5}, now + 500ms));
}

TEST(RateLimiter, KeepsCallersApart) {
  RateLimiter limiter;
  Clock::time_point now{};
  EXPECT_FALSE(limiter.take(1, {.per_second = 0.1, .burst = 1}, now));
  EXPECT_EQ(limiter.take(1, {.per_second = 0.1, .burst = 1}, now), 10s);
  EXPECT_FALSE(limiter.take(2, {.per_second = 0.1, .burst = 1}, now));
}

TEST(RateLimiter, GivesBackATokenThatDidNotCount) {
  RateLimiter limiter;
  Clock::time_point now{};
  EXPECT_FALSE(limiter.take(1, {.per_second = 0.1, .burst = 1}, now));
  EXPECT_TRUE(limiter.wait(1, {.per_second = 0.1, .burst = 1}, now));
  limiter.give_back(1, {.per_second = 0.1, .burst = 1});
  EXPECT_FALSE(limiter.wait(1, {.per_second = 0.1, .burst = 1}, now));
  EXPECT_FALSE(limiter.take(1, {.per_second = 0.1, .burst = 1}, now));
}

TEST(RateLimiter, GoesOnLimitingACallerWhileAFloodOfOthersPasses) {
  RateLimiter limiter;
  Clock::time_point now{};
  constexpr Rate kRate{.per_second = 1, .burst = 10};
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(limiter.take(1, kRate, now));
  for (std::uint64_t key = 2; key < 1'000'000; ++key) limiter.take(key, kRate, now);
  EXPECT_TRUE(limiter.take(1, kRate, now));
}

TEST(RateLimiter, CountsEveryTokenThatThreadsTakeOfOneKey) {
  RateLimiter limiter;
  Clock::time_point now{};
  constexpr Rate kRate{.per_second = 1, .burst = 1'000};
  limiter.take(1, kRate, now);
  std::atomic<int> taken{1};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n) taken += limiter.take(1, kRate, now) ? 0 : 1;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1'000);
}

TEST(RateLimiter, StaysBoundedUnderMoreCallersThanItHolds) {
  RateLimiter limiter;
  Clock::time_point now{};
  for (std::uint64_t key = 0; key < 400'000; ++key) limiter.take(key, {.per_second = 1, .burst = 1}, now);
  EXPECT_FALSE(limiter.take(2'000'000, {.per_second = 1, .burst = 1}, now));
}

}  // namespace
}  // namespace gatehouse::access
