// Making organizations and their members, with all that belongs to them from the first moment.
//
// An organization exists as a whole or not at all: one transaction in its region makes the row, its first
// key, its owner, OrgWorkspace and the owner's MyWorkspace. Its slug and region are reserved in the control
// database before and confirmed after; a reservation that was not confirmed is taken up by the next call.
#pragma once

#include <optional>
#include <string>

#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::tenancy {

struct NewPerson {
  std::string email;
  std::string name;
  /// Argon2id in PHC form; nothing for people who sign in by other means. Ignored if the person exists: an
  /// organization cannot change how somebody signs in.
  std::optional<std::string> password_hash;
};

struct ProvisionOrganization {
  std::string name;  // 1 to 255 bytes
  std::string slug;
  Region region = Region::us;
  DataMode data_mode = DataMode::metadata_only;
  std::optional<PlanId> plan;
  NewPerson owner;
};

struct ProvisionedOrganization {
  OrganizationId id;
  UserId owner;
  WorkspaceId org_workspace;
  bool created = false;  // false: it was there already
};

struct AddMember {
  OrganizationId organization;
  Region region = Region::us;
  NewPerson person;
  RoleCode role = RoleCode::UR;
};

struct AddedMember {
  UserId user;
  WorkspaceId my_workspace;
  bool created = false;  // false: already a member; role and state are left as they are
};

/// Idempotent by slug. As operator's work: runs as gatehouse_platform. Records nothing: its caller does.
/// Errors: validation_failed, already_exists (the slug belongs to another region), wrong_region (this node
/// does not serve it).
Task<Result<ProvisionedOrganization>> provision_organization(access::Reactor&, ProvisionOrganization);

/// Makes the person if need be, the membership, MyWorkspace (private) and access to OrgWorkspace. A person
/// who is known in another region that this node serves keeps id and password. Idempotent by e-mail.
/// Errors: validation_failed, not_found (the organization), wrong_region.
Task<Result<AddedMember>> add_member(access::Reactor&, AddMember);

/// Idempotent by slug: a plan without limits.
Task<PlanId> ensure_unlimited_plan(access::Reactor&);

}  // namespace gatehouse::tenancy
