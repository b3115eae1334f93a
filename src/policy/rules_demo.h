// The demo organizations' rules, as rows.
#pragma once

#include "domain/ids.h"
#include "pg/batch.h"

namespace gatehouse::policy {

/// Adds a statement that inserts the demo's three rules (block `project aurora`, warn of `salary`, redact
/// personal data); it changes nothing where the organization has any rule. For a transaction of
/// gatehouse_platform, or of gatehouse_app in the organization's context with its whole reach.
void insert_demo_rules(pg::Batch&, OrganizationId);

}  // namespace gatehouse::policy
