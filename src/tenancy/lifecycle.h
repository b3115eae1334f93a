// The lifecycle of an organization (seed 003): which status may follow which. The database keeps the same by
// a trigger (migration 0012).
#pragma once

#include "domain/terms.h"

namespace gatehouse::tenancy {

/// active → suspended, cancelled; suspended → active, cancelled; cancelled → active.
constexpr bool may_follow(TenantStatus from, TenantStatus to) {
  if (from == to) return false;
  return !(from == TenantStatus::cancelled && to == TenantStatus::suspended);
}

}  // namespace gatehouse::tenancy
