#include "server/installer.h"

#include "base/error.h"
#include "base/file.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 60s;

constexpr pg::Statement kHasDatabase{"installer.has_database",
                                     "select 1 from pg_database where datname = $1"};

// DDL takes no parameters. Passwords are ours (random letters and digits); the check is for those an operator
// chose.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\0' || c == '\\') throw Failure("a database password has a character that cannot be used");
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

Task<pg::Connection> connect_as_owner(std::string dsn) {
  co_return co_await pg::Connection::connect(
      {.dsn = std::move(dsn), .application_name = "gatehouse migrate", .statement_timeout = 0ms},
      pg::within(kDeadline));
}

}  // namespace

std::string_view to_string(DatabaseKind kind) {
  switch (kind) {
    case DatabaseKind::control:
      return "control";
    case DatabaseKind::product:
      return "product";
    case DatabaseKind::audit:
      return "audit";
  }
  return "?";
}

Task<void> install_roles(pg::Connection& connection, std::filesystem::path migrations,
                         const RolePasswords& passwords) {
  co_await connection.execute_script(read_file(migrations / "roles.sql"), pg::within(kDeadline));
  std::string script;
  auto set = [&](std::string_view role, const crypto::Secret& password) {
    script += fmt::format("alter role {} password {};", role, quoted(password.reveal()));
  };
  set("gatehouse_owner", passwords.owner);
  set("gatehouse_app", passwords.app);
  set("gatehouse_platform", passwords.platform);
  set("gatehouse_audit", passwords.audit);
  set("gatehouse_backup", passwords.backup);
  co_await connection.execute_script(std::move(script), pg::within(kDeadline));
}

Task<void> install_database(pg::Connection& connection, std::string name) {
  auto found = co_await connection.query(kHasDatabase, pg::params(name), pg::within(kDeadline));
  if (found.empty())
    co_await connection.execute_script(
        fmt::format(
            "create database {} owner gatehouse_owner template template0 encoding 'UTF8' locale 'C.UTF-8'",
            name),
        pg::within(kDeadline));
  co_await connection.execute_script(fmt::format("revoke connect, temporary on database {0} from public;"
                                                 "grant connect on database {0} to gatehouse_app, "
                                                 "gatehouse_platform, gatehouse_audit, gatehouse_backup",
                                                 name),
                                     pg::within(kDeadline));
}

Task<int> migrate_up(std::string owner_dsn, std::filesystem::path migrations, DatabaseKind kind) {
  auto connection = co_await connect_as_owner(std::move(owner_dsn));
  pg::Migrator migrator(connection, migrations / to_string(kind));
  co_return co_await migrator.up();
}

Task<int> migrate_down(std::string owner_dsn, std::filesystem::path migrations, DatabaseKind kind, int to) {
  auto connection = co_await connect_as_owner(std::move(owner_dsn));
  pg::Migrator migrator(connection, migrations / to_string(kind));
  co_return co_await migrator.down(to);
}

Task<std::vector<pg::Migrator::Status>> migration_status(std::string owner_dsn,
                                                         std::filesystem::path migrations,
                                                         DatabaseKind kind) {
  auto connection = co_await connect_as_owner(std::move(owner_dsn));
  pg::Migrator migrator(connection, migrations / to_string(kind));
  co_return co_await migrator.status();
}

}  // namespace gatehouse::server
