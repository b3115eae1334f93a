// Whether a principal may make a call now, in which workspace and how far: role, governance roles, the scope
// of a program's credential, the tenant's status, and grants. From snapshots alone: no round trip once they
// are loaded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/acl.h"
#include "access/permission.h"
#include "access/principal.h"
#include "access/tenants.h"
#include "base/error.h"
#include "base/task.h"

namespace gatehouse::access {

struct OperationInfo;

/// What of a request decides about its admission, kept apart from it so that it can be judged again later.
struct Asked {
  std::optional<std::string> workspace;     // the header, or the query parameter of a read
  std::optional<std::string> organization;  // that the page shows
  std::optional<Uuid> resource;             // the id in the path that the operation's declaration names
  std::optional<boost::asio::ip::address> address;
  /// Whether a grant that opens or, by its conditions, refuses the thing counts that: once for each call.
  bool counts_use = true;
};

struct Admission {
  std::shared_ptr<const TenantSnapshot> tenant;  // null: the principal has no organization
  WorkspaceId workspace;
  Reach reach = Reach::own;
  /// The governance roles that count, if the organization role alone would reach less far.
  std::vector<Governance> governance;
  /// Things of the operation's kind beyond the reach, which were granted for its action.
  std::vector<Uuid> grants;
  /// The grant that opens the path's thing, if the reach alone might not.
  std::optional<Grant> grant;
};

/// Errors: tenant_suspended, tenant_cancelled.
Result<void> check_status(const Tenant&);

/// Errors: unauthenticated (the organization is gone), organization_switched, forbidden, tenant_suspended,
/// tenant_cancelled, plan_limit_reached, not_found (the workspace). Throws if a database fails.
Task<Result<Admission>> admit(Reactor&, Principal, const OperationInfo&, Asked);

}  // namespace gatehouse::access
