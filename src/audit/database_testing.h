// Databases, roles and sessions for the tests of this folder. Not part of the server.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "audit/appender.h"
#include "audit/testing.h"
#include "audit/verify.h"
#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::audit::testing {

using pg::testing::as_role;
using pg::testing::run;

inline pg::Deadline soon() {
  return pg::within(std::chrono::seconds(30));
}

inline AppenderOptions options(const std::string& database) {
  return {.region = Region::eu, .database = {.dsn = as_role(database, "gatehouse_audit")}};
}

/// Runs one script as whoever the DSN names; the SQLSTATE if it is refused.
inline std::string execute(std::string dsn, std::string sql) {
  return run([](std::string to, std::string script) -> Task<std::string> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    try {
      co_await connection.execute_script(script, soon());
    } catch (const pg::Error& error) {
      co_return error.sqlstate();
    }
    co_return "";
  }(std::move(dsn), std::move(sql)));
}

inline std::int64_t count(std::string dsn, std::string sql) {
  return run([](std::string to, std::string query) -> Task<std::int64_t> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    pg::Batch batch;
    batch.add_adhoc(query);
    auto rows = co_await connection.run(std::move(batch), soon());
    co_return rows.back().at(0, 0).integer();
  }(std::move(dsn), std::move(sql)));
}

inline std::string fresh_database(const std::string& kind) {
  return pg::testing::owned_database(kind);
}

/// Runs `use` with a session on `dsn`, whose batches may begin with the context of an administrator.
template <class T>
T with_database(std::string dsn, std::optional<OrganizationId> context,
                std::function<Task<T>(RunBatch)> use) {
  return run([](std::string to, std::optional<OrganizationId> organization,
                std::function<Task<T>(RunBatch)> body) -> Task<T> {
    pg::Pool pool(co_await asio::this_coro::executor, {.dsn = to}, {.name = "test"});
    RunBatch in_session = [&pool, organization](pg::Batch batch) -> Task<pg::Rows> {
      pg::Batch whole;
      if (organization)
        whole.add_adhoc(
            "select set_config('app.organization_id', $1, true), set_config('app.reach', 'organization', "
            "true)",
            pg::params(organization->to_string()));
      whole.append(std::move(batch));
      auto rows = co_await pool.run(std::move(whole), soon());
      co_return std::move(rows.back());
    };
    auto result = co_await body(in_session);
    pool.close();
    co_return result;
  }(std::move(dsn), context, std::move(use)));
}

inline VerifyReport verify(const std::string& database, Marks marks = {}) {
  return with_database<VerifyReport>(
      as_role(database, "gatehouse_audit"), std::nullopt, [marks = std::move(marks)](RunBatch batch) {
        return verify_region(std::move(batch), Region::eu, {.page = 7, .marks = marks});
      });
}

/// What is done to a database by who can do anything.
inline void tamper(const std::string& database, const std::string& sql) {
  EXPECT_EQ(execute(database, "set session_replication_role = replica; " + sql), "");
}
constexpr const char* kWipe =
    "delete from audit_events; delete from audit_chain_heads; delete from audit_head";
constexpr const char* kMakeNew =
    "delete from audit_events; delete from audit_chain_heads;"
    "update audit_head set region = null, region_sequence = 0, sealed_at = 'epoch'";

inline void append_events(const std::string& database, std::vector<Event> events) {
  run([](AppenderOptions chosen, std::vector<Event> all) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, chosen);
    co_await appender.append_all(std::move(all));
    co_await appender.close(soon());
  }(options(database), std::move(events)));
}

inline std::vector<Event> typical(OrganizationId organization, int number) {
  std::vector<Event> events;
  for (int i = 0; i < number; ++i) events.push_back(typical_event(organization));
  return events;
}

}  // namespace gatehouse::audit::testing
