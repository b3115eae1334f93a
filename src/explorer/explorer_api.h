// The operations of this folder: an organization's audit events, one event, verification and export.
#pragma once

#include "access/operations.h"

namespace gatehouse::explorer {

/// Once at start. Each of the operations is itself an audit event.
void add_operations(access::Operations&);

}  // namespace gatehouse::explorer
