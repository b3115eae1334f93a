// Who administers the organization, as against who reaches all of it.
#pragma once

#include "access/call.h"

namespace gatehouse::access {

/// The call acts with an administrator's role on the whole organization. Reach alone does not tell: a
/// governance role that was given for the whole organization reaches as far, and so may a program. SQL asks
/// `administers()`.
inline bool administers(const Call& call) {
  return call.reach() == Reach::organization && call.principal().role == RoleCode::OA;
}

}  // namespace gatehouse::access
