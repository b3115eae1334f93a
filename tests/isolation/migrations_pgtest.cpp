// The sum of all migrations is migrations/schema.sql, and each can be undone and done again.
// GATEHOUSE_WRITE_SCHEMA=1 writes that file anew.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pg/migrator.h"
#include "world.h"

namespace gatehouse::isolation {
namespace {

constexpr const char* kKinds[] = {"control", "product", "audit"};

std::string newest_pg_dump() {
  std::map<int, std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql"))
    if (auto path = entry.path() / "bin/pg_dump"; std::filesystem::exists(path))
      found[std::atoi(entry.path().filename().c_str())] = path;
  if (found.empty()) throw Failure("no pg_dump below /usr/lib/postgresql");
  return found.rbegin()->second;
}

/// Without what differs between releases of pg_dump, and without monthly partitions.
std::string schema_of(const std::string& database) {
  auto command = fmt::format(
      "{} --schema-only --no-owner --exclude-table='metering_events_*' --exclude-table='messages_*'"
      " --exclude-table=schema_migrations --dbname='{}'",
      newest_pg_dump(), database);
  auto* pipe = popen(command.c_str(), "r");
  if (!pipe) throw Failure("pg_dump does not start");
  std::string text;
  char buffer[4096];
  while (auto size = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, size);
  if (pclose(pipe) != 0) throw Failure("pg_dump failed");
  std::istringstream lines(text);
  std::string kept, line;
  while (std::getline(lines, line)) {
    bool noise = line.empty() || line.starts_with("--") || line.starts_with("SET ") ||
                 line.starts_with("\\") || line.starts_with("SELECT pg_catalog.set_config");
    if (!noise) kept += line + "\n";
  }
  return kept;
}

int latest(const std::string& kind) {
  int last = 0;
  for (const auto& entry : std::filesystem::directory_iterator("migrations/" + kind))
    last = std::max(last, std::atoi(entry.path().filename().c_str()));
  return last;
}

/// How many were applied, or 0 after undoing down to `to`.
int migrate(const std::string& database, const std::string& kind, int to, bool up) {
  return pg::testing::run([](std::string owner, std::string directory, int target,
                             bool upwards) -> Task<int> {
    auto connection = co_await pg::Connection::connect({.dsn = owner}, pg::within(std::chrono::minutes(2)));
    pg::Migrator migrator(connection, directory);
    co_return upwards ? co_await migrator.up(target) : co_await migrator.down(target);
  }(pg::testing::as_role(database, "gatehouse_owner"), "migrations/" + kind, to, up));
}

TEST(Migrations, TheirSumIsTheSchemaFile) {
  std::string sum =
      "-- The schemas of the three kinds of databases, as their migrations leave them (without monthly\n"
      "-- partitions). Generated: GATEHOUSE_WRITE_SCHEMA=1 isolation_pgtest "
      "--gtest_filter='Migrations.TheirSumIsTheSchemaFile'\n";
  for (std::string kind : kKinds) sum += "\n-- " + kind + "\n\n" + schema_of(owned_database(kind));
  const char* file = "migrations/schema.sql";
  if (std::getenv("GATEHOUSE_WRITE_SCHEMA")) std::ofstream(file) << sum;
  std::ifstream in(file);
  std::string written{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(written, sum) << "regenerate migrations/schema.sql, and look at its difference";
}

class EachMigration : public ::testing::TestWithParam<const char*> {};

TEST_P(EachMigration, RunsTwiceWithoutEffect) {
  std::string kind = GetParam();
  auto database = owned_database(kind);
  auto before = schema_of(database);
  EXPECT_EQ(migrate(database, kind, latest(kind), true), 0);
  EXPECT_EQ(schema_of(database), before);
}

TEST_P(EachMigration, IsUndoneByItsDownAndDoneAgain) {
  std::string kind = GetParam();
  auto database = owned_database(kind, 0);
  std::map<int, std::string> schemas{{0, schema_of(database)}};
  for (int version = 1; version <= latest(kind); ++version) {
    migrate(database, kind, version, true);
    schemas[version] = schema_of(database);
  }
  for (int version = latest(kind) - 1; version >= 0; --version) {
    migrate(database, kind, version, false);
    EXPECT_EQ(schema_of(database), schemas[version]) << kind << " down to " << version;
  }
  migrate(database, kind, latest(kind), true);
  EXPECT_EQ(schema_of(database), schemas[latest(kind)]) << kind << " up again";
}

INSTANTIATE_TEST_SUITE_P(Kinds, EachMigration, ::testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace gatehouse::isolation
