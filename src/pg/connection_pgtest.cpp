#include <filesystem>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <gmock/gmock.h>

#include "pg/connection.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using testing::run;

constexpr Statement kAdd{"test.add", "select $1 + $2 as sum"};
constexpr Statement kDivide{"test.divide", "select 1 / $1"};
constexpr Statement kInsert{"test.insert", "insert into numbers values ($1)"};
constexpr Statement kCount{"test.count", "select count(*) from numbers"};
constexpr Statement kSleep{"test.sleep", "select pg_sleep($1)"};
constexpr Statement kLarge{"test.large", "select repeat('x', 1000) as text from generate_series(1, $1)"};
constexpr Statement kEcho{"test.echo", "select $1::text as text"};

Task<Connection> open() {
  return Connection::connect({.dsn = testing::cluster_dsn()}, within(30s));
}
Deadline soon() {
  return within(60s);
}

Task<int> count_backends(int pid) {
  auto connection = co_await open();
  auto rows = co_await connection.run(
      Batch().add_adhoc("select count(*) from pg_stat_activity where pid = $1", params(pid)), soon());
  co_return rows[0].one<int>();
}

template <class F>
Task<std::optional<Error>> error_of(F task) {
  try {
    co_await std::move(task);
  } catch (const Error& error) {
    co_return error;
  }
  co_return std::nullopt;
}

TEST(Connection, AnswersABatchInOrder) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    Batch batch;
    batch.add(kAdd, params(1, 2)).add(kEcho, params("three")).add(kAdd, params(3, 4));
    auto rows = co_await connection.run(std::move(batch), soon());
    EXPECT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].one<int>(), 3);
    EXPECT_EQ(rows[1].one<std::string>(), "three");
    EXPECT_EQ(rows[2].one<int>(), 7);
  }());
}

TEST(Connection, PreparesAStatementOnceForEachSetOfTypes) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    for (int i = 0; i < 3; ++i) {
      co_await connection.query(kAdd, params(i, 2), soon());
      co_await connection.query(kAdd, params(std::int64_t{i}, 2.5), soon());
    }
    auto rows = co_await connection.run(
        Batch().add_adhoc("select name from pg_prepared_statements where name <> '' order by 1"), soon());
    EXPECT_THAT(rows[0].as<std::string>(), ::testing::ElementsAre("test.add", "test.add+"));
  }());
}

TEST(Connection, RefusesOneNameForTwoTexts) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    constexpr Statement kOther{"test.add", "select $1 - $2"};
    co_await connection.query(kAdd, params(1, 2), soon());
    EXPECT_THROW(co_await connection.query(kOther, params(1, 2), soon()), Failure);
  }());
}

TEST(Connection, ABatchIsOneTransaction) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    co_await connection.execute_script("create temp table numbers (n int)", soon());
    Batch batch;
    batch.add(kInsert, params(1)).add(kDivide, params(0)).add(kInsert, params(2)).add(kEcho, params("never"));
    auto error = co_await error_of(connection.run(std::move(batch), soon()));
    EXPECT_TRUE(error.has_value());
    if (error) {
      EXPECT_EQ(error->sqlstate(), "22012");
      EXPECT_EQ(error->statement(), "test.divide");
    }
    EXPECT_TRUE(connection.is_reusable());
    EXPECT_EQ((co_await connection.query(kCount, {}, soon())).one<int>(), 0);
    // Its Parse was skipped with the rest of the batch: it must be prepared now.
    EXPECT_EQ((co_await connection.query(kEcho, params("now"), soon())).one<std::string>(), "now");
  }());
}

TEST(Connection, SessionContextLastsForTheBatchOnly) {
  run([]() -> Task<void> {
    constexpr Statement kSet{"test.set_context", "select set_config('app.organization_id', $1, true)"};
    constexpr Statement kGet{"test.get_context",
                             "select coalesce(current_setting('app.organization_id', true), '')"};
    auto connection = co_await open();
    auto rows = co_await connection.run(Batch(kSet, params("acme")).add(kGet), soon());
    EXPECT_EQ(rows[1].one<std::string>(), "acme");
    EXPECT_EQ((co_await connection.query(kGet, {}, soon())).one<std::string>(), "");
  }());
}

TEST(Connection, ReadsWhileItSendsSoThatLargeBatchesDoNotDeadlock) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    std::string big(1 << 20, 'y');
    Batch batch;
    for (int i = 0; i < 40; ++i) batch.add(kEcho, params(big)).add(kLarge, params(2000));
    auto rows = co_await connection.run(std::move(batch), soon());
    EXPECT_EQ(rows.size(), 80u);
    for (std::size_t i = 0; i < 80; i += 2) {
      EXPECT_EQ(rows[i].one<std::string_view>().size(), big.size());
      EXPECT_EQ(rows[i + 1].size(), 2000u);
    }
  }());
}

