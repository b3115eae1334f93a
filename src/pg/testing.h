// What tests against a real PostgreSQL need. Used by every *_pgtest.cpp; not part of the server.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/task.h"
#include "pg/cluster.h"
#include "pg/migrator.h"

namespace gatehouse::pg::testing {

/// A superuser's DSN of the cluster that the tests of this run share: the one named by GATEHOUSE_TEST_DSN,
/// or one of this process's own, made on first use and removed at exit.
std::string cluster_dsn();

/// A new database, dropped at exit. `migrations` names a folder of `migrations/` (`product`): the
/// database is then a copy of a template that was migrated once.
std::string fresh_database(std::string_view migrations = {});

/// A new database as the installer makes it: gatehouse_owner owns and migrates it. `kind` is `control`,
/// `product` or `audit`; `migrate_to` the last migration to apply.
std::string owned_database(const std::string& kind, int migrate_to = Migrator::kLatest);

/// `dsn` for another role of the cluster, which is given a password. The role must exist.
std::string as_role(const std::string& dsn, const std::string& role);

/// `dsn` with another database name.
std::string with_database(const std::string& dsn, std::string_view database);

/// Runs one task on an io_context of its own until everything on it is done; gives its value or throws.
template <class T>
T run(Task<T> task) {
  asio::io_context context(1);
  std::exception_ptr failure;
  bool finished = false;
  auto on_end = [&](std::exception_ptr e) {
    failure = e;
    finished = true;
  };
  auto settle = [&] {
    context.run();
    if (failure) std::rethrow_exception(failure);
    if (!finished) throw Failure("the task never finished");
  };
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(context.get_executor(), std::move(task), on_end);
    settle();
  } else {
    std::optional<T> value;
    auto keep = [](Task<T> inner, std::optional<T>& out) -> Task<void> {
      out.emplace(co_await std::move(inner));
    };
    asio::co_spawn(context.get_executor(), keep(std::move(task), value), on_end);
    settle();
    return std::move(*value);
  }
}

}  // namespace gatehouse::pg::testing
