// What an organization uses of its plan and what it has set up: the month, the dashboard, the checklist.
#pragma once

#include "access/operations.h"

namespace gatehouse::tenancy {

/// `GET /api/usage`.
void add_usage_operations(access::Operations&);
/// `GET /api/dashboard`, `GET /api/dashboard/decisions`.
void add_dashboard_operations(access::Operations&);
/// `GET` and `PATCH /api/checklist`.
void add_checklist_operations(access::Operations&);

}  // namespace gatehouse::tenancy
