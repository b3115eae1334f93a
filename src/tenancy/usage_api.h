// What an organization uses of its plan: this month's requests against the limit, by day and by model.
#pragma once

#include "access/operations.h"

namespace gatehouse::tenancy {

/// `GET /api/usage`.
void add_usage_operations(access::Operations&);

}  // namespace gatehouse::tenancy
