// The organization's own row, under row-level security.
#pragma once

#include <optional>
#include <string>

#include "access/call.h"
#include "json/value.h"

namespace gatehouse::tenancy {

struct OrganizationRow {
  OrganizationId id;
  std::string name;
  std::string slug;
  Region region;
  DataMode data_mode;
  TenantStatus status;
  pg::Json settings;
  pg::Json attributes;
  std::int64_t version;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(OrganizationRow, (),
                      (id, name, slug, region, data_mode, status, settings, attributes, version, created_at,
                       updated_at))

Task<std::optional<OrganizationRow>> find_organization(access::Call&);
/// In the call's transaction, so that nobody changes it meanwhile.
Task<std::optional<OrganizationRow>> lock_organization(access::Call&);
/// Name, data mode, settings and attributes as the row has them; the version goes up.
/// What an organization's domain and its workspaces say of guests is changed one at a time.
void lock_guests(pg::Batch&, const access::Call&);
/// Whether a workspace keeps guests out by itself, in which case the organization's domain stays.
Task<bool> has_workspace_without_guests(access::Call&);
Task<OrganizationRow> update_organization(access::Call&, OrganizationRow);

}  // namespace gatehouse::tenancy
