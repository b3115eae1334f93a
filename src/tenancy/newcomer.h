// The rows of somebody who comes into an organization, for a transaction of whoever lets them in.
#pragma once

#include <optional>

#include "access/call.h"
#include "access/reactor.h"
#include "pg/batch.h"
#include "tenancy/provisioning.h"

namespace gatehouse::tenancy {

struct Entrance {
  WorkspaceId default_workspace;           // that everybody of the organization gets
  std::optional<std::int64_t> most_users;  // by its plan; nothing: no limit
};
/// Nothing if there is no such organization.
Task<std::optional<Entrance>> find_entrance(access::Reactor&, Region, OrganizationId);

/// The person (left as they are if they are there), the membership, MyWorkspace, and access to that and to
/// the default workspace. As gatehouse_platform. Running it throws pg::Error GH004 if the plan allows no more
/// users.
void add_newcomer(pg::Batch&, OrganizationId, UserId, const NewPerson&, RoleCode, const Entrance&);

/// Whoever comes back is one more of those that the plan counts. Throws pg::Error GH004 if that is one too
/// many.
Task<void> take_seat(access::Call&);
/// The same, to go before in a transaction of gatehouse_platform.
Task<pg::Batch> seat_guard(access::Reactor&, Region, OrganizationId);

}  // namespace gatehouse::tenancy
