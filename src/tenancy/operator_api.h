// The operator's operations: `/api/core/plans` and `/api/core/tenants` (seed 003).
#pragma once

#include "access/operations.h"
#include "tenancy/tenants.h"

namespace gatehouse::tenancy {

/// `maker` outlives the operations.
void add_operator_operations(access::Operations&, TenantMaker& maker);

}  // namespace gatehouse::tenancy
