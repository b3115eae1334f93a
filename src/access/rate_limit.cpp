#include "access/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::access {

RateLimiter::Stripe& RateLimiter::stripe_of(std::uint64_t key) {
  return stripes_[(key * 0x9e3779b97f4a7c15ULL) >> 58];
}

void RateLimiter::give_back(std::uint64_t key, Rate rate) {
  Stripe& stripe = stripe_of(key);
  std::lock_guard lock(stripe.mutex);
  auto found = stripe.buckets.find(key);
  if (found != stripe.buckets.end()) found->second.tokens = std::min(rate.burst, found->second.tokens + 1);
}

std::optional<std::chrono::seconds> RateLimiter::take(std::uint64_t key, Rate rate, Clock::time_point now) {
  auto refilled = [&](const Bucket& bucket) {
    std::chrono::duration<double> passed = now - bucket.at;
    return std::min(rate.burst, bucket.tokens + passed.count() * rate.per_second);
  };
  Stripe& stripe = stripe_of(key);
  std::lock_guard lock(stripe.mutex);
  if (stripe.buckets.size() >= kMostPerStripe && !stripe.buckets.contains(key)) {
    std::erase_if(stripe.buckets, [&](const auto& entry) { return refilled(entry.second) >= rate.burst; });
    // Full of callers that are all being limited: forget the whole stripe rather than grow.
    if (stripe.buckets.size() >= kMostPerStripe) stripe.buckets.clear();
  }
  auto [found, fresh] = stripe.buckets.try_emplace(key, Bucket{rate.burst, now});
  Bucket& bucket = found->second;
  if (!fresh) bucket = {refilled(bucket), now};
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / rate.per_second)));
}

}  // namespace gatehouse::access
