// The request rates that one call is counted against, and how the answer tells them
// (draft-ietf-httpapi-ratelimit-headers-10).
#pragma once

#include <string_view>
#include <vector>

#include "access/operation.h"
#include "access/principal.h"
#include "access/rate_limit.h"
#include "access/tenants.h"
#include "base/error.h"
#include "http/message.h"

namespace gatehouse::access {

struct RateOptions {
  // Of one person, API key or service account.
  Rate read{200, 400};
  Rate write{50, 200};
  Rate model{5'000, 10'000};
  Rate sign_in{1, 30};  // per network address; identity limits per account besides
  // Of all that one organization, or one workspace of it, does; a plan's features may say otherwise.
  Rate organization{20'000, 40'000};
  Rate workspace{20'000, 40'000};
};

/// What one call was counted against so far.
class CountedRates {
 public:
  /// `RateLimit-Policy` with all that were counted, `RateLimit` with the one that is nearest to its end.
  void add_to(http::Headers&) const;

 private:
  friend class Rates;
  struct One {
    std::string_view name;
    Rate rate;
    RateLimiter::Taken taken;
  };
  std::vector<One> counted_;
};

/// One per process, thread-safe. Errors: rate_limited, with how long to wait.
class Rates {
 public:
  explicit Rates(RateOptions options) : options_(options) {}

  /// Who calls: the credential, and the person on whose behalf an API key acts. Nobody's by network address.
  Result<void> check_caller(const http::Request&, const Principal&, RateClass, CountedRates&);
  /// Where: the organization (null: none) and the workspace of the call.
  Task<Result<void>> check_place(std::shared_ptr<const TenantSnapshot>, WorkspaceId, CountedRates&);

 private:
  Result<void> count(std::string_view name, std::uint64_t key, Rate, CountedRates&);

  RateOptions options_;
  RateLimiter limiter_;
};

}  // namespace gatehouse::access
