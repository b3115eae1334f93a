// The monthly quota of governed model requests (decision 0009).
//
// A node admits from a lease: a block of requests that it took from the month's row, spent without a round
// trip. A lease is at most a 1,024th of what remains, so that near the limit each request asks the row, and
// over any number of nodes exactly the limit is admitted. What is not spent goes back when a lease has been
// idle for some seconds, at a graceful stop, and, if the process died, when the lease expires: what it spent
// is then counted from the intents and metering events that name it, so nothing is lost and nothing is
// admitted twice.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/plan.h"
#include "access/tenants.h"
#include "base/error.h"
#include "base/one_at_a_time.h"
#include "base/task.h"

namespace gatehouse::access {

class Reactor;

/// One reactor's leases. Not thread-safe.
class Quota {
 public:
  /// `node` names the server, for people who look into the table.
  Quota(Reactor&, std::string node);
  Quota(const Quota&) = delete;
  Quota& operator=(const Quota&) = delete;

  struct Lease {
    OrganizationId organization;
    Region region = Region::us;
    Uuid id;
    std::string month;
    std::int64_t granted = 0;
    std::int64_t left = 0;
    std::optional<std::int64_t> limit;
    std::string our_month;  // by this node's clock, when it was taken
    std::chrono::steady_clock::time_point taken, used;
    bool is_open = true;  // not given back yet
  };

  /// One admitted request. Given back when it dies, unless it was spent.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept = default;
    Ticket& operator=(Ticket&& other) noexcept;
    ~Ticket() { give_back(); }

    /// The request is being made: to be named in its intent, by which it is counted. Throws Failure if the
    /// ticket is so old that the lease might have been reclaimed.
    std::optional<Uuid> spend();

   private:
    friend class Quota;
    Ticket(Quota& quota, std::shared_ptr<Lease> lease) : quota_(&quota), lease_(std::move(lease)) {}
    void give_back();

    Quota* quota_ = nullptr;
    std::shared_ptr<Lease> lease_;  // null: nothing to give back
  };

  /// Errors: plan_limit_reached with the member `quota` (`limit`, `used`, `resets_at`). Throws if the
  /// database fails.
  Task<Result<Ticket>> admit(const TenantSnapshot&);

  /// Gives idle leases back, once a second, until cancelled.
  Task<void> tend();
  /// Gives all of them back: at a graceful stop, when no request comes any more.
  Task<void> close();

 private:
  struct Meter {
    std::shared_ptr<Lease> lease;
    std::shared_ptr<Lease> next;  // taken ahead of need
    std::int64_t wanted = 8;
    // Until when the row is not asked again; of this limit and month.
    std::chrono::steady_clock::time_point exhausted_until;
    std::optional<std::int64_t> exhausted_limit;
    std::int64_t exhausted_used = 0;
    bool is_refilling = false;  // ahead of need
  };

  std::shared_ptr<Lease> usable(Meter&, std::optional<std::int64_t> limit) const;
  Ticket take(std::shared_ptr<Meter>, std::shared_ptr<Lease>);
  Task<std::shared_ptr<Lease>> lease(Meter&, OrganizationId, Region, std::optional<std::int64_t> limit);
  Task<void> refill_ahead(std::shared_ptr<Meter>, std::shared_ptr<Lease> before);
  /// In the background.
  void give_back(std::shared_ptr<Lease>);
  Task<void> return_lease(std::shared_ptr<Lease>);

  Reactor& reactor_;
  std::string node_;
  std::unordered_map<OrganizationId, std::shared_ptr<Meter>> meters_;
  OneAtATime<OrganizationId> refilling_;
};

/// Of a tenant as it is now, for whoever answers in another way than by an error: status and quota, nothing
/// spent if the ticket is dropped. Errors: tenant_suspended, tenant_cancelled, plan_limit_reached.
Task<Result<Quota::Ticket>> pass_gates(const TenantSnapshot&);

}  // namespace gatehouse::access
