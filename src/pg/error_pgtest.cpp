#include <gmock/gmock.h>

#include "pg/connection.h"
#include "pg/error.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ErrorTest : public ::testing::Test {
 protected:
  /// The error of `sql` in a schema with one of each constraint.
  static Error error_of(const std::string& sql) {
    return testing::run([](std::string text) -> Task<Error> {
      auto connection = co_await Connection::connect({.dsn = testing::cluster_dsn()}, within(30s));
      co_await connection.execute_script(
          "create temp table parents (id int constraint parents_pk primary key);"
          "create temp table parts (id int constraint parts_unique unique,"
          " parent int constraint parts_parent references parents,"
          " n int not null default 1 constraint parts_positive check (n > 0));"
          "create function pg_temp.refuse() returns void language plpgsql as"
          " $$ begin raise exception 'organization is suspended' using errcode = 'GH042', constraint = "
          "'lifecycle'; end $$;"
          "insert into parts (id) values (1)",
          within(30s));
      try {
        co_await connection.run(Batch().add_adhoc(text), within(30s));
      } catch (const Error& error) {
        EXPECT_TRUE(connection.is_reusable());
        co_return error;
      }
      throw Failure("no error: " + text);
    }(sql));
  }
};

TEST_F(ErrorTest, NamesTheConstraintThatWasBroken) {
  auto unique = error_of("insert into parts (id) values (1)");
  EXPECT_TRUE(unique.is_unique_violation());
  EXPECT_EQ(unique.constraint(), "parts_unique");
  EXPECT_EQ(unique.table(), "parts");
  auto foreign = error_of("insert into parts (parent) values (9)");
  EXPECT_TRUE(foreign.is_foreign_key_violation());
  EXPECT_EQ(foreign.constraint(), "parts_parent");
  auto check = error_of("insert into parts (n) values (0)");
  EXPECT_TRUE(check.is_check_violation());
  EXPECT_EQ(check.constraint(), "parts_positive");
  auto null = error_of("insert into parts (n) values (null)");
  EXPECT_TRUE(null.is_not_null_violation());
  EXPECT_EQ(null.column(), "n");
}

TEST_F(ErrorTest, PassesOnTheCodesOfOurOwnTriggers) {
  auto error = error_of("select pg_temp.refuse()");
  EXPECT_TRUE(error.is_raised_by_us());
  EXPECT_EQ(error.sqlstate(), "GH042");
  EXPECT_EQ(error.message(), "organization is suspended");
  EXPECT_EQ(error.constraint(), "lifecycle");
}

TEST_F(ErrorTest, TellsThatAPrivilegeIsMissing) {
  EXPECT_TRUE(error_of("do $$ begin set local role pg_monitor; "
                       "delete from pg_authid; end $$")
                  .is_insufficient_privilege());
}

TEST_F(ErrorTest, ItsTextQuotesNoValue) {
  auto error = error_of("select 'secret-value'::int");
  EXPECT_THAT(error.message(), HasSubstr("secret-value"));
  EXPECT_THAT(error.what(), Not(HasSubstr("secret-value")));
  EXPECT_THAT(error.what(), HasSubstr("22P02"));
  EXPECT_THAT(error_of("insert into parts (id) values (1)").what(), Not(HasSubstr("(1)")));
}

}  // namespace
}  // namespace gatehouse::pg
