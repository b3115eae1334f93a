#include "pg/server_check.h"

#include <fmt/format.h>

namespace gatehouse::pg {
namespace {

constexpr Statement kDurability{"pg.durability",
                                "select name, setting from pg_settings where name in ('fsync', "
                                "'full_page_writes', 'synchronous_commit')"};

}  // namespace

bool is_supported_version(int version) {
  switch (version / 10000) {
    case 15:
      return version >= 150020;
    case 16:
      return version >= 160016;
    case 17:
      return version >= 170012;
    default:
      return version >= 180000;
  }
}

Task<void> check_server(Connection& connection, Deadline deadline) {
  int version = connection.server_version();
  if (!is_supported_version(version))
    throw Failure(
        fmt::format("PostgreSQL {}.{} is not safe (CVE-2026-120154); use 15.20, 16.16, 17.12 or newer",
                    version / 10000, version % 10000));
  auto rows = co_await connection.query(kDurability, {}, deadline);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (auto value = rows[i].get<std::string_view>("setting"); value == "off")
      throw Failure(fmt::format("PostgreSQL runs with {} = {}; an answered call could be lost: turn it on",
                                rows[i].get<std::string_view>("name"), value));
}

}  // namespace gatehouse::pg
