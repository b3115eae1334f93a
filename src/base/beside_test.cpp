#include "base/beside.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"

namespace gatehouse {
namespace {

TEST(Beside, RunsOnAnotherThreadAndComesBack) {
  asio::io_context context;
  std::thread::id worked, resumed;
  int value = 0;
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        value = co_await run_beside([&worked] {
          worked = std::this_thread::get_id();
          return 7;
        });
        resumed = std::this_thread::get_id();
      },
      asio::detached);
  context.run();
  EXPECT_EQ(value, 7);
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

TEST(Beside, PassesOnWhatTheWorkThrows) {
  asio::io_context context;
  std::string said;
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        try {
          co_await run_beside([]() -> int { throw Failure("refused"); });
        } catch (const Failure& failure) {
          said = failure.what();
        }
      },
      asio::detached);
  context.run();
  EXPECT_EQ(said, "refused");
}

}  // namespace
}  // namespace gatehouse
