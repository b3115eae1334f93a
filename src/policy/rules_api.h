// The operations of this folder: `/api/policies` and what is below it.
#pragma once

#include "access/operations.h"

namespace gatehouse::policy {

/// Once at start.
void add_operations(access::Operations&);

}  // namespace gatehouse::policy
