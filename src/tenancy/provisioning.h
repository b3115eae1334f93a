// Making organizations and their members, with all that belongs to them from the first moment.
//
// An organization exists as a whole or not at all: one transaction in its region makes the row, its first
// key, its tenant secret, its owner, OrgWorkspace and the owner's MyWorkspace, this month's usage, what other
// capabilities add, the audit event and the answer that a repeat gets. Its slug and region are reserved in
// the control database before and confirmed after; a reservation that was not confirmed is taken up by the
// next call, or ended an hour later (directory.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/idempotency.h"
#include "access/reactor.h"
#include "audit/event.h"
#include "base/error.h"
#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::tenancy {

struct NewPerson {
  std::string email;
  std::string name;
  /// Argon2id in PHC form; nothing for people who sign in by other means. Ignored if the person exists and
  /// their address is proved: an organization cannot change how somebody signs in.
  std::optional<std::string> password_hash;
  /// The address is proved, or an operator answers for whoever has the password.
  bool is_confirmed = false;
};

/// What a capability adds to each new organization: statements of the transaction that makes it, as
/// gatehouse_platform.
using ProvisioningPart = std::function<void(pg::Batch&, OrganizationId)>;

struct ProvisionedOrganization {
  OrganizationId id;
  UserId owner;
  WorkspaceId org_workspace;
  bool created = false;  // false: it was there already
  std::string slug;
  bool owner_is_new = false;
  Timestamp created_at;
  /// What its servers sign requests with: known here once. Null if the organization was there.
  std::shared_ptr<const crypto::Secret> secret;
  /// The answer of the call that this one repeats.
  std::optional<std::string> stored_answer;
};

struct ProvisionOrganization {
  std::string name;  // 1 to 255 bytes
  std::string slug;
  bool slug_may_vary = false;  // a number is put behind one that is taken
  Region region = Region::us;
  DataMode data_mode = DataMode::metadata_only;
  std::optional<PlanId> plan;
  NewPerson owner;
  /// False: an organization that has the slug already is refused. True: it is the result.
  bool may_exist = true;
  std::vector<ProvisioningPart> parts = {};
  /// Recorded by the transaction, in the organization's chain.
  std::optional<audit::Event> event = std::nullopt;
  /// The call's Idempotency-Key, and the answer to keep for its repeats.
  std::optional<access::IdempotencyKey> request = std::nullopt;
  std::function<std::string(const ProvisionedOrganization&)> answer = {};
};

struct AddMember {
  OrganizationId organization;
  Region region = Region::us;
  NewPerson person;
  RoleCode role = RoleCode::UR;
  /// False: MyWorkspace alone, for who came uninvited.
  bool joins_org_workspace = true;
  /// False: the membership rests, and takes no place of those that the plan allows.
  bool is_active = true;
  /// What goes with a membership that is made: statements of its transaction, as gatehouse_platform, which
  /// may record it. `is_new`: so is the person.
  std::function<void(pg::Batch&, UserId, bool is_new)> also = {};
};

struct AddedMember {
  UserId user;
  WorkspaceId my_workspace;
  bool created = false;  // false: already a member; role and state are left as they are
};

/// As operator's work: runs as gatehouse_platform. Errors: validation_failed, already_exists (the slug),
/// wrong_region (this node does not serve it), plan_limit_reached and conflict (reserve_place),
/// idempotency_mismatch, idempotency_in_flight.
Task<Result<ProvisionedOrganization>> provision_organization(access::Reactor&, ProvisionOrganization);

/// Makes the person if need be, the membership, MyWorkspace (private) and, unless not wanted, access to
/// OrgWorkspace. A person who is known in another region that this node serves keeps id and password, and
/// the id alone if nobody has proved their address.
/// Idempotent by e-mail. Errors: validation_failed, not_found (the organization), wrong_region,
/// plan_limit_reached (max_users).
Task<Result<AddedMember>> add_member(access::Reactor&, AddMember);

/// Idempotent by slug: a plan without limits.
Task<PlanId> ensure_unlimited_plan(access::Reactor&);

/// A new secret for an organization's servers: `ghts_` and 43 characters.
crypto::Secret make_tenant_secret();

}  // namespace gatehouse::tenancy
