// What a new organization has of the simulator from its first moment.
#pragma once

#include "domain/ids.h"
#include "pg/batch.h"

namespace gatehouse::simulator {

/// The three stages with seed 003's defaults, where they are missing. As gatehouse_platform.
void insert_default_stages(pg::Batch&, OrganizationId);

}  // namespace gatehouse::simulator
