// SQL of provisioning: the rows of a new organization or member.
#pragma once

#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "pg/batch.h"
#include "tenancy/provisioning.h"

namespace gatehouse::tenancy {

struct PersonRow {
  UserId id;
  std::optional<std::string> password_hash;
  bool is_confirmed;
};
BOOST_DESCRIBE_STRUCT(PersonRow, (), (id, password_hash, is_confirmed))

Task<std::optional<PersonRow>> find_person(access::Reactor&, Region, std::string email);
Task<std::optional<WorkspaceId>> find_org_workspace(access::Reactor&, Region, OrganizationId);
Task<std::optional<WorkspaceId>> find_my_workspace(access::Reactor&, Region, OrganizationId, UserId);
Task<std::optional<UserId>> find_owner(access::Reactor&, Region, OrganizationId);

/// Statements of one transaction. Those that meet a row which is there already leave it as it is.
/// Its row, which must be new, and this month's usage.
void insert_organization(pg::Batch&, OrganizationId, const ProvisionOrganization&, const std::string& slug);
/// A version of the secret that its servers sign with; it becomes the current one.
void insert_tenant_secret(pg::Batch&, OrganizationId, int version, const vault::Sealed&,
                          const std::string& last_four);
vault::SealContext tenant_secret_context(OrganizationId, int version);
/// Refuses (GH004) a membership more than the plan allows; before it is made.
void add_user_guard(pg::Batch&, OrganizationId, std::optional<std::int64_t> most_users);
/// Nothing: no limit.
Task<std::optional<std::int64_t>> most_users(access::Reactor&, Region, OrganizationId);
void insert_person(pg::Batch&, UserId, const NewPerson&);
/// Membership, MyWorkspace and access to it, and to OrgWorkspace if that is named.
void insert_member(pg::Batch&, OrganizationId, UserId, RoleCode, bool is_owner,
                   std::optional<WorkspaceId> org_workspace);
/// The membership rests from its first moment.
void end_member(pg::Batch&, OrganizationId, UserId);
void insert_org_workspace(pg::Batch&, OrganizationId, WorkspaceId);

}  // namespace gatehouse::tenancy
