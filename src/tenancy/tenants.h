// The operator's tenants: made, listed, renamed, moved between plans, suspended, cancelled, given new
// secrets. An id belongs to any region; the directory says which, and a node acts in those that it serves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/idempotency.h"
#include "access/reactor.h"
#include "crypto/password.h"
#include "json/bounded.h"
#include "json/presence.h"
#include "tenancy/operator.h"
#include "tenancy/provisioning.h"

namespace gatehouse::tenancy {

struct TenantPlan {
  PlanId id;
  std::string name;
  std::string slug;
};
BOOST_DESCRIBE_STRUCT(TenantPlan, (), (id, name, slug))

struct TenantUsage {
  std::string month;  // `2026-11`, UTC
  std::int64_t used = 0;
  std::optional<std::int64_t> limit;  // null: unlimited
};
BOOST_DESCRIBE_STRUCT(TenantUsage, (), (month, used, limit))

struct TenantView {
  OrganizationId id;
  std::string name;
  std::string slug;
  Region region = Region::us;
  DataMode data_mode = DataMode::metadata_only;
  TenantStatus status = TenantStatus::active;
  std::optional<TenantPlan> plan;
  TenantUsage usage_this_month;
  std::int64_t users = 0;  // active memberships
  Timestamp created_at;
  Timestamp activated_at;
  std::optional<Timestamp> suspended_at;
};
BOOST_DESCRIBE_STRUCT(TenantView, (),
                      (id, name, slug, region, data_mode, status, plan, usage_this_month, users, created_at,
                       activated_at, suspended_at))

struct TenantOwner {
  UserId id;
  std::string email;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(TenantOwner, (), (id, email, name))

struct TenantSecretView {
  int version = 0;
  std::string last_four;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;  // null: the current one
};
BOOST_DESCRIBE_STRUCT(TenantSecretView, (), (version, last_four, created_at, expires_at))

struct TenantDetail : TenantView {
  std::vector<TenantOwner> owners;
  std::vector<TenantSecretView> secrets;  // those that are good still, newest first
};
BOOST_DESCRIBE_STRUCT(TenantDetail, (TenantView), (owners, secrets))

struct CreateTenant {
  json::Name<255> name;
  std::optional<json::Slug> slug;  // absent: made of the name
  json::Email owner_email;
  std::optional<json::Name<255>> owner_name;
  /// Ignored if the person exists. A new person without one signs in by other means.
  std::optional<json::Text<12, 1024>> owner_password;
  PlanId plan_id;
  Region region;
  json::Defaulted<DataMode> data_mode = DataMode::metadata_only;
};
BOOST_DESCRIBE_STRUCT(CreateTenant, (),
                      (name, slug, owner_email, owner_name, owner_password, plan_id, region, data_mode))

struct CreatedOwner {
  UserId id;
  std::string email;
  bool is_new = false;  // false: the person was known, and signs in as before
};
BOOST_DESCRIBE_STRUCT(CreatedOwner, (), (id, email, is_new))

struct CreatedTenant {
  TenantView tenant;
  CreatedOwner owner;
  std::string secret;  // shown once
};
BOOST_DESCRIBE_STRUCT(CreatedTenant, (), (tenant, owner, secret))

struct UpdateTenant {
  std::optional<json::Name<255>> name;
  std::optional<PlanId> plan_id;
};
BOOST_DESCRIBE_STRUCT(UpdateTenant, (), (name, plan_id))

struct RotateSecret {
  json::Defaulted<json::Int<0, 168>> overlap_hours = 24;  // in which the one before stays good
};
BOOST_DESCRIBE_STRUCT(RotateSecret, (), (overlap_hours))

struct RotatedSecret {
  int version = 0;
  std::string secret;  // shown once
  std::optional<Timestamp> previous_expires_at;
};
BOOST_DESCRIBE_STRUCT(RotatedSecret, (), (version, secret, previous_expires_at))

struct TenantFilter {
  std::optional<TenantStatus> status;
  std::optional<PlanId> plan;
  std::optional<Region> region;
  std::string words;  // beginnings of words of name or slug, all of which must be there
};

/// Newest first, after `after`, of the regions that this node serves.
Task<std::vector<TenantView>> list_tenants(access::Reactor&, TenantFilter,
                                           std::optional<OrganizationId> after, std::int64_t limit);

/// What makes tenants besides the databases. One per process.
struct TenantMaker {
  crypto::PasswordHasher& passwords;
  std::vector<ProvisioningPart> parts;
};
struct MadeTenant {
  CreatedTenant created;
  bool is_replay = false;
};
/// Errors: as provision_organization; overloaded (Argon2's queue).
Task<Result<MadeTenant>> create_tenant(access::Reactor&, TenantMaker&, Operator, CreateTenant,
                                       std::optional<access::IdempotencyKey>);

/// All below: errors not_found, wrong_region.
Task<Result<TenantDetail>> get_tenant(access::Reactor&, OrganizationId);
/// Errors besides: plan_limit_reached, conflict (the plan is retired), validation_failed.
Task<Result<TenantDetail>> update_tenant(access::Reactor&, Operator, OrganizationId, UpdateTenant);
/// Errors besides: conflict, where the lifecycle does not allow it.
Task<Result<TenantDetail>> set_tenant_status(access::Reactor&, Operator, OrganizationId, TenantStatus);
struct NewSecret {
  RotatedSecret rotated;
  bool is_replay = false;
};
/// Errors besides: idempotency_in_flight, idempotency_mismatch.
Task<Result<NewSecret>> rotate_tenant_secret(access::Reactor&, Operator, OrganizationId, RotateSecret,
                                             std::optional<access::IdempotencyKey>);

/// `acme` of “Ácme & Co.”: what a slug is made of when none is given. Never empty.
std::string slug_of(std::string_view name);

}  // namespace gatehouse::tenancy
