// Two organizations with a row in every tenant table, and sessions that attack them. For isolation tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "pg/connection.h"
#include "pg/testing.h"

namespace gatehouse::isolation {

using pg::testing::owned_database;

/// Who is asking, as row-level security sees it. Empty texts: not set.
struct Context {
  std::string organization;
  std::string user;
  std::string reach = "own";
  std::string audited = "";  // workspaces, as a uuid[]
  std::string role = "UR";
};

struct Answer {
  std::string sqlstate;            // empty: it was done
  std::uint64_t affected = 0;      // rows changed or read
  std::vector<std::string> texts;  // first column, which must be text
};

/// One connection, one statement at a time, each in a transaction of its own.
class Session {
 public:
  explicit Session(std::string dsn);

  Answer ask(const std::optional<Context>&, std::string sql);
  /// Throws if it is refused.
  std::vector<std::string> texts(std::string sql);
  void script(std::string sql);

 private:
  void finish(Task<void>);

  asio::io_context io_{1};
  std::optional<pg::Connection> connection_;
};

inline const std::string kA = "00000000-0000-7000-8000-00000000000a";
inline const std::string kB = "00000000-0000-7000-8000-00000000000b";
inline const std::string kAdminOfA = "00000000-0000-7000-8000-0000000000a1";
inline const std::string kColleagueInA = "00000000-0000-7000-8000-0000000000a2";
inline const std::string kAdminOfB = "00000000-0000-7000-8000-0000000000b1";

/// Rows of organization A, which belong to its administrator, and the same of B. A's colleague has a
/// membership and nothing else. As superuser.
void seed(Session&);

/// Tables with a tenant's rows, partitioned parents instead of partitions, and the column that names the
/// tenant (`id` of organizations).
struct TenantTable {
  std::string name;
  std::string tenant_column;
};
std::vector<TenantTable> tenant_tables(Session&);

}  // namespace gatehouse::isolation