TEST(Connection, ClosesWhenTheDeadlinePasses) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    auto pid = connection.backend_pid();
    auto error = co_await error_of(connection.query(kSleep, params(600.0), within(50ms)));
    EXPECT_TRUE(error && error->is_timeout());
    if (error) EXPECT_EQ(error->statement(), "test.sleep");
    EXPECT_FALSE(connection.is_open());
    // The server notices that the socket is gone and ends the query, long before the sleep does.
    while (co_await count_backends(pid) > 0) co_await sleep_for(20ms);
    auto again = co_await error_of(connection.query(kAdd, params(1, 2), soon()));
    EXPECT_TRUE(again && again->is_connection());
  }());
}

TEST(Connection, ADeadlineAlreadyPastSendsNothing) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    auto error = co_await error_of(connection.query(kAdd, params(1, 2), within(-1s)));
    EXPECT_TRUE(error && error->is_timeout());
    EXPECT_TRUE(connection.is_reusable());
  }());
}

TEST(Connection, ALaterDeadlineIsKeptAfterAShorterOne) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    co_await connection.query(kAdd, params(1, 2), within(100ms));
    // Spans the moment at which the first query's deadline would have struck.
    co_await connection.query(kSleep, params(0.3), soon());
    EXPECT_TRUE(connection.is_reusable());
  }());
}

TEST(Connection, ClosesWhenItsTaskIsCancelled) {
  asio::io_context context(1);
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  std::optional<Connection> connection;
  auto task = [&]() -> Task<void> {
    connection.emplace(co_await open());
    asio::post(context, [&] { signal.emit(asio::cancellation_type::all); });
    co_await connection->query(kSleep, params(600.0), soon());
  };
  asio::co_spawn(context, task(), asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) {
                   failure = e;
                   EXPECT_FALSE(connection->is_open());
                   connection.reset();
                 }));
  context.run();
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

TEST(Connection, RefusesToBeUsedTwiceAtOnce) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    auto executor = co_await asio::this_coro::executor;
    bool done = false;
    asio::co_spawn(
        executor,
        [&]() -> Task<void> {
          co_await connection.query(kSleep, params(0.05), soon());
          done = true;
        },
        asio::detached);
    EXPECT_THROW(co_await connection.query(kAdd, params(1, 2), soon()), Failure);
    while (!done) co_await asio::post(executor, use_task);
    EXPECT_TRUE(connection.is_reusable());
  }());
}

TEST(Connection, SaysThatTheServerEndedIt) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    auto killer = co_await open();
    auto executor = co_await asio::this_coro::executor;
    auto pid = connection.backend_pid();
    asio::co_spawn(
        executor,
        [&]() -> Task<void> {
          co_await killer.run(Batch().add_adhoc("select pg_terminate_backend($1)", params(pid)), soon());
        },
        asio::detached);
    auto error = co_await error_of(connection.query(kSleep, params(600.0), soon()));
    EXPECT_TRUE(error && error->is_connection());
    if (error) EXPECT_EQ(error->sqlstate(), "57P01");
    EXPECT_FALSE(connection.is_open());
  }());
}

TEST(Connection, RunsAScriptOfManyStatementsAndStaysUsable) {
  run([]() -> Task<void> {
    auto connection = co_await open();
    co_await connection.execute_script(
        "create temp table numbers (n int); insert into numbers values (1), (2);", soon());
    auto error =
        co_await error_of(connection.execute_script("insert into numbers values (3); select 1/0", soon()));
    EXPECT_TRUE(error && error->sqlstate() == "22012");
    EXPECT_EQ((co_await connection.query(kCount, {}, soon())).one<int>(), 2);
  }());
}

TEST(Connection, RefusesAWrongPasswordAndAMissingDatabase) {
  run([]() -> Task<void> {
    auto dsn = testing::cluster_dsn();
    auto wrong = dsn.substr(0, dsn.find("://") + 3) + "postgres:wrong" + dsn.substr(dsn.find('@'));
    auto password = co_await error_of(Connection::connect({.dsn = wrong}, soon()));
    EXPECT_TRUE(password && password->sqlstate().starts_with("28"));
    auto database =
        co_await error_of(Connection::connect({.dsn = testing::with_database(dsn, "no_such")}, soon()));
    EXPECT_TRUE(database && database->sqlstate() == "3D000");
    EXPECT_THROW(co_await Connection::connect({.dsn = "nonsense ="}, soon()), Failure);
  }());
}

TEST(Connection, GivesUpConnectingAtTheDeadline) {
  run([]() -> Task<void> {
    // A server that accepts and never speaks.
    auto directory = std::filesystem::temp_directory_path() / ("gatehouse-mute-" + std::to_string(getpid()));
    std::filesystem::create_directory(directory);
    auto executor = co_await asio::this_coro::executor;
    asio::basic_socket_acceptor<asio::local::stream_protocol, Executor> mute(
        executor, asio::local::stream_protocol::endpoint((directory / ".s.PGSQL.5432").string()));
    auto error = co_await error_of(
        Connection::connect({.dsn = "host=" + directory.string() + " user=x dbname=x"}, within(50ms)));
    EXPECT_TRUE(error && error->is_timeout());
    std::filesystem::remove_all(directory);
  }());
}

}  // namespace
}  // namespace gatehouse::pg
