// `/api/models` and `/api/providers`.
#pragma once

#include "access/operations.h"
#include "models/gateway.h"

namespace gatehouse::models {

void add_provider_operations(access::Operations&, Gateway&);

}  // namespace gatehouse::models
