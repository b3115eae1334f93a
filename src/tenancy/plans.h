// The operator's plans: what an organization may use. They live in the control database; their events are the
// platform's, chained before the change is committed (decision 0010).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/plan.h"
#include "access/reactor.h"
#include "json/bounded.h"
#include "json/presence.h"
#include "tenancy/operator.h"

namespace gatehouse::tenancy {

using MostTenants = json::Int<0, 1'000'000'000>;
using MostRequests = json::Int<0, 2'000'000'000>;
inline constexpr std::int64_t kRequestsByDefault = 500;
inline constexpr std::size_t kMostPlans = 1'000;

struct PlanView {
  PlanId id;
  std::string name;
  std::string slug;
  std::optional<std::int64_t> max_tenants;         // null: unlimited
  std::optional<std::int64_t> max_requests_month;  // null: unlimited
  access::Features features;
  bool is_active = true;
  std::int64_t tenant_count = 0;
  std::int64_t version = 1;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(PlanView, (),
                      (id, name, slug, max_tenants, max_requests_month, features, is_active, tenant_count,
                       version, created_at, updated_at))

struct CreatePlan {
  json::Name<100> name;
  json::Slug slug;
  std::optional<MostTenants> max_tenants;
  json::Patch<MostRequests> max_requests_month;  // absent: 500; null: unlimited
  std::optional<access::Features> features;
};
BOOST_DESCRIBE_STRUCT(CreatePlan, (), (name, slug, max_tenants, max_requests_month, features))

struct UpdatePlan {
  std::optional<json::Name<100>> name;
  std::optional<json::Slug> slug;
  json::Patch<MostTenants> max_tenants;
  json::Patch<MostRequests> max_requests_month;
  std::optional<access::Features> features;
  std::optional<bool> is_active;
};
BOOST_DESCRIBE_STRUCT(UpdatePlan, (), (name, slug, max_tenants, max_requests_month, features, is_active))

/// All of them, by name; at most kMostPlans.
Task<std::vector<PlanView>> list_plans(access::Reactor&);
/// Errors: not_found.
Task<Result<PlanView>> get_plan(access::Reactor&, PlanId);
/// By slug or by id. Errors: not_found.
Task<Result<PlanView>> find_plan(access::Reactor&, std::string slug_or_id);
/// Errors: already_exists (the slug), conflict (too many plans).
Task<Result<PlanView>> create_plan(access::Reactor&, Operator, CreatePlan);
/// Errors: not_found, already_exists (the slug), precondition_failed: it is not the version that was read.
Task<Result<PlanView>> update_plan(access::Reactor&, Operator, PlanId, std::optional<std::int64_t> version,
                                   UpdatePlan);
/// No organization comes to it any more; those that are on it stay. Harmless when it is retired already.
/// Errors: not_found.
Task<Result<void>> retire_plan(access::Reactor&, Operator, PlanId);

}  // namespace gatehouse::tenancy
