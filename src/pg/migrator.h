// Schema migrations from numbered files.
#pragma once

#include <chrono>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "pg/connection.h"

namespace gatehouse::pg {

/// `NNNN_name.up.sql` and `NNNN_name.down.sql` in one directory, one directory a kind of database
/// (`migrations/product`, `migrations/audit`, `migrations/control`).
///
/// Each file runs in a transaction of its own and must not end it; a file whose first line is
/// `-- no transaction` holds one statement and runs without. What is applied stands in `schema_migrations`.
/// An advisory lock lets several nodes start at once: one migrates, the others find nothing to do.
/// Statements that wait for a lock longer than `lock_timeout` fail instead of holding up everyone.
class Migrator {
 public:
  struct Status {
    int version;
    std::string name;
    std::optional<Timestamp> applied_at;
    bool changed = false;  // applied, and the file is no longer the one that was
    bool missing = false;  // applied, and there is no file: by a newer release
  };
  static constexpr int kLatest = std::numeric_limits<int>::max();

  /// The connection must outlive the migrator; its session settings are changed: use one of its own.
  /// Throws Failure if the directory is malformed (bad name, number twice, up without down).
  Migrator(Connection&, std::filesystem::path directory,
           std::chrono::milliseconds lock_timeout = std::chrono::seconds(5));

  /// Applies what is not applied, up to `target`; gives their number. Throws Failure if an applied file was
  /// changed or a pending one is older than an applied one, Error (naming the file) if one fails; those
  /// before it stay applied.
  Task<int> up(int target = kLatest);
  /// Undoes those above `to`, newest first.
  Task<int> down(int to);
  Task<std::vector<Status>> status();

 private:
  struct File {
    int version;
    std::string name;
    std::string up, down;
    std::string checksum;  // SHA-256 of `up`, hexadecimal
  };
  struct Applied;

  Task<std::vector<Applied>> open();
  Task<void> close();
  Task<void> apply(File file, bool up);
  const File* find(int version) const;

  Connection& connection_;
  std::vector<File> files_;
  std::chrono::milliseconds lock_timeout_;
};

}  // namespace gatehouse::pg
