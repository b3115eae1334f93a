#include "pg/testing.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "pg/connection.h"

namespace gatehouse::pg::testing {
namespace {

namespace fs = std::filesystem;
constexpr auto kLimit = std::chrono::minutes(2);
// Serialises what several test executables do to one cluster: templates and roles.
constexpr std::string_view kLock = "select pg_advisory_lock(424242)";

struct OwnCluster {
  fs::path directory;
  std::unique_ptr<EmbeddedCluster> cluster;

  OwnCluster() {
    std::string name = (fs::temp_directory_path() / "gatehouse-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw Failure("mkdtemp failed");
    directory = name;
    cluster = std::make_unique<EmbeddedCluster>(EmbeddedCluster::start(
        {.directory = directory, .settings = {{"shared_buffers", "64MB"}}, .sync_on_create = false}));
  }
  ~OwnCluster() {
    cluster.reset();
    std::error_code ignored;
    fs::remove_all(directory, ignored);
  }
};

void script(const std::string& dsn, std::vector<std::string> statements) {
  run([](std::string target, std::vector<std::string> all) -> Task<void> {
    auto connection = co_await Connection::connect({.dsn = target}, within(kLimit));
    for (auto& sql : all) co_await connection.execute_script(sql, within(kLimit));
  }(dsn, std::move(statements)));
}

struct Databases {
  std::vector<std::string> names;
  ~Databases() {
    // Our own cluster goes whole; a shared one is left as it was found.
    if (!std::getenv("GATEHOUSE_TEST_DSN")) return;
    try {
      for (auto& name : names)
        script(cluster_dsn(), {fmt::format("drop database if exists {} with (force)", name)});
    } catch (const std::exception&) {
    }
  }
};

fs::path migrations_root() {
  for (auto at = fs::current_path();; at = at.parent_path()) {
    if (fs::is_directory(at / "migrations")) return at / "migrations";
    if (at == at.root_path()) throw Failure("no folder migrations/ here or above");
  }
}

std::string template_name(const fs::path& directory) {
  std::size_t hash = 0;
  std::vector<fs::path> files;
  for (auto& entry : fs::directory_iterator(directory)) files.push_back(entry.path());
  std::ranges::sort(files);
  for (auto& file : files) {
    std::ifstream in(file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    hash = hash * 31 + std::hash<std::string>{}(file.filename().string() + text);
  }
  return fmt::format("template_{}_{:016x}", directory.filename().string(), hash);
}

Task<void> make_template(std::string name, fs::path directory) {
  auto admin = co_await Connection::connect({.dsn = cluster_dsn()}, within(kLimit));
  co_await admin.execute_script(std::string(kLock), within(kLimit));
  auto existing = co_await admin.run(
      Batch().add_adhoc("select 1 from pg_database where datname = $1", params(name)), within(kLimit));
  if (!existing[0].empty()) co_return;
  auto making = name + "_making";
  co_await admin.execute_script(fmt::format("drop database if exists {} with (force)", making),
                                within(kLimit));
  co_await admin.execute_script("create database " + making, within(kLimit));
  {
    auto connection =
        co_await Connection::connect({.dsn = with_database(cluster_dsn(), making)}, within(kLimit));
    co_await Migrator(connection, directory).up();
  }
  // `with (force)` is not for renames: wait for the backend of the connection above to be gone.
  co_await admin.execute_script(
      fmt::format("do $$ begin while exists (select from pg_stat_activity where datname = '{}') loop "
                  "perform pg_sleep(0.005); perform pg_stat_clear_snapshot(); end loop; end $$",
                  making),
      within(kLimit));
  co_await admin.execute_script(fmt::format("alter database {} rename to {}", making, name), within(kLimit));
}

}  // namespace

std::string cluster_dsn() {
  if (const char* shared = std::getenv("GATEHOUSE_TEST_DSN")) return shared;
  static OwnCluster own;
  return own.cluster->dsn();
}

std::string with_database(const std::string& dsn, std::string_view database) {
  // postgresql://user:password@host/database?parameters
  auto slash = dsn.find('/', dsn.find("://") + 3);
  auto query = dsn.find('?', slash);
  if (slash == std::string::npos) throw Failure("the test DSN must be a URI with a database");
  return dsn.substr(0, slash + 1) + std::string(database) +
         (query == std::string::npos ? "" : dsn.substr(query));
}

std::string fresh_database(std::string_view migrations) {
  static std::atomic<int> next = 0;
  auto admin = cluster_dsn();
  static Databases made;
  std::string source = "template0";
  if (!migrations.empty()) {
    auto directory = migrations_root() / migrations;
    source = template_name(directory);
    static std::vector<std::string> ready;
    if (std::ranges::find(ready, source) == ready.end()) {
      run(make_template(source, directory));
      ready.push_back(source);
    }
  }
  auto name = fmt::format("test_{}_{}", getpid(), ++next);
  script(admin, {fmt::format("create database {} template {}", name, source)});
  made.names.push_back(name);
  return with_database(admin, name);
}

std::string owned_database(const std::string& kind, int migrate_to) {
  static const bool kRolesMade = [] {
    script(cluster_dsn(), {std::string(kLock), read_file(migrations_root() / "roles.sql")});
    return true;
  }();
  if (!kRolesMade) throw Failure("no roles");
  auto database = fresh_database();
  // The role does not inherit, so owning the database alone would not let it into the schema.
  script(database, {"alter schema public owner to gatehouse_owner"});
  run([](std::string owner, fs::path directory, int target) -> Task<void> {
    auto connection = co_await Connection::connect({.dsn = owner}, within(kLimit));
    co_await Migrator(connection, directory).up(target);
  }(as_role(database, "gatehouse_owner"), migrations_root() / kind, migrate_to));
  return database;
}

std::string as_role(const std::string& dsn, const std::string& role) {
  script(dsn, {std::string(kLock), fmt::format("alter role {} login password 'for-tests-only'", role)});
  auto at = dsn.find('@');
  return "postgresql://" + role + ":for-tests-only" + dsn.substr(at);
}

}  // namespace gatehouse::pg::testing
