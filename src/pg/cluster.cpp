#include "pg/cluster.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "pg/child_process.h"

namespace gatehouse::pg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxSocketPath = 107;  // sun_path without its NUL
constexpr auto kStartTimeout = 60s;          // recovery after a crash included
constexpr auto kStopTimeout = 20s;

fs::path newest_binaries() {
  fs::path newest;
  int newest_major = 14;
  std::error_code absent;
  for (auto& entry : fs::directory_iterator("/usr/lib/postgresql", absent)) {
    auto name = entry.path().filename().string();
    int major = 0;
    std::from_chars(name.data(), name.data() + name.size(), major);
    if (major <= newest_major || !fs::exists(entry.path() / "bin/initdb")) continue;
    newest_major = major;
    newest = entry.path() / "bin";
  }
  if (newest.empty()) throw Failure("no PostgreSQL 15 or later below /usr/lib/postgresql");
  return newest;
}

std::string random_password() {
  std::uint8_t bytes[24];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) throw Failure("getrandom failed");
  std::string text;
  for (auto byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

void give_to(const fs::path& path, SystemUser user) {
  if (chown(path.c_str(), user.uid, user.gid) != 0)
    throw Failure(
        fmt::format("cannot give {} to user {}: {}", path.string(), user.uid, std::strerror(errno)));
}

void make_private_directory(const fs::path& path, SystemUser user) {
  fs::create_directories(path);
  give_to(path, user);
  fs::permissions(path, fs::perms::owner_all);
}

void require_passable(const fs::path& directory, SystemUser user) {
  for (fs::path at = directory.parent_path(); at != at.root_path(); at = at.parent_path()) {
    struct stat info;
    if (stat(at.c_str(), &info) != 0) continue;
    int bit = info.st_uid == user.uid ? S_IXUSR : info.st_gid == user.gid ? S_IXGRP : S_IXOTH;
    if ((static_cast<int>(info.st_mode) & bit) == 0)
      throw Failure(
          fmt::format("the database's user cannot pass {}; choose another data directory", at.string()));
  }
}

std::string tail_of(const fs::path& log) {
  auto text = find_file(log).value_or("");
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

template <class Condition>
bool wait_until(Clock::duration limit, Condition done) {
  for (auto end = Clock::now() + limit; !done();) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// libpq URIs: everything but unreserved characters is escaped.
std::string percent(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.')
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

const std::map<std::string, std::string>& default_settings() {
  static const std::map<std::string, std::string> settings = {
      {"listen_addresses", ""},
      {"unix_socket_permissions", "0700"},
      {"max_connections", "100"},
      {"shared_buffers", "128MB"},
      {"max_wal_size", "2GB"},
      {"jit", "off"},
      {"timezone", "UTC"},
      {"log_timezone", "UTC"},
      // An error's text and its statement can quote what users typed. Our own log names the statement.
      {"log_min_messages", "log"},
      {"log_min_error_statement", "panic"},
      {"log_error_verbosity", "terse"},
      {"log_checkpoints", "off"},
      {"fsync", "on"},
      {"full_page_writes", "on"},
      {"synchronous_commit", "on"},
  };
  return settings;
}

}  // namespace

EmbeddedCluster::EmbeddedCluster(ClusterOptions options)
    : options_(std::move(options)), binaries_(newest_binaries()) {
  options_.directory = fs::absolute(options_.directory).lexically_normal();
  for (auto name : {"fsync", "full_page_writes", "synchronous_commit"})
    if (auto setting = options_.settings.find(name);
        setting != options_.settings.end() && setting->second != "on")
      throw Failure(fmt::format("{} must stay on", name));
  auto socket = (options_.directory / "socket/.s.PGSQL.5432").string();
  if (socket.size() > kMaxSocketPath)
    throw Failure(
        fmt::format("{} is longer than a socket's path may be; choose a shorter directory", socket));
  // PostgreSQL and libpq both read a list there.
  if (socket.find_first_of(",\"") != std::string::npos)
    throw Failure(fmt::format("{} has a comma or a quotation mark; choose another directory", socket));
}

EmbeddedCluster::EmbeddedCluster(EmbeddedCluster&& other) noexcept
    : options_(std::move(other.options_)),
      binaries_(std::move(other.binaries_)),
      password_(std::move(other.password_)),
      lock_(std::exchange(other.lock_, -1)),
      pid_(std::exchange(other.pid_, -1)) {}

EmbeddedCluster::~EmbeddedCluster() {
  stop();
  if (lock_ >= 0) close(lock_);
}

EmbeddedCluster EmbeddedCluster::start(ClusterOptions options) {
  EmbeddedCluster cluster(std::move(options));
  cluster.create();
  cluster.stop_leftover();
  cluster.launch();
  return cluster;
}

void EmbeddedCluster::stop_leftover_in(const fs::path& directory) {
  if (!fs::exists(directory / "data")) return;
  EmbeddedCluster left({.directory = directory});
  left.take_lock();
  left.stop_leftover();
}

void EmbeddedCluster::take_lock() {
  const auto& directory = options_.directory;
  lock_ = open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) != 0)
    throw Failure(fmt::format("{} is in use by another process", directory.string()));
}

void EmbeddedCluster::create() {
  auto user = unprivileged_user(options_.system_user);
  const auto& directory = options_.directory;
  fs::create_directories(directory);
  require_passable(directory, user);
  make_private_directory(directory, user);
  take_lock();
  make_private_directory(directory / "socket", user);

  auto password_file = directory / "password";
  auto marker = directory / "data/PG_VERSION";
  if (auto major = find_file(marker).value_or(""); !major.empty()) {
    while (major.ends_with('\n')) major.pop_back();
    binaries_ = fs::path("/usr/lib/postgresql") / major / "bin";
    if (!fs::exists(binaries_ / "postgres"))
      throw Failure(
          fmt::format("{} belongs to PostgreSQL {}, which is not installed", directory.string(), major));
    password_ = read_file(password_file);
    return;
  }
  // initdb writes PG_VERSION early; it runs beside and is renamed whole, so that a killed one is begun anew.
  auto making = directory / "data.new";
  fs::remove_all(making);
  password_ = random_password();
  std::ofstream(password_file) << password_;
  give_to(password_file, user);
  fs::permissions(password_file, fs::perms::owner_read | fs::perms::owner_write);
  std::vector<std::string> command = {binaries_ / "initdb",        "--pgdata=" + making.string(),
                                      "--username=postgres",       "--auth-local=scram-sha-256",
                                      "--auth-host=scram-sha-256", "--pwfile=" + password_file.string(),
                                      "--encoding=UTF8",           "--locale=C.UTF-8",
                                      "--data-checksums",          "--no-instructions"};
  if (!options_.sync_on_create) command.push_back("--no-sync");
  auto log = directory / "initdb.log";
  pid_t pid = spawn(command, user, log, true);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Failure("initdb failed: " + tail_of(log));
  fs::rename(making, directory / "data");
}

void EmbeddedCluster::stop_leftover() {
  // We hold the directory's lock, so whoever stands in it lost its parent.
  auto data = options_.directory / "data";
  // Their process id may by now be another program's, or a zombie's, which would make the new server refuse
  // to start.
  auto remove_locks = [&] {
    fs::remove(data / "postmaster.pid");
    fs::remove(options_.directory / "socket/.s.PGSQL.5432.lock");
  };
  if (processes_in(data).empty()) return remove_locks();
  log::warn("pg.cluster_leftover", {{"directory", options_.directory.string()}});
  auto signal_all = [&](int signal) {
    for (pid_t pid : processes_in(data)) kill(pid, signal);
  };
  auto gone = [&] { return processes_in(data).empty(); };
  pid_t postmaster = std::atoi(find_file(data / "postmaster.pid").value_or("").c_str());
  auto all = processes_in(data);
  if (std::ranges::find(all, postmaster) != all.end()) kill(postmaster, SIGINT);
  if (!wait_until(5s, gone)) signal_all(SIGQUIT);
  if (!wait_until(5s, gone)) signal_all(SIGKILL);
  if (!wait_until(5s, gone)) throw Failure("a leftover PostgreSQL does not stop");
  remove_locks();
}

void EmbeddedCluster::launch() {
  auto settings = default_settings();
  for (auto& [name, value] : options_.settings) settings[name] = value;
  // Quoted, as a list's unquoted names lose their spaces at the ends.
  settings["unix_socket_directories"] = '"' + (options_.directory / "socket").string() + '"';
  std::vector<std::string> command = {binaries_ / "postgres", "-D", options_.directory / "data"};
  for (auto& [name, value] : settings) {
    command.push_back("-c");
    command.push_back(name + "=" + value);
  }
  auto log = options_.directory / "postgres.log";
  if (std::error_code absent; fs::file_size(log, absent) > 16 << 20 && !absent) fs::resize_file(log, 0);
  pid_ = spawn(command, unprivileged_user(options_.system_user), log, true);
  await_ready();
}

void EmbeddedCluster::await_ready() {
  // The eighth line of postmaster.pid is the server's own word on its state (miscadmin.h,
  // LOCK_FILE_LINE_PM_STATUS).
  auto pid_file = options_.directory / "data/postmaster.pid";
  bool died = false;
  bool answered = wait_until(kStartTimeout, [&] {
    died = !is_running();
    auto text = find_file(pid_file).value_or("");
    return died || (std::atoi(text.c_str()) == pid_ && text.contains("\nready"));
  });
  if (died || !answered) {
    stop();
    throw Failure("PostgreSQL did not start: " + tail_of(options_.directory / "postgres.log"));
  }
}

bool EmbeddedCluster::is_running() {
  if (pid_ < 0) return false;
  if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void EmbeddedCluster::stop() noexcept {
  // Fast, then immediate (which recovers from the log at the next start), then by force.
  for (int signal : {SIGINT, SIGQUIT, SIGKILL}) {
    if (!is_running()) return;
    kill(pid_, signal);
    wait_until(kStopTimeout, [&] { return !is_running(); });
  }
}

void EmbeddedCluster::restart() {
  stop();
  stop_leftover();
  launch();
}

std::string EmbeddedCluster::dsn(std::string_view database) const {
  return dsn(database, "postgres", password_);
}

std::string EmbeddedCluster::dsn(std::string_view database, std::string_view user,
                                 std::string_view password) const {
  return fmt::format("postgresql://{}:{}@/{}?host={}", percent(user), percent(password), percent(database),
                     percent((options_.directory / "socket").string()));
}

}  // namespace gatehouse::pg
