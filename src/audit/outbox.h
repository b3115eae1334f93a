// The outbox of the product database: a transaction that changes something inserts its event there with it.
//
//   batch.add(audit::kInsertOutbox, audit::outbox_params(event));   // in the transaction's last batch
//   … commit …
//   drain.notify_local();
#pragma once

#include "audit/event.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::audit {

/// As gatehouse_app: the event's organization has to be the context's, or the insert is refused (42501).
/// Inserting an id again is a unique violation.
extern const pg::Statement kInsertOutbox;

/// Throws Failure if the event breaks a limit of event.h.
pg::Params outbox_params(const Event&);

}  // namespace gatehouse::audit
