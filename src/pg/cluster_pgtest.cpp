#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/file.h"
#include "pg/child_process.h"
#include "pg/cluster.h"
#include "pg/connection.h"
#include "pg/server_check.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class ClusterTest : public ::testing::Test {
 protected:
  ClusterTest() {
    std::string name = (fs::temp_directory_path() / "gatehouse-cluster-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~ClusterTest() override { fs::remove_all(directory_); }

  ClusterOptions options() const {
    return {.directory = directory_, .settings = {{"shared_buffers", "16MB"}}, .sync_on_create = false};
  }
  static void script(const std::string& dsn, std::string sql) {
    testing::run([](std::string target, std::string text) -> Task<void> {
      auto connection = co_await Connection::connect({.dsn = target}, within(30s));
      co_await connection.execute_script(std::move(text), within(30s));
    }(dsn, std::move(sql)));
  }
  static int count(const std::string& dsn) {
    return testing::run([](std::string target) -> Task<int> {
      auto connection = co_await Connection::connect({.dsn = target}, within(30s));
      auto rows = co_await connection.run(Batch().add_adhoc("select count(*) from kept"), within(30s));
      co_return rows[0].one<int>();
    }(dsn));
  }

  /// A server without an owner, as one whose parent-death signal was lost.
  class Orphan {
   public:
    explicit Orphan(const fs::path& directory) : data_(directory / "data") {
      {
        auto cluster = EmbeddedCluster::start(
            {.directory = directory, .settings = {{"shared_buffers", "16MB"}}, .sync_on_create = false});
        script(cluster.dsn(), "create table kept as select 1");
      }
      const auto& data = data_;
      auto major = read_file(data / "PG_VERSION");
      major.erase(major.find('\n'));
      pid_ = spawn({fs::path("/usr/lib/postgresql") / major / "bin/postgres", "-D", data, "-c",
                    "listen_addresses=", "-c", "unix_socket_directories=" + (directory / "socket").string()},
                   unprivileged_user("postgres"), directory / "orphan.log", false);
      while (!find_file(data / "postmaster.pid").value_or("").contains("\nready")) std::this_thread::yield();
      // Reaped as it ends, or it would stand in /proc as a zombie of this process.
      reaper_ = std::thread([pid = pid_] { waitpid(pid, nullptr, 0); });
    }
    ~Orphan() {
      for (pid_t left : processes_in(data_)) kill(left, SIGKILL);
      reaper_.join();
    }
    pid_t pid() const { return pid_; }

   private:
    fs::path data_;
    pid_t pid_;
    std::thread reaper_;
  };

  fs::path directory_;
};

TEST_F(ClusterTest, KeepsItsDataOverStopAndStart) {
  {
    auto cluster = EmbeddedCluster::start(options());
    script(cluster.dsn(), "create table kept as select 1");
    cluster.stop();
    EXPECT_FALSE(cluster.is_running());
  }
  auto cluster = EmbeddedCluster::start(options());
  EXPECT_EQ(count(cluster.dsn()), 1);
}

TEST_F(ClusterTest, ComesBackAfterTheServerWasKilled) {
  auto cluster = EmbeddedCluster::start(options());
  script(cluster.dsn(), "create table kept as select 1");
  kill(cluster.pid(), SIGKILL);
  while (cluster.is_running()) std::this_thread::yield();
  cluster.restart();
  EXPECT_EQ(count(cluster.dsn()), 1);
}

TEST_F(ClusterTest, ComesBackAfterItsOwnerWasKilled) {
  // The owner is a child of ours that dies without a chance to clean up.
  pid_t owner = fork();
  if (owner == 0) {
    // Only what is needed to start; the parent's threads and handlers are not ours.
    try {
      auto cluster = EmbeddedCluster::start(options());
      script(cluster.dsn(), "create table kept as select 1");
      raise(SIGKILL);
    } catch (...) {
    }
    _exit(1);
  }
  int status = 0;
  waitpid(owner, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  auto cluster = EmbeddedCluster::start(options());
  EXPECT_EQ(count(cluster.dsn()), 1);
}

TEST_F(ClusterTest, StopsALeftoverServerFirst) {
  Orphan orphan(directory_);
  auto cluster = EmbeddedCluster::start(options());
  EXPECT_NE(cluster.pid(), orphan.pid());
  EXPECT_EQ(count(cluster.dsn()), 1);
}

TEST_F(ClusterTest, StopsALeftoverServerBeforeItsDirectoryIsRemoved) {
  Orphan orphan(directory_);
  EmbeddedCluster::stop_leftover_in(directory_);
  EXPECT_TRUE(processes_in(directory_ / "data").empty());
}

TEST_F(ClusterTest, RefusesASecondOwner) {
  auto cluster = EmbeddedCluster::start(options());
  EXPECT_THROW(EmbeddedCluster::start(options()), Failure);
  EXPECT_THROW(EmbeddedCluster::stop_leftover_in(directory_), Failure);
  EXPECT_TRUE(cluster.is_running());
}

TEST_F(ClusterTest, IsPrivate) {
  auto cluster = EmbeddedCluster::start(options());
  struct stat info;
  stat((directory_ / "password").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  stat((directory_ / "socket").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  stat((directory_ / "data").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  EXPECT_NE(getpgid(cluster.pid()), getpgid(0)) << "Ctrl-C must reach us first";
  EXPECT_THROW(script(cluster.dsn("postgres", "postgres", "guess"), "select 1"), Error);
  script(
      cluster.dsn(),
      "do $$ begin assert current_setting('listen_addresses') = ''; assert current_setting('fsync') = 'on'; "
      "assert current_setting('full_page_writes') = 'on'; end $$");
}

TEST_F(ClusterTest, RefusesWhatWouldLoseData) {
  auto unsafe = options();
  unsafe.settings["fsync"] = "off";
  EXPECT_THROW(EmbeddedCluster::start(unsafe), Failure);
  auto deep = options();
  deep.directory /= std::string(100, 'd');
  EXPECT_THROW(EmbeddedCluster::start(deep), Failure);
  auto list = options();
  list.directory /= "one,two";
  EXPECT_THROW(EmbeddedCluster::start(list), Failure);
}

TEST(ServerCheck, AcceptsTheServerOfTheTestsAndRefusesUnsafeSessions) {
  testing::run([]() -> Task<void> {
    auto connection = co_await Connection::connect({.dsn = testing::cluster_dsn()}, within(30s));
    co_await check_server(connection, within(30s));
    co_await connection.execute_script("set synchronous_commit = off", within(30s));
    try {
      co_await check_server(connection, within(30s));
      ADD_FAILURE() << "accepted";
    } catch (const Failure& failure) {
      EXPECT_THAT(failure.what(), HasSubstr("synchronous_commit = off"));
    }
  }());
}

TEST(ServerCheck, KnowsWhichReleasesAreSafe) {
  for (int good : {150020, 150021, 160016, 170012, 180000}) EXPECT_TRUE(is_supported_version(good)) << good;
  for (int bad : {140030, 150019, 160015, 170011}) EXPECT_FALSE(is_supported_version(bad)) << bad;
}

}  // namespace
}  // namespace gatehouse::pg
