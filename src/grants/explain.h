// Why somebody may do something, or may not: every source of a right with what it gives, as the server
// decides it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "access/call.h"
#include "access/operations.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::grants {

/// Either a permission, or an action on a thing (kind, id and action together).
struct ExplainQuery {
  std::optional<UserId> user_id;  // default: the caller
  std::optional<json::Text<1, 64>> permission;
  std::optional<ResourceKind> resource_kind;
  std::optional<Uuid> resource_id;
  std::optional<AclAction> action;
  std::optional<WorkspaceId> in_workspace;   // default: the thing's, or the person's own
  std::optional<json::Text<2, 45>> address;  // default: the call's
  std::optional<Timestamp> time;             // default: now
};
BOOST_DESCRIBE_STRUCT(ExplainQuery, (),
                      (user_id, permission, resource_kind, resource_id, action, in_workspace, address, time))

enum class ReasonSource {
  membership,
  tenant_status,
  organization_role,
  governance_role,
  auditor,
  ownership,
  grant
};
BOOST_DESCRIBE_ENUM(ReasonSource, membership, tenant_status, organization_role, governance_role, auditor,
                    ownership, grant)

enum class ReasonEffect { allows, denies, nothing };
BOOST_DESCRIBE_ENUM(ReasonEffect, allows, denies, nothing)

struct Reason {
  ReasonSource source;
  ReasonEffect effect;
  /// The role's code; of a grant why it counts or not: granted, no_grant, not_yet_valid, expired, address,
  /// time.
  std::string name;
  std::optional<Reach> reach;  // how far a role opens the permission
  std::optional<GrantId> grant_id;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (source, effect, name, reach, grant_id))

struct Explanation {
  bool allowed = false;
  std::string permission;
  std::optional<Reach> reach;
  UserId user_id;
  std::vector<Reason> reasons;
};
BOOST_DESCRIBE_STRUCT(Explanation, (), (allowed, permission, reach, user_id, reasons))

/// Errors: validation_failed (also for what no operation asks for), not_found (a person or a thing that the
/// caller may not see).
Task<Result<Explanation>> explain(access::Call&, const access::Operations&, ExplainQuery);

}  // namespace gatehouse::grants
