#include "pg/migrator.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/file.h"
#include "base/log.h"

namespace gatehouse::pg {
namespace {

namespace fs = std::filesystem;

// Long enough for any migration, so that a dead network still ends.
constexpr auto kLimit = std::chrono::hours(6);
constexpr auto kLockPause = std::chrono::milliseconds(50);
constexpr std::string_view kNoTransaction = "-- no transaction";
constexpr std::int64_t kLockKey = 7'309'453'672'001;  // any number that nothing else locks

constexpr Statement kTryLock{"migrator.try_lock", "select pg_try_advisory_lock($1)"};
constexpr Statement kUnlock{"migrator.unlock", "select pg_advisory_unlock($1)"};
constexpr Statement kCreateTable{
    "migrator.create_table",
    "create table if not exists schema_migrations (version integer primary key, name text not null, "
    "checksum text not null, applied_at timestamptz not null default now())"};
constexpr Statement kSelectApplied{
    "migrator.select_applied",
    "select version, name, checksum, applied_at from schema_migrations order by version"};
constexpr Statement kChecksum{"migrator.checksum", "select encode(sha256($1), 'hex')"};
constexpr Statement kInsert{"migrator.insert",
                            "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)"};
constexpr Statement kDelete{"migrator.delete", "delete from schema_migrations where version = $1"};

}  // namespace

struct Migrator::Applied {
  int version;
  std::string name;
  std::string checksum;
  Timestamp applied_at;
  BOOST_DESCRIBE_CLASS(Applied, (), (version, name, checksum, applied_at), (), ())
};

Migrator::Migrator(Connection& connection, fs::path directory, std::chrono::milliseconds lock_timeout)
    : connection_(connection), lock_timeout_(lock_timeout) {
  constexpr std::string_view kUp = ".up.sql", kDown = ".down.sql";
  std::map<int, File> by_version;
  for (auto& entry : fs::directory_iterator(directory)) {
    auto name = entry.path().filename().string();
    bool is_up = name.ends_with(kUp), is_down = name.ends_with(kDown);
    if (!is_up && !is_down) continue;
    int version = 0;
    auto digits = std::from_chars(name.data(), name.data() + name.size(), version);
    if (digits.ptr != name.data() + 4 || version < 1 || name[4] != '_')
      throw Failure(
          fmt::format("{} is not named NNNN_name.up.sql or NNNN_name.down.sql", entry.path().string()));
    auto title = name.substr(5, name.size() - 5 - (is_up ? kUp : kDown).size());
    auto& file = by_version.try_emplace(version, File{version, title, {}, {}, {}}).first->second;
    if (file.name != title) throw Failure(fmt::format("migration {:04} has two names", version));
    (is_up ? file.up : file.down) = read_file(entry.path());
  }
  for (auto& [version, file] : by_version) {
    if (file.up.empty() || file.down.empty())
      throw Failure(fmt::format("migration {:04}_{} needs an up and a down", version, file.name));
    files_.push_back(std::move(file));
  }
}

const Migrator::File* Migrator::find(int version) const {
  auto found = std::ranges::find(files_, version, &File::version);
  return found == files_.end() ? nullptr : &*found;
}

// Takes the lock (waiting as long as another node migrates), then reads what is applied.
Task<std::vector<Migrator::Applied>> Migrator::open() {
  auto limit = within(kLimit);
  co_await connection_.execute_script(
      "set statement_timeout = 0; "
      "set client_min_messages = warning",
      limit);
  // Asked again and again, as a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY would
  // wait for it.
  while (!(co_await connection_.query(kTryLock, params(kLockKey), limit)).one<bool>())
    co_await sleep_for(kLockPause);
  Batch batch;
  for (auto& file : files_)
    batch.add(kChecksum,
              params(std::span(reinterpret_cast<const std::uint8_t*>(file.up.data()), file.up.size())));
  auto sums = co_await connection_.run(std::move(batch), limit);
  for (std::size_t i = 0; i < files_.size(); ++i) files_[i].checksum = sums[i].one<std::string>();
  co_await connection_.execute_script(fmt::format("set lock_timeout = {}", lock_timeout_.count()), limit);
  co_await connection_.query(kCreateTable, {}, limit);
  auto rows = co_await connection_.query(kSelectApplied, {}, limit);
  co_return rows.as<Applied>();
}

Task<void> Migrator::close() {
  co_await connection_.query(kUnlock, params(kLockKey), within(std::chrono::seconds(30)));
}

Task<void> Migrator::apply(File file, bool up) {
  auto limit = within(kLimit);
  const std::string& sql = up ? file.up : file.down;
  Batch record = up ? Batch(kInsert, params(file.version, file.name, file.checksum))
                    : Batch(kDelete, params(file.version));
  std::exception_ptr failure;
  try {
    if (sql.starts_with(kNoTransaction)) {
      co_await connection_.execute_script(sql, limit);
      co_await connection_.run(std::move(record), limit);
    } else {
      co_await connection_.execute_script("begin", limit);
      co_await connection_.execute_script(sql, limit);
      if (!connection_.in_transaction())
        throw Failure(fmt::format("migration {:04}_{} ended its transaction", file.version, file.name));
      co_await connection_.run(std::move(record), limit);
      co_await connection_.execute_script("commit", limit);
    }
    log::info(up ? "pg.migrated_up" : "pg.migrated_down", {{"version", file.version}, {"name", file.name}});
    co_return;
  } catch (const Error& error) {
    failure = std::make_exception_ptr(
        error.in_statement(fmt::format("{:04}_{}.{}", file.version, file.name, up ? "up" : "down")));
  } catch (...) {
    failure = std::current_exception();
  }
  if (connection_.in_transaction()) co_await connection_.execute_script("rollback", limit);
  if (connection_.is_open()) co_await close();
  std::rethrow_exception(failure);
}

Task<int> Migrator::up(int target) {
  auto applied = co_await open();
  std::string refusal;
  int newest = 0;
  for (auto& row : applied) {
    newest = std::max(newest, row.version);
    if (auto* file = find(row.version); file && file->checksum != row.checksum)
      refusal = fmt::format("migration {:04}_{} was changed after it was applied", row.version, row.name);
  }
  std::vector<File> pending;
  for (auto& file : files_) {
    if (file.version > target || std::ranges::find(applied, file.version, &Applied::version) != applied.end())
      continue;
    if (file.version < newest)
      refusal =
          fmt::format("migration {:04}_{} is older than the applied {:04}", file.version, file.name, newest);
    pending.push_back(file);
  }
  if (!refusal.empty()) {
    co_await close();
    throw Failure(refusal);
  }
  for (auto& file : pending) co_await apply(file, true);
  co_await close();
  co_return static_cast<int>(pending.size());
}

Task<int> Migrator::down(int to) {
  auto applied = co_await open();
  std::vector<File> undo;
  std::string missing;
  for (auto row = applied.rbegin(); row != applied.rend() && row->version > to; ++row) {
    if (auto* file = find(row->version))
      undo.push_back(*file);
    else
      missing = fmt::format("there is no file to undo migration {:04}_{}", row->version, row->name);
  }
  if (!missing.empty()) {
    co_await close();
    throw Failure(missing);
  }
  for (auto& file : undo) co_await apply(file, false);
  co_await close();
  co_return static_cast<int>(undo.size());
}

Task<std::vector<Migrator::Status>> Migrator::status() {
  auto applied = co_await open();
  co_await close();
  std::map<int, Status> all;
  for (auto& file : files_) all[file.version] = {file.version, file.name, std::nullopt};
  for (auto& row : applied) {
    auto* file = find(row.version);
    all[row.version] = {row.version, row.name, row.applied_at, file && file->checksum != row.checksum, !file};
  }
  std::vector<Status> list;
  list.reserve(all.size());
  for (auto& [version, status] : all) list.push_back(std::move(status));
  co_return list;
}

}  // namespace gatehouse::pg
