#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/appender.h"
#include "audit/database_testing.h"
#include "audit/query.h"
#include "base/error.h"

namespace gatehouse::audit {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;

TEST(Appender, ChainsEventsOfEveryShapeSoThatTheyVerify) {
  auto database = fresh_database("audit");
  append_events(database, testing::varied_events());
  auto report = verify(database);
  EXPECT_TRUE(report.ok()) << report.problems.at(0).message;
  EXPECT_EQ(report.events, static_cast<std::int64_t>(testing::varied_events().size()));
}

TEST(Appender, ChainsAnEventOnceHoweverOftenItIsSubmitted) {
  auto database = fresh_database("audit");
  auto events = typical(OrganizationId::make(), 3);
  auto twice = events;
  twice.push_back(events[0]);
  append_events(database, twice);
  append_events(database, events);
  run([](AppenderOptions chosen, std::vector<Event> all) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, chosen);
    co_await appender.append(testing::plain_event());
    co_await appender.append(all[2]);
    co_await appender.append(testing::plain_event());
    co_await appender.close(soon());
  }(options(database), events));
  auto report = verify(database);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 5);
}

TEST(Appender, FourProcessesMakeOneChainWithoutGaps) {
  auto database = fresh_database("audit");
  auto chosen = options(database);
  std::vector<OrganizationId> organizations{OrganizationId::make(), OrganizationId::make(),
                                            OrganizationId::make()};
  constexpr int kEach = 60;
  std::atomic<int> failed{0};
  std::vector<std::thread> processes;
  for (int process = 0; process < 4; ++process)
    processes.emplace_back([&] {
      try {
        run([](AppenderOptions to, std::vector<OrganizationId> of) -> Task<void> {
          Appender appender(co_await asio::this_coro::executor, to);
          for (int i = 0; i < kEach; ++i)
            co_await appender.append(testing::typical_event(of[static_cast<std::size_t>(i) % of.size()]));
          co_await appender.close(soon());
        }(chosen, organizations));
      } catch (const std::exception&) {
        ++failed;
      }
    });
  for (auto& process : processes) process.join();
  EXPECT_EQ(failed, 0);
  auto report = verify(database);
  EXPECT_TRUE(report.ok()) << report.problems.at(0).message;
  EXPECT_EQ(report.events, 4 * kEach);
}

TEST(Appender, TakesEventsFromOtherReactors) {
  auto database = fresh_database("audit");
  asio::io_context writer(1);
  auto guard = asio::make_work_guard(writer);
  std::thread writing([&] { writer.run(); });
  {
    Appender appender(writer.get_executor(), options(database));
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; ++caller)
      callers.emplace_back([&] {
        for (int i = 0; i < 40; ++i)
          run([](Appender& to) -> Task<void> {
            auto here = std::this_thread::get_id();
            co_await to.append(testing::plain_event());
            EXPECT_EQ(std::this_thread::get_id(), here);
          }(appender));
      });
    for (auto& caller : callers) caller.join();
    EXPECT_TRUE(run(appender.close(soon())));
    EXPECT_THROW(run(appender.append(testing::plain_event())), Failure);
  }
  guard.reset();
  writing.join();
  EXPECT_EQ(verify(database).events, 120);
}

TEST(Appender, GoesOnAfterItsConnectionWasCut) {
  auto database = fresh_database("audit");
  auto chosen = options(database);
  run([](AppenderOptions to, std::string superuser) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, to);
    co_await appender.append(testing::plain_event());
    auto connection = co_await pg::Connection::connect({.dsn = superuser}, soon());
    for (int i = 0; i < 5; ++i) {
      co_await connection.execute_script(
          "select pg_terminate_backend(pid) from pg_stat_activity"
          " where usename = 'gatehouse_audit' and datname = current_database()",
          soon());
      co_await appender.append(testing::plain_event());
    }
    co_await appender.close(soon());
  }(chosen, database));
  auto report = verify(database);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 6);
}

TEST(Appender, AppendsNothingWhereAHeadIsGoneOrLiesBeforeWhatItCommitted) {
  auto organization = OrganizationId::make();
  for (const std::string& change :
       {std::string(kWipe), std::string(kMakeNew), std::string("update audit_head set region_sequence = 2"),
        std::string("delete from audit_chain_heads; update audit_head set region_sequence = 9"),
        std::string(
            "update audit_chain_heads set hash = sha256('x'); update audit_head set region_sequence = 9")}) {
    auto database = fresh_database("audit");
    run([](AppenderOptions to, std::string superuser, std::string sql, OrganizationId of) -> Task<void> {
      Appender appender(co_await asio::this_coro::executor, to);
      for (int i = 0; i < 3; ++i) co_await appender.append(testing::typical_event(of));
      auto connection = co_await pg::Connection::connect({.dsn = superuser}, soon());
      co_await connection.execute_script("set session_replication_role = replica; " + sql, soon());
      for (int i = 0; i < 2; ++i) {
        bool refused = false;
        try {
          co_await appender.append(testing::typical_event(of));
        } catch (const Failure&) {
          refused = true;
        }
        EXPECT_TRUE(refused) << sql;
      }
      co_await appender.close(soon());
    }(options(database), database, change, organization));
    EXPECT_EQ(count(database, "select coalesce(max(org_sequence), 0) from audit_events") % 3, 0) << change;
  }
  auto database = fresh_database("audit");
  tamper(database, kWipe);
  EXPECT_THROW(append_events(database, {testing::plain_event()}), Failure) << "without anything remembered";
}

TEST(Appender, RefusesAnotherRegionsDatabaseAndAFullQueue) {
  auto database = fresh_database("audit");
  append_events(database, {testing::plain_event()});
  auto wrong = options(database);
  wrong.region = Region::us;
  auto append_one = [](AppenderOptions to) -> Task<void> {
    Appender appender(co_await asio::this_coro::executor, to);
    std::exception_ptr error;
    try {
      co_await appender.append_all({testing::plain_event(), testing::plain_event()});
    } catch (...) {
      error = std::current_exception();
    }
    co_await appender.close(soon());
    if (error) std::rethrow_exception(error);
  };
  EXPECT_THROW(run(append_one(wrong)), Failure);
  auto small = options(database);
  small.max_queued = 1;
  EXPECT_THROW(run(append_one(small)), Failure);
  EXPECT_EQ(verify(database).events, 1);
}

}  // namespace
}  // namespace gatehouse::audit
