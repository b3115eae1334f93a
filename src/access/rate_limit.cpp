#include "access/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace gatehouse::access {
namespace {

constexpr double kNanoseconds = 1e9;
constexpr std::int64_t kLongAgo = std::numeric_limits<std::int64_t>::min() / 2;

std::int64_t nanoseconds(RateLimiter::Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

std::int64_t interval_of(Rate rate) {
  return static_cast<std::int64_t>(kNanoseconds / rate.per_second);
}

/// How long the whole burst takes to come back.
std::int64_t burst_of(Rate rate) {
  return static_cast<std::int64_t>(kNanoseconds / rate.per_second * rate.burst);
}

/// How long until a token is there, by when the burst is whole; not positive: there is one.
std::int64_t missing(std::int64_t whole_at, Rate rate, std::int64_t now) {
  return std::max(whole_at, now) + interval_of(rate) - now - burst_of(rate);
}

std::chrono::seconds in_seconds(std::int64_t wait) {
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(static_cast<double>(wait) / kNanoseconds)));
}

}  // namespace

RateLimiter::RateLimiter() : sets_(std::make_unique<std::array<Set, kSets>>()) {
  std::random_device device;
  seed_ = std::uint64_t{device()} << 32 | device();
}

/// Seeded, so that nobody outside can choose keys that fall into one set. SplitMix64's finalizer.
std::uint64_t RateLimiter::mixed(std::uint64_t key) const {
  key += seed_;
  key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9;
  key = (key ^ key >> 27) * 0x94d049bb133111eb;
  key ^= key >> 31;
  return key != 0 ? key : 1;
}

RateLimiter::Slot* RateLimiter::find(Set& set, std::uint64_t mixed) {
  for (Slot& slot : set)
    if (slot.key.load(std::memory_order_acquire) == mixed) return &slot;
  return nullptr;
}

RateLimiter::Slot& RateLimiter::claim(Set& set, std::uint64_t mixed) {
  for (;;) {
    if (Slot* slot = find(set, mixed)) return *slot;
    Slot& oldest = *std::ranges::min_element(
        set, {}, [](const Slot& slot) { return slot.whole_at.load(std::memory_order_relaxed); });
    auto evicted = oldest.key.load(std::memory_order_relaxed);
    if (evicted == mixed) return oldest;
    if (oldest.key.compare_exchange_strong(evicted, mixed, std::memory_order_acq_rel)) {
      oldest.whole_at.store(kLongAgo, std::memory_order_relaxed);
      return oldest;
    }
  }
}

RateLimiter::Taken RateLimiter::count(std::uint64_t key, Rate rate, Clock::time_point at) {
  auto mixed_key = mixed(key);
  Slot& slot = claim(set_of(mixed_key), mixed_key);
  auto now = nanoseconds(at);
  auto whole_at = slot.whole_at.load(std::memory_order_relaxed);
  for (;;) {
    if (auto wait = missing(whole_at, rate, now); wait > 0)
      return {.admitted = false, .wait = in_seconds(wait), .whole_in = in_seconds(whole_at - now)};
    auto after = std::max(whole_at, now) + interval_of(rate);
    if (slot.whole_at.compare_exchange_weak(whole_at, after, std::memory_order_relaxed))
      return {.left = std::max<std::int64_t>(0, (burst_of(rate) - (after - now)) / interval_of(rate)),
              .whole_in = in_seconds(after - now)};
  }
}

std::optional<std::chrono::seconds> RateLimiter::take(std::uint64_t key, Rate rate, Clock::time_point at) {
  auto taken = count(key, rate, at);
  return taken.admitted ? std::nullopt : std::optional(taken.wait);
}

std::optional<std::chrono::seconds> RateLimiter::wait(std::uint64_t key, Rate rate,
                                                      Clock::time_point at) const {
  auto mixed_key = mixed(key);
  Slot* slot = find(set_of(mixed_key), mixed_key);
  if (!slot) return std::nullopt;
  auto wait = missing(slot->whole_at.load(std::memory_order_relaxed), rate, nanoseconds(at));
  return wait > 0 ? std::optional(in_seconds(wait)) : std::nullopt;
}

void RateLimiter::give_back(std::uint64_t key, Rate rate) {
  auto mixed_key = mixed(key);
  if (Slot* slot = find(set_of(mixed_key), mixed_key))
    slot->whole_at.fetch_sub(interval_of(rate), std::memory_order_relaxed);
}

}  // namespace gatehouse::access
