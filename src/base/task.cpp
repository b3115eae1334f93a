#include "base/task.h"

namespace gatehouse {

Task<void> sleep_for(std::chrono::steady_clock::duration duration) {
  Timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(use_task);
}

}  // namespace gatehouse
