// Sessions and API keys that this node revoked a moment ago, refused at once: before the tenant's new version
// reaches each reactor's snapshot. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "base/uuid.h"

namespace gatehouse::identity {

class RecentRevocations {
 public:
  using Clock = std::chrono::steady_clock;
  /// Longer than a snapshot can outlive its version.
  static constexpr std::chrono::seconds kRemembered{10};

  void add(Uuid id, Clock::time_point now = Clock::now());
  /// One atomic load while nothing was revoked lately.
  bool contains(Uuid id, Clock::time_point now = Clock::now());

 private:
  std::atomic<std::size_t> count_{0};
  std::mutex mutex_;
  std::unordered_map<Uuid, Clock::time_point> until_;
};

}  // namespace gatehouse::identity
