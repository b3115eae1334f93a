// A private PostgreSQL cluster, started and stopped by this process: the demo's and the tests'.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace gatehouse::pg {

struct ClusterOptions {
  /// Holds `data/`, `socket/`, `password`, `lock`, `postgres.log`. Made if absent. When we are root it
  /// belongs to an unprivileged user, so every folder above it must be passable for that user (not below
  /// /root). The socket's path (directory + 25 bytes) must fit 107 bytes.
  std::filesystem::path directory;
  /// postgresql.conf settings beside the defaults. Turning fsync, full_page_writes or synchronous_commit off
  /// is refused.
  std::map<std::string, std::string> settings = {};
  /// For throwaway clusters: initdb does not wait for the disk. The running server still does.
  bool sync_on_create = true;
  /// Name of the system user when we are root.
  std::string system_user = "postgres";
};

/// Takes the newest PostgreSQL (15 or later) below /usr/lib/postgresql. UNIX socket only, scram-sha-256, a
/// random superuser password in `password` (mode 0600). Blocking: for start-up and shut-down, never on a
/// reactor.
///
/// The server lives in its own process group (Ctrl-C reaches us, not it) and is told to stop when the
/// *thread* that started it dies, so start it on the main thread. A server left over from a killed process is
/// stopped first. Two processes cannot have one directory: the second gets a Failure.
class EmbeddedCluster {
 public:
  /// Creates the cluster if needed, starts it and waits until it takes connections. Throws Failure.
  static EmbeddedCluster start(ClusterOptions);

  /// Stops a server that a killed process left in the directory, so that the directory can be removed. Throws
  /// Failure if a living process has it.
  static void stop_leftover_in(const std::filesystem::path& directory);

  EmbeddedCluster(EmbeddedCluster&&) noexcept;
  EmbeddedCluster& operator=(EmbeddedCluster&&) = delete;
  /// As `stop()`.
  ~EmbeddedCluster();

  /// Fast shutdown (open transactions are rolled back), clean on disk. Repeatable.
  void stop() noexcept;
  /// False after `stop()` and after the server died by itself.
  bool is_running();
  /// Starts a server that died again, in the same place.
  void restart();

  pid_t pid() const { return pid_; }
  /// A superuser's DSN, as a URI.
  std::string dsn(std::string_view database = "postgres") const;
  /// The same server for another role; all three parts are percent-encoded as needed.
  std::string dsn(std::string_view database, std::string_view user, std::string_view password) const;
  const std::filesystem::path& directory() const { return options_.directory; }

 private:
  explicit EmbeddedCluster(ClusterOptions options);
  void create();
  void take_lock();
  void stop_leftover();
  void launch();
  void await_ready();

  ClusterOptions options_;
  std::filesystem::path binaries_;
  std::string password_;
  int lock_ = -1;
  pid_t pid_ = -1;
};

}  // namespace gatehouse::pg
