// Token buckets, kept in memory: how often one caller may do one kind of thing. Thread-safe, bounded.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace gatehouse::access {

struct Rate {
  double per_second = 0;
  double burst = 0;
};

/// A node's own view: N nodes together admit N times the rate.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  /// Takes one token of `key`'s bucket. Nothing if there was one, else how long until there is.
  std::optional<std::chrono::seconds> take(std::uint64_t key, Rate, Clock::time_point now = Clock::now());
  /// Puts a token back that turned out not to count (a sign-in that succeeded).
  void give_back(std::uint64_t key, Rate);

 private:
  struct Bucket {
    double tokens;
    Clock::time_point at;
  };
  // Striped, so that reactors do not meet; a stripe that is full forgets the buckets that are full again.
  struct Stripe {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, Bucket> buckets;
  };
  static constexpr std::size_t kStripes = 64;
  static constexpr std::size_t kMostPerStripe = 4096;
  Stripe& stripe_of(std::uint64_t key);
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace gatehouse::access
