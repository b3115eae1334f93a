// The operations of this folder: `/v1/chat/completions`, `/v1/models`, `/api/models`, `/api/providers`.
#pragma once

#include "access/operations.h"
#include "models/gateway.h"

namespace gatehouse::models {

/// Once at start; `gateway` outlives the operations.
void add_operations(access::Operations&, Gateway& gateway);

}  // namespace gatehouse::models
