// Which PostgreSQL we are willing to run on.
#pragma once

#include "pg/connection.h"

namespace gatehouse::pg {

/// Throws Failure, saying what to change, unless the server is 15.20+, 16.16+, 17.12+ or newer
/// (CVE-2026-120154: below that ON CONFLICT reads past row-level security) and has fsync, full_page_writes
/// and synchronous_commit on.
Task<void> check_server(Connection&, Deadline);
/// `version` as `Connection::server_version()` gives it.
bool is_supported_version(int version);

}  // namespace gatehouse::pg
