// Operations on grants, and the answer to "why may they?".
#pragma once

#include "access/operations.h"

namespace gatehouse::grants {

/// `/api/grants`, `/api/access/explain`.
void add_operations(access::Operations&);

}  // namespace gatehouse::grants
