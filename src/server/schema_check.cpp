#include "server/schema_check.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "pg/error.h"
#include "pg/statement.h"
#include "server/wording.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

constexpr pg::Statement kApplied{"server.applied_migrations",
                                 "select version from schema_migrations order by version"};
// From cmake/SchemaVersions.cmake.
constexpr int kControl[] = {GATEHOUSE_MIGRATIONS_CONTROL};
constexpr int kProduct[] = {GATEHOUSE_MIGRATIONS_PRODUCT};
constexpr int kAudit[] = {GATEHOUSE_MIGRATIONS_AUDIT};

constexpr std::string_view kNoSuchTable = "42P01";

Task<std::vector<int>> applied_to(pg::Connection& connection) {
  try {
    auto rows = co_await connection.query(kApplied, {}, pg::within(10s));
    co_return rows.as<int>();
  } catch (const pg::Error& error) {
    if (error.sqlstate() != kNoSuchTable) throw;
  }
  co_return std::vector<int>{};
}

}  // namespace

std::span<const int> known_migrations(DatabaseKind kind) {
  switch (kind) {
    case DatabaseKind::control:
      return kControl;
    case DatabaseKind::product:
      return kProduct;
    case DatabaseKind::audit:
      return kAudit;
  }
  return {};
}

Task<void> check_schema(pg::Connection& connection, std::string name, DatabaseKind kind) {
  auto known = known_migrations(kind);
  auto applied = co_await applied_to(connection);
  auto pending =
      std::ranges::count_if(known, [&](int one) { return !std::ranges::binary_search(applied, one); });
  if (pending > 0)
    throw Failure(fmt::format(
        "the schema of the {} database is not up to date ({} pending): run `gatehouse migrate up`", name,
        counted(pending, "migration")));
  if (!applied.empty() && applied.back() > known.back())
    log::warn("node.schema_is_newer",
              {{"database", name}, {"applied", applied.back()}, {"known", known.back()}});
}

}  // namespace gatehouse::server
