#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "pg/migrator.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct MigratorTest : ::testing::Test {
  MigratorTest() {
    std::string name = (fs::temp_directory_path() / "gatehouse-migrations-XXXXXX").string();
    directory = mkdtemp(name.data());
    write("0001_first", "create table first (n int); insert into first values (1);", "drop table first;");
    write("0002_second", "alter table first add column m int;", "alter table first drop column m;");
    write("0010_index", "-- no transaction\ncreate index concurrently first_n on first (n)",
          "drop index first_n");
  }
  ~MigratorTest() override { fs::remove_all(directory); }

  void write(const std::string& name, const std::string& up, const std::string& down) {
    std::ofstream(directory / (name + ".up.sql")) << up;
    std::ofstream(directory / (name + ".down.sql")) << down;
  }

  Task<Connection> open() { return Connection::connect({.dsn = dsn}, within(30s)); }
  int up(int target = Migrator::kLatest) {
    return testing::run([](MigratorTest& t, int to) -> Task<int> {
      auto connection = co_await t.open();
      co_return co_await Migrator(connection, t.directory).up(to);
    }(*this, target));
  }
  int down(int to) {
    return testing::run([](MigratorTest& t, int target) -> Task<int> {
      auto connection = co_await t.open();
      co_return co_await Migrator(connection, t.directory).down(target);
    }(*this, to));
  }
  std::vector<Migrator::Status> status() {
    return testing::run([](MigratorTest& t) -> Task<std::vector<Migrator::Status>> {
      auto connection = co_await t.open();
      co_return co_await Migrator(connection, t.directory).status();
    }(*this));
  }
  bool holds(const std::string& condition) {
    return testing::run([](MigratorTest& t, std::string sql) -> Task<bool> {
      auto connection = co_await t.open();
      auto rows = co_await connection.run(Batch().add_adhoc("select " + sql), within(30s));
      co_return rows[0].one<bool>();
    }(*this, condition));
  }
  template <class F>
  static std::string refusal(F f) {
    try {
      f();
    } catch (const Failure& failure) {
      return failure.what();
    }
    return {};
  }

  fs::path directory;
  std::string dsn = testing::fresh_database();
};

TEST_F(MigratorTest, GoesUpOnceAndDownAgain) {
  EXPECT_EQ(up(2), 2);
  EXPECT_FALSE(holds("to_regclass('first_n') is not null"));
  EXPECT_EQ(up(), 1);
  EXPECT_TRUE(holds("to_regclass('first_n') is not null"));
  EXPECT_EQ(up(), 0);
  EXPECT_TRUE(holds("(select count(*) = 1 from first)"));
  EXPECT_EQ(down(1), 2);
  EXPECT_TRUE(holds("to_regclass('first_n') is null"));
  EXPECT_EQ(down(0), 1);
  EXPECT_TRUE(holds("to_regclass('first') is null"));
  EXPECT_EQ(up(), 3);
}

TEST_F(MigratorTest, TellsWhatIsApplied) {
  up(1);
  auto list = status();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].name, "first");
  EXPECT_TRUE(list[0].applied_at.has_value());
  EXPECT_EQ(list[1].version, 2);
  EXPECT_FALSE(list[1].applied_at.has_value());
  write("0001_first", "select 1", "select 1");
  EXPECT_TRUE(status()[0].changed);
  fs::remove(directory / "0001_first.up.sql");
  fs::remove(directory / "0001_first.down.sql");
  EXPECT_TRUE(status()[0].missing);
}

TEST_F(MigratorTest, RefusesAFileChangedAfterItWasApplied) {
  up();
  write("0002_second", "alter table first add column other int;", "select 1");
  EXPECT_THAT(refusal([&] { up(); }), HasSubstr("0002_second was changed"));
}

TEST_F(MigratorTest, RefusesALatecomer) {
  up();
  write("0003_late", "select 1", "select 1");
  EXPECT_THAT(refusal([&] { up(); }), HasSubstr("0003_late is older"));
}

TEST_F(MigratorTest, AFailureUndoesItsFileAndKeepsThoseBefore) {
  write("0003_bad", "create table bad (n int); select 1/0;", "select 1");
  EXPECT_THAT(refusal([&] { up(); }), HasSubstr("0003_bad.up"));
  EXPECT_TRUE(holds("to_regclass('bad') is null"));
  EXPECT_TRUE(holds("(select max(version) = 2 from schema_migrations)"));
  write("0003_bad", "create table bad (n int);", "drop table bad");
  EXPECT_EQ(up(), 2);
}

TEST_F(MigratorTest, RefusesAFileThatEndsItsTransaction) {
  write("0003_sly", "create table sly (n int); commit;", "select 1");
  EXPECT_THAT(refusal([&] { up(); }), HasSubstr("ended its transaction"));
}

TEST_F(MigratorTest, TwoNodesMayStartAtOnce) {
  asio::io_context context(1);
  int applied = 0, finished = 0;
  auto node = [&]() -> Task<void> {
    auto connection = co_await open();
    applied += co_await Migrator(connection, directory).up();
    ++finished;
  };
  for (int i = 0; i < 4; ++i)
    asio::co_spawn(context, node(), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
  context.run();
  EXPECT_EQ(finished, 4);
  EXPECT_EQ(applied, 3);
}

TEST_F(MigratorTest, DoesNotWaitForALockWithoutEnd) {
  up(1);
  testing::run([](MigratorTest& t) -> Task<void> {
    auto holder = co_await t.open();
    co_await holder.execute_script("begin; lock table first", within(30s));
    auto connection = co_await t.open();
    try {
      co_await Migrator(connection, t.directory, 20ms).up(2);
      ADD_FAILURE() << "went through a lock";
    } catch (const Error& error) {
      EXPECT_TRUE(error.is_lock_timeout());
    }
  }(*this));
}

TEST_F(MigratorTest, RefusesAMalformedDirectory) {
  std::ofstream(directory / "0003_half.up.sql") << "select 1";
  EXPECT_THAT(refusal([&] { up(); }), HasSubstr("needs an up and a down"));
  fs::remove(directory / "0003_half.up.sql");
  write("3_short", "select 1", "select 1");
  EXPECT_THAT(refusal([&] { up(); }), HasSubstr("is not named"));
}

}  // namespace
}  // namespace gatehouse::pg
