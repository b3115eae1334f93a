// Each column of each table of the audit database, changed as a superuser could: verification finds it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/database_testing.h"

namespace gatehouse::audit {
namespace {

using namespace testing;

struct Column {
  std::string table, name, type;
};
BOOST_DESCRIBE_STRUCT(Column, (), (table, name, type))

// schema_migrations is no part of the record: `migrate` compares its checksums.
constexpr std::string_view kColumns =
    "select c.relname::text as table, a.attname::text as name, format_type(a.atttypid, null) as type"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
    " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
    " and c.relname <> 'schema_migrations' order by 1, a.attnum";

// A superuser takes away what would stop him first.
constexpr std::string_view kDisarm =
    "set session_replication_role = replica;"
    "do $$ declare each record; begin"
    " for each in select conrelid::regclass as owner, conname from pg_constraint where contype = 'c'"
    " and connamespace = 'public'::regnamespace loop"
    " execute format('alter table %s drop constraint %I', each.owner, each.conname); end loop;"
    " for each in select attrelid::regclass as owner, attname from pg_attribute where attgenerated <> ''"
    " and attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) loop"
    " execute format('alter table %s alter column %I drop expression', each.owner, each.attname); end loop; "
    "end $$";

std::string changed(const Column& column) {
  if (column.type == "bytea")
    return fmt::format("set_byte({0}, octet_length({0}) / 2, get_byte({0}, octet_length({0}) / 2) # 1)",
                       column.name);
  if (column.type == "bigint") return column.name + " + 100";
  if (column.type == "uuid") return "gen_random_uuid()";
  if (column.type == "json") return "'{}'";
  if (column.type == "boolean") return "not " + column.name;
  if (column.type == "timestamp with time zone") return column.name + " + interval '1 microsecond'";
  return column.name + " || 'x'";
}

std::vector<Column> columns_of(const std::string& database) {
  return run([](std::string to) -> Task<std::vector<Column>> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    pg::Batch batch;
    batch.add_adhoc(std::string(kColumns));
    auto rows = co_await connection.run(std::move(batch), soon());
    co_return rows.back().as<Column>();
  }(database));
}

/// Verifies within the transaction that made the change, and undoes it.
VerifyReport verify_changed(const std::string& database, std::string change) {
  return run([](std::string to, std::string sql) -> Task<VerifyReport> {
    auto connection = co_await pg::Connection::connect({.dsn = to}, soon());
    co_await connection.execute_script(std::string(kDisarm) + "; begin; " + sql, soon());
    RunBatch within_it = [&connection](pg::Batch batch) -> Task<pg::Rows> {
      auto rows = co_await connection.run(std::move(batch), soon());
      co_return std::move(rows.back());
    };
    auto report = co_await verify_region(within_it, Region::eu, {.page = 7});
    co_await connection.execute_script("rollback", soon());
    co_return report;
  }(database, std::move(change)));
}

TEST(Tampering, IsFoundInEveryColumnOfEveryTable) {
  auto database = fresh_database("audit");
  append_events(database, typical(OrganizationId::make(), 20));
  append_events(database, {testing::plain_event()});
  EXPECT_TRUE(verify_changed(database, "").ok());
  auto columns = columns_of(database);
  EXPECT_GE(columns.size(), 27u);
  for (const auto& column : columns) {
    bool is_event = column.table == "audit_events";
    auto sql = fmt::format("update {} set {} = {}{}", column.table, column.name, changed(column),
                           is_event && column.name == "region_sequence" ? " where region_sequence = 21"
                           : is_event                                   ? " where region_sequence = 13"
                                                                        : "");
    auto report = verify_changed(database, sql);
    EXPECT_FALSE(report.ok()) << sql;
    EXPECT_EQ(exit_code(report) == 2 || exit_code(report) == 3, true) << sql;
    if (is_event && column.name != "region_sequence")
      EXPECT_THAT(report.problems, ::testing::Contains(::testing::Field(&Problem::sequence, 13))) << sql;
  }
}

TEST(Tampering, IsFoundInASecondHeadOfTheRegion) {
  auto database = fresh_database("audit");
  append_events(database, {testing::plain_event()});
  auto report =
      verify_changed(database, "insert into audit_head select false, region, 7, sealed_at from audit_head");
  EXPECT_THAT(report.kinds, ::testing::Contains(ProblemKind::head_mismatch));
}

TEST(Tampering, IsFoundWhereNothingIsLeft) {
  auto database = fresh_database("audit");
  EXPECT_TRUE(verify(database).ok()) << "before the first event";
  append_events(database, typical(OrganizationId::make(), 3));
  tamper(database, kWipe);
  auto report = verify(database);
  EXPECT_EQ(report.events, 0);
  EXPECT_THAT(report.kinds, ::testing::ElementsAre(ProblemKind::head_mismatch));
  EXPECT_EQ(exit_code(report), 2);
}

TEST(Tampering, ThatMakesTheDatabaseNewOrCutsItIsFoundByTheMarks) {
  auto database = fresh_database("audit");
  auto organization = OrganizationId::make();
  append_events(database, typical(organization, 3));
  auto hash =
      *with_database<VerifyReport>(as_role(database, "gatehouse_audit"), std::nullopt, [&](RunBatch batch) {
         return verify_organization(std::move(batch), organization);
       }).head_hash;
  Marks marks{{organization.value, {3, hash}}};
  EXPECT_TRUE(verify(database, marks).ok());
  append_events(database, typical(organization, 1));
  EXPECT_TRUE(verify(database, marks).ok()) << "a mark lags behind";
  tamper(database, kMakeNew);
  EXPECT_THAT(verify(database, marks).kinds, ::testing::ElementsAre(ProblemKind::truncated));
  append_events(database, typical(organization, 2));
  auto report = verify(database, marks);
  EXPECT_THAT(report.kinds, ::testing::ElementsAre(ProblemKind::truncated));
  ASSERT_TRUE(report.problems[0].event);
  EXPECT_EQ(report.problems[0].event->organization, organization);
  append_events(database, typical(organization, 2));
  EXPECT_THAT(verify(database, marks).kinds, ::testing::ElementsAre(ProblemKind::expected_mismatch));
}

TEST(Tampering, OfAnOrganizationWithoutEventsIsFoundByWhoKnowsThatItHasSome) {
  auto database = fresh_database("audit");
  auto organization = OrganizationId::make();
  auto verify_it = [&](VerifyOptions how) {
    return with_database<VerifyReport>(as_role(database, "gatehouse_app"), organization, [&](RunBatch batch) {
      return verify_organization(std::move(batch), organization, how);
    });
  };
  EXPECT_TRUE(verify_it({}).ok());
  EXPECT_THAT(verify_it({.has_events = true}).kinds, ::testing::ElementsAre(ProblemKind::truncated));
  append_events(database, typical(organization, 1));
  EXPECT_TRUE(verify_it({.has_events = true}).ok());
}

}  // namespace
}  // namespace gatehouse::audit
