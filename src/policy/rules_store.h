// Rules as rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "base/error.h"
#include "pg/batch.h"
#include "pg/rows.h"
#include "policy/rule.h"
#include "policy/rules_wire.h"

namespace gatehouse::policy {

/// A rule with what only the store knows of it.
struct StoredRule {
  Rule rule;
  std::optional<WorkspaceId> workspace_id;
  std::int64_t hits_30d = 0;
  Timestamp created_at;
  Timestamp updated_at;
};

RuleView view_of(const StoredRule&);

/// All rules in order; the rows of the added statement are for read_rules().
void add_select_rules(pg::Batch&, OrganizationId);
void add_select_rule(pg::Batch&, OrganizationId, RuleId);
/// Throws Failure if a row holds what no version of the server writes.
std::vector<StoredRule> read_rules(const pg::Rows&);

/// Opens the call's transaction, waits until no other is changing the organization's rules, and gives them.
Task<std::vector<StoredRule>> lock_rules(access::Call&);

/// Errors: already_exists if the name is taken, validation_failed if there is no such workspace.
Task<Result<StoredRule>> insert_rule(access::Call&, StoredRule);
/// Makes the next version. The same errors.
Task<Result<StoredRule>> update_rule(access::Call&, StoredRule);
Task<void> delete_rule(access::Call&, RuleId);
/// Positions 0, 1, … in the order given.
Task<void> update_order(access::Call&, std::vector<RuleId>);

}  // namespace gatehouse::policy
