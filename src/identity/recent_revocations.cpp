#include "identity/recent_revocations.h"

namespace gatehouse::identity {

void RecentRevocations::add(Uuid id, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
  until_[id] = now + kRemembered;
  count_.store(until_.size(), std::memory_order_release);
}

bool RecentRevocations::contains(Uuid id, Clock::time_point now) {
  if (count_.load(std::memory_order_acquire) == 0) return false;
  std::lock_guard lock(mutex_);
  std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
  count_.store(until_.size(), std::memory_order_release);
  return until_.contains(id);
}

}  // namespace gatehouse::identity
