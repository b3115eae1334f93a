// Ends a model call from outside its coroutine.
#pragma once

#include "base/task.h"
#include "http/client.h"

namespace gatehouse::models {

/// On the call's reactor. Outlives the call's answer.
class CallStop {
 public:
  explicit CallStop(Executor reactor) : pause_(reactor) {}

  void stop() {
    if (stopped_) return;
    stopped_ = true;
    upstream_.cancel();
    pause_.cancel();
  }
  bool stopped() const { return stopped_; }

  /// For http::Client.
  http::Cancel& upstream() { return upstream_; }
  /// Sleeps; false if the call was stopped before or meanwhile. One sleeper at a time.
  Task<bool> sleep(std::chrono::steady_clock::duration duration) {
    if (stopped_) co_return false;
    pause_.expires_after(duration);
    co_await pause_.async_wait(use_result);
    co_return !stopped_;
  }

 private:
  http::Cancel upstream_;
  Timer pause_;
  bool stopped_ = false;
};

}  // namespace gatehouse::models
