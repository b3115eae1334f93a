#include "base/vital_loop.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gatehouse {
namespace {

Task<void> fails() {
  co_await sleep_for(std::chrono::milliseconds(1));
  throw Failure("out of everything");
}

TEST(VitalLoopDeathTest, EndsTheProcessWithItsNameAndReason) {
  EXPECT_DEATH(
      {
        asio::io_context io;
        run_vital(io.get_executor(), "test.loop", fails());
        io.run();
      },
      "loop.failed.*test.loop.*out of everything");
}

TEST(VitalLoop, MayEndByItself) {
  asio::io_context io;
  bool ran = false;
  run_vital(io.get_executor(), "test.loop", [](bool& flag) -> Task<void> {
    flag = true;
    co_return;
  }(ran));
  io.run();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace gatehouse
