// How often one caller may do one kind of thing. Kept in memory; thread-safe without locks, bounded.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse::access {

struct Rate {
  double per_second = 0;
  double burst = 0;
};

/// A node's own view: N nodes together admit N times the rate. Holds 65,536 keys, a megabyte; beyond that it
/// forgets those that are nearest to their full burst, so a flood of keys frees nobody who is being limited.
/// A key is always used with the same rate.
///
/// By the generic cell rate algorithm (ITU-T I.371): of a key only the time is kept at which its burst is
/// whole again. Of calls that race on a key's first use or its eviction, one may go uncounted.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  RateLimiter();

  struct Taken {
    bool admitted = true;
    std::int64_t left = 0;             // tokens that could be taken at once now
    std::chrono::seconds wait{0};      // until a token is there, if none was
    std::chrono::seconds whole_in{0};  // until the burst is whole again
  };
  /// Takes one token of the key if there is one, and tells how things stand.
  Taken count(std::uint64_t key, Rate, Clock::time_point now = Clock::now());
  /// Takes one token of the key. Nothing if there was one, else how long until there is.
  std::optional<std::chrono::seconds> take(std::uint64_t key, Rate, Clock::time_point now = Clock::now());
  /// As take(), and takes nothing.
  std::optional<std::chrono::seconds> wait(std::uint64_t key, Rate,
                                           Clock::time_point now = Clock::now()) const;
  /// Puts a token back that turned out not to count (a sign-in that succeeded).
  void give_back(std::uint64_t key, Rate);

 private:
  struct Slot {
    std::atomic<std::uint64_t> key{0};      // 0: free
    std::atomic<std::int64_t> whole_at{0};  // nanoseconds of Clock
  };
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kSets = 8192;
  using Set = std::array<Slot, kWays>;

  std::uint64_t mixed(std::uint64_t key) const;
  Set& set_of(std::uint64_t mixed) const { return (*sets_)[mixed % kSets]; }
  static Slot* find(Set&, std::uint64_t mixed);
  static Slot& claim(Set&, std::uint64_t mixed);

  std::uint64_t seed_;
  std::unique_ptr<std::array<Set, kSets>> sets_;
};

}  // namespace gatehouse::access
