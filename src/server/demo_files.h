// The files of a demo's data folder: secrets made once, the configuration, the API keys shown at every start.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "server/demo.h"
#include "server/installer.h"

namespace gatehouse::server {

struct DemoFiles {
  std::filesystem::path folder;

  std::filesystem::path config() const { return folder / "gatehouse.toml"; }
  std::filesystem::path api_keys() const { return folder / "api-keys"; }
  /// What `--ready-file` gets, for `./dev db` and `./dev smoke`.
  std::filesystem::path ready() const { return folder / "ready.json"; }
  std::filesystem::path cluster() const { return folder / "postgres"; }
  std::filesystem::path lock() const { return folder / "lock"; }
};

/// The data folder, while it is ours alone. The lock file stays when the data are removed, so that whoever
/// waits for it and whoever removes them mean the same file.
class DataLock {
 public:
  /// Makes the folder if it is not there. Throws Failure if another demo has it.
  explicit DataLock(const DemoFiles&);
  DataLock(const DataLock&) = delete;
  ~DataLock();

 private:
  int lock_;
};

/// Throws Failure for a folder that holds something else than a demo's data.
void require_data_folder(const DemoFiles&);
/// Removes the data, and stops a PostgreSQL that a killed demo left over them. Whoever calls has the lock.
void remove_data(const DemoFiles&);

/// Where the demo keeps its data unless told otherwise.
std::filesystem::path default_data_folder();

/// Makes the folder and the secrets that are not there yet. Files are readable by their owner alone.
/// Throws Failure if the folder cannot be made.
void prepare_secrets(const DemoFiles&);
RolePasswords read_role_passwords(const DemoFiles&);

/// Writes gatehouse.toml anew: ports and folders may have changed since the last start. `connections` as in
/// `[database]`.
void write_config(const DemoFiles&, const DemoOptions&, std::size_t connections);

/// `name=key` a line.
std::map<std::string, std::string> read_api_keys(const DemoFiles&);
void write_api_keys(const DemoFiles&, const std::map<std::string, std::string>&);

/// Writes to a temporary file beside it and renames, so that a reader sees all or nothing.
void write_file(const std::filesystem::path&, std::string_view content);

}  // namespace gatehouse::server
