// The session context that row-level security reads: the one place that sets it.
#pragma once

#include <string>
#include <vector>

#include "domain/ids.h"
#include "domain/terms.h"
#include "pg/connection.h"
#include "pg/statement.h"

namespace gatehouse::access {

struct SessionContext {
  OrganizationId organization;
  WorkspaceId workspace;  // nil: none
  UserId user;            // nil: none
  RoleCode role = RoleCode::UR;
  Reach reach = Reach::own;
  std::vector<Uuid> grants = {};   // things beyond the reach (access/admission.h)
  std::vector<Uuid> audited = {};  // workspaces that the person audits: a write changes nothing there
};

/// Adds the statement that puts the context in force until the end of the transaction. A read also becomes
/// a read-only transaction by it.
void add_context(pg::Batch&, const SessionContext&, bool read_only);

}  // namespace gatehouse::access
