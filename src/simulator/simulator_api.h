// Operations of the simulator: a turn at a stage, the stages' configurations, the log of turns.
#pragma once

#include "access/operations.h"
#include "models/gateway.h"

namespace gatehouse::simulator {

/// `POST /api/tenants/{tenant_id}/test`, `/api/stages`, `/api/simulator/executions`.
void add_operations(access::Operations&, models::Gateway&);

}  // namespace gatehouse::simulator
