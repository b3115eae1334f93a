#include "base/vital_loop.h"

#include <cstdlib>
#include <exception>

#include "base/log.h"

namespace gatehouse {

void run_vital(Executor executor, std::string name, Task<void> loop) {
  asio::co_spawn(executor, std::move(loop), [name = std::move(name)](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log::error("loop.failed", {{"loop", name}, {"error", error.what()}});
    } catch (...) {
      log::error("loop.failed", {{"loop", name}});
    }
    log::flush();
    std::abort();
  });
}

}  // namespace gatehouse
