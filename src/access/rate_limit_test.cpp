#include "access/rate_limit.h"

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

TEST(RateLimiter, StaysBoundedUnderMoreCallersThanItHolds) {
  RateLimiter limiter;
  Clock::time_point now{};
  for (std::uint64_t key = 0; key < 400'000; ++key) limiter.take(key, {.per_second = 1, .burst = 1}, now);
  EXPECT_FALSE(limiter.take(2'000'000, {.per_second = 1, .burst = 1}, now));
}

}  // namespace
}  // namespace gatehouse::access
