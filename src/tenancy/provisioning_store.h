// SQL of provisioning: the control directory, and the rows of a new organization or member.
#pragma once

#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "pg/batch.h"
#include "tenancy/provisioning.h"

namespace gatehouse::tenancy {

struct DirectoryRow {
  OrganizationId organization_id;
  Region region = Region::us;
  bool is_confirmed = false;
};

struct PersonRow {
  UserId id;
  std::optional<std::string> password_hash;
};
BOOST_DESCRIBE_STRUCT(PersonRow, (), (id, password_hash))

/// Takes the slug for `id`, or gives whose it is.
Task<DirectoryRow> reserve_slug(access::Reactor&, OrganizationId id, std::string slug, Region);
Task<void> confirm_organization(access::Reactor&, OrganizationId);

Task<std::optional<PersonRow>> find_person(access::Reactor&, Region, std::string email);
Task<std::optional<WorkspaceId>> find_org_workspace(access::Reactor&, Region, OrganizationId);
Task<std::optional<WorkspaceId>> find_my_workspace(access::Reactor&, Region, OrganizationId, UserId);
Task<std::optional<UserId>> find_owner(access::Reactor&, Region, OrganizationId);

/// Statements of one transaction. Those that meet a row which is there already leave it as it is.
void insert_organization(pg::Batch&, OrganizationId, const ProvisionOrganization&);
void insert_person(pg::Batch&, UserId, const NewPerson&);
/// Membership, MyWorkspace and access to both default workspaces.
void insert_member(pg::Batch&, OrganizationId, UserId, RoleCode, bool is_owner, WorkspaceId org_workspace);
void insert_org_workspace(pg::Batch&, OrganizationId, WorkspaceId);

}  // namespace gatehouse::tenancy
