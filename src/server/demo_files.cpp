#include "server/demo_files.h"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "crypto/encoding.h"
#include "crypto/es256.h"
#include "crypto/random.h"
#include "pg/cluster.h"
#include "server/config.h"
#include "vault/master_key.h"

namespace gatehouse::server {
namespace {

namespace fs = std::filesystem;

// The configuration names those of the server and of `migrate`.
constexpr std::string_view kConfiguredRoles[] = {"owner", "app", "platform", "audit"};
constexpr std::string_view kRoles[] = {"owner", "app", "platform", "audit", "backup"};

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

DataLock::DataLock(const DemoFiles& files) {
  fs::create_directories(files.folder);
  lock_ = open(files.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw Failure("cannot write " + files.lock().string());
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  close(lock_);
  throw Failure("another demo runs on " + files.folder.string() + ": stop it, or name a folder with --data");
}

DataLock::~DataLock() {
  close(lock_);
}

void require_data_folder(const DemoFiles& files) {
  if (!fs::exists(files.folder) || fs::exists(files.folder / "secrets/master-key")) return;
  for (const auto& entry : fs::directory_iterator(files.folder))
    if (entry.path() != files.lock())
      throw Failure(files.folder.string() + " is no data folder of Gatehouse: --fresh will not remove it");
}

void remove_data(const DemoFiles& files) {
  pg::EmbeddedCluster::stop_leftover_in(files.cluster());
  for (const auto& entry : fs::directory_iterator(files.folder))
    if (entry.path() != files.lock()) fs::remove_all(entry.path());
}

fs::path default_data_folder() {
  if (geteuid() == 0) return "/var/lib/gatehouse";
  if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) return fs::path(data) / "gatehouse";
  const char* home = std::getenv("HOME");
  if (!home || !*home) throw Failure("neither XDG_DATA_HOME nor HOME is set: name a folder with --data");
  return fs::path(home) / ".local/share/gatehouse";
}

void write_file(const fs::path& path, std::string_view content) {
  auto temporary = path;
  temporary += ".new";
  auto before = umask(0077);
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  umask(before);
  file << content;
  file.close();
  if (!file) throw Failure("cannot write " + temporary.string());
  fs::rename(temporary, path);
}

void prepare_secrets(const DemoFiles& files) {
  auto folder = files.folder / "secrets";
  fs::create_directories(folder);
  // The database's unprivileged user passes through to its own folder and reads nothing else.
  fs::permissions(files.folder, fs::perms(0711));
  fs::permissions(folder, fs::perms::owner_all);
  auto once = [&](std::string_view name, auto make) {
    auto path = folder / name;
    if (!fs::exists(path)) write_file(path, make().reveal());
  };
  once("master-key", [] { return vault::MasterKeys::generate_text(); });
  once("signing-key.pem", [] { return crypto::SigningKey::generate().to_pem(); });
  for (auto role : kRoles)
    once(fmt::format("password-{}", role), [] {
      auto bytes = crypto::random_bytes<32>();
      return crypto::Secret::take(crypto::to_hex(bytes));
    });
}

RolePasswords read_role_passwords(const DemoFiles& files) {
  auto read = [&](std::string_view role) {
    auto secret =
        vault::read_secret_file((files.folder / "secrets" / fmt::format("password-{}", role)).string());
    if (!secret) throw Failure(secret.error().detail);
    return std::move(*secret);
  };
  return {.owner = read("owner"),
          .app = read("app"),
          .platform = read("platform"),
          .audit = read("audit"),
          .backup = read("backup")};
}

void write_config(const DemoFiles& files, const DemoOptions& options, std::size_t connections) {
  auto database = [&](std::string_view name) {
    return toml_text(dsn_keyword("host", (files.cluster() / "socket").string()) + " " +
                     dsn_keyword("dbname", name));
  };
  std::string text =
      "# Written by `gatehouse demo` at every start. Not for production: see "
      "deploy/gatehouse.example.toml.\n";
  text += fmt::format(
      "[server]\nport = {}\nconsole = {}\nnode = \"demo\"\n"
      "# Else a page of a name that is made to lead here would count as the console's own.\n"
      "allowed_hosts = [\"127.0.0.1\", \"localhost\", \"[::1]\"]\n\n"
      "[database]\ncontrol = {}\nconnections = {}\nmigrations = {}\n\n"
      "[database.passwords]\n",
      options.port, toml_text(options.console), database("gatehouse_control"), connections,
      toml_text(options.migrations));
  for (auto role : kConfiguredRoles)
    text += fmt::format("{0} = {{ file = \"secrets/password-{0}\" }}\n", role);
  for (std::string_view region : {"us", "eu"})
    text += fmt::format("\n[regions.{0}]\nproduct = {1}\naudit = {2}\n", region,
                        database(fmt::format("gatehouse_{}", region)),
                        database(fmt::format("gatehouse_{}_audit", region)));
  text +=
      "\n[secrets]\nmaster_key = { file = \"secrets/master-key\" }\nsigning_key = { file = "
      "\"secrets/signing-key.pem\" }\n\n"
      "[egress]\nallowed_networks = [\"127.0.0.0/8\"]  # local model servers\n\n"
      "[log]\nfile = \"gatehouse.log\"\n\n"
      "[demo]\nenabled = true\n\n[sign_up]\nmode = \"found\"\n";
  write_file(files.config(), text);
}

std::map<std::string, std::string> read_api_keys(const DemoFiles& files) {
  std::map<std::string, std::string> keys;
  std::ifstream file(files.api_keys());
  for (std::string line; std::getline(file, line);)
    if (auto cut = line.find('='); cut != std::string::npos) keys[line.substr(0, cut)] = line.substr(cut + 1);
  return keys;
}

void write_api_keys(const DemoFiles& files, const std::map<std::string, std::string>& keys) {
  std::string text;
  for (const auto& [name, key] : keys) text += name + "=" + key + "\n";
  write_file(files.api_keys(), text);
}

}  // namespace gatehouse::server
