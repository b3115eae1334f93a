// The installation's directory: which organization is where, and on which plan (control database).
#pragma once

#include <optional>
#include <string>

#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "pg/transaction.h"

namespace gatehouse::tenancy {

struct Place {
  OrganizationId organization;
  Region region = Region::us;
  std::string slug;
  bool is_confirmed = false;
  bool is_repeat = false;  // of a reservation by the same request key
};

/// What a repeated request is known by.
struct RequestKey {
  crypto::Digest key;
  crypto::Digest request;
};

struct Reservation {
  OrganizationId organization;  // of a new entry
  std::string slug;
  /// The slug is a proposal: if it is taken, a number is put behind it.
  bool slug_may_vary = false;
  Region region = Region::us;
  std::optional<PlanId> plan;
  std::optional<RequestKey> request;
  /// A reservation that came to nothing is taken up when it is this old: longer than a transaction may last.
  std::chrono::seconds abandoned_after{60};
};

/// Reserves the slug and a place on the plan, under the plan's lock. Errors: already_exists (the slug),
/// idempotency_mismatch, plan_limit_reached (`max_tenants`), validation_failed (no such plan), conflict (the
/// plan takes no new tenants).
Task<Result<Place>> reserve_place(access::Reactor&, Reservation);
Task<void> confirm_place(access::Reactor&, OrganizationId);
/// Nothing for an id that was never confirmed.
Task<std::optional<Place>> find_place(access::Reactor&, OrganizationId);
Task<std::optional<Place>> find_place(access::Reactor&, std::string slug);
/// The same, if this node can act there. Errors: not_found, wrong_region with the address.
Task<Result<Place>> served_place(access::Reactor&, OrganizationId);

/// A move to another plan, in the directory: nobody else moves the organization, nor comes to the plan, until
/// it is committed or dropped.
struct PlanMove {
  pg::Transaction held;
  std::optional<PlanId> before;
};
/// The region's own row is the truth: it is committed before the move is, and where the move is lost then,
/// settle_plans() makes it good. Errors: as reserve_place.
Task<Result<PlanMove>> move_to_plan(access::Reactor&, OrganizationId, PlanId);
/// Of the region's organizations, the directory says what plan they are on.
Task<void> settle_plans(access::Reactor&, Region);

/// Ends reservations that came to nothing: confirmed if the organization is there, else removed. Of the
/// regions that this node serves.
Task<void> settle_reservations(access::Reactor&);

}  // namespace gatehouse::tenancy
