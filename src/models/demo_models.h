// The demo provider and its two models, as rows.
#pragma once

#include "domain/ids.h"
#include "pg/batch.h"

namespace gatehouse::models {

/// Adds statements that insert provider `demo` with `demo/echo` and `demo/assistant`; they change nothing
/// where the provider exists. For a transaction of gatehouse_platform, or of gatehouse_app in the
/// organization's context with its whole reach.
void insert_demo_provider(pg::Batch&, OrganizationId);

}  // namespace gatehouse::models
