// Sets up databases: roles, databases, migrations. For `migrate` and the demo.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/secret.h"
#include "domain/terms.h"
#include "pg/connection.h"
#include "pg/migrator.h"

namespace gatehouse::server {

enum class DatabaseKind { control, product, audit };
std::string_view to_string(DatabaseKind);

struct RolePasswords {
  crypto::Secret owner, app, platform, audit, backup;
};

/// Creates the roles of `migrations/roles.sql` if absent and sets their passwords. As a superuser.
Task<void> install_roles(pg::Connection&, std::filesystem::path migrations, const RolePasswords&);

/// Creates the database, owned by gatehouse_owner, if absent. As a superuser. `name` is [a-z_]+.
Task<void> install_database(pg::Connection&, std::string name);

/// Applies what is not applied. `owner_dsn` is gatehouse_owner's. Gives the number of migrations applied.
Task<int> migrate_up(std::string owner_dsn, std::filesystem::path migrations, DatabaseKind);
Task<int> migrate_down(std::string owner_dsn, std::filesystem::path migrations, DatabaseKind, int to);
Task<std::vector<pg::Migrator::Status>> migration_status(std::string owner_dsn,
                                                         std::filesystem::path migrations, DatabaseKind);

}  // namespace gatehouse::server
