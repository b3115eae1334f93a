// Whether a database's schema is the one that this binary was built for.
#pragma once

#include <span>
#include <string>

#include "pg/connection.h"
#include "server/installer.h"

namespace gatehouse::server {

/// The versions of the migrations that this binary was built with, ascending.
std::span<const int> known_migrations(DatabaseKind);

/// One query. Throws Failure, saying what to run, if one of `known_migrations` is not applied. A newer schema
/// is logged (`node.schema_is_newer`) and served: migrations expand before they contract, so that the nodes
/// of the release before go on. `name` is the database's in messages: `us product`. The connection's role may
/// read schema_migrations.
Task<void> check_schema(pg::Connection&, std::string name, DatabaseKind);

}  // namespace gatehouse::server
