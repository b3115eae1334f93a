// SQL of the operator's tenants, as gatehouse_platform.
#pragma once

#include "pg/batch.h"
#include "pg/rows.h"
#include "tenancy/tenants.h"

namespace gatehouse::tenancy {

struct TenantRow {
  OrganizationId id;
  std::string name;
  std::string slug;
  Region region;
  DataMode data_mode;
  TenantStatus status;
  std::optional<PlanId> plan_id;
  std::int64_t used;
  std::string month;
  std::int64_t users;
  Timestamp created_at;
  Timestamp activated_at;
  std::optional<Timestamp> suspended_at;
};
BOOST_DESCRIBE_STRUCT(TenantRow, (),
                      (id, name, slug, region, data_mode, status, plan_id, used, month, users, created_at,
                       activated_at, suspended_at))

/// One result, of TenantRows.
void add_list_tenants(pg::Batch&, const TenantFilter&, std::optional<OrganizationId> after,
                      std::int64_t limit);
/// Three results: the TenantRow, its TenantOwners, its TenantSecretViews.
void add_get_tenant(pg::Batch&, OrganizationId);
/// One result: `status`. The row is locked.
void add_lock_tenant(pg::Batch&, OrganizationId);
void add_set_status(pg::Batch&, OrganizationId, TenantStatus);
void add_rename_tenant(pg::Batch&, OrganizationId, const std::string& name);
void add_set_plan(pg::Batch&, OrganizationId, PlanId);
/// One result: the newest `version`, its row locked.
void add_lock_secret(pg::Batch&, OrganizationId);
/// One result: `expires_at` of what was current, if there was one.
void add_expire_secret(pg::Batch&, OrganizationId, std::int64_t overlap_hours);

/// A tsquery of the beginnings of words, for words_of() once it is in lower case; empty if there is no word
/// in it.
std::string words_query(std::string_view text);

}  // namespace gatehouse::tenancy
