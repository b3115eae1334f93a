// What a caller is told when the database refused what it asked for.
#pragma once

#include "base/error.h"
#include "pg/error.h"

namespace gatehouse::access {

/// A precise code for what the caller can act on (a taken name, a row that is gone, a lifecycle rule);
/// `internal` or `overloaded` for the rest. Never quotes the database's text.
Error to_error(const pg::Error&);

}  // namespace gatehouse::access
