// When many callers miss the same entry of a cache at once, one of them fetches it and the others wait.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

#include "base/task.h"

namespace gatehouse {

/// One reactor's; not thread-safe; outlives its turns and those who wait.
///
///   if (auto known = cache.find(key)) co_return known;
///   auto turn = co_await turns_.enter(key);
///   if (auto known = cache.find(key)) co_return known;  // fetched while we waited
///   …fetch and put…
///
/// If the one that fetches fails, the next of those who wait tries in its place.
template <class Key, class Hash = std::hash<Key>>
class OneAtATime {
 public:
  class Turn {
   public:
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_) turns_->leave(key_);
    }

   private:
    friend class OneAtATime;
    Turn(OneAtATime& turns, Key key) : turns_(&turns), key_(std::move(key)) {}
    OneAtATime* turns_;
    Key key_;
  };

  OneAtATime() = default;
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

  /// Throws boost::system::system_error when the waiting coroutine is cancelled.
  Task<Turn> enter(Key key) {
    for (auto found = taken_.find(key); found != taken_.end(); found = taken_.find(key)) {
      auto ended = found->second;
      co_await ended->async_wait(use_result);
    }
    taken_.emplace(key,
                   std::make_shared<Timer>(co_await asio::this_coro::executor, Timer::time_point::max()));
    co_return Turn(*this, std::move(key));
  }

 private:
  void leave(const Key& key) {
    auto ended = taken_.find(key)->second;
    taken_.erase(key);
    ended->cancel();
  }

  std::unordered_map<Key, std::shared_ptr<Timer>, Hash> taken_;
};

}  // namespace gatehouse
