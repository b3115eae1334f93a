#include <gmock/gmock.h>

#include "pg/connection.h"
#include "pg/rows.h"
#include "pg/testing.h"

namespace gatehouse::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::run;

enum class Mood { happy, sad, delete_ };
BOOST_DESCRIBE_ENUM(Mood, happy, sad, delete_)

using ThingId = StrongId<struct ThingTag>;

struct ThingRow {
  ThingId id;
  std::string name;
  std::optional<int> size;
  Mood mood;
};
BOOST_DESCRIBE_STRUCT(ThingRow, (), (id, name, size, mood))

/// What `sql` gives for `values`.
Rows select(std::string sql, Params values = {}) {
  return run([](std::string text, Params p) -> Task<Rows> {
    auto connection = co_await Connection::connect({.dsn = testing::cluster_dsn()}, within(30s));
    auto rows = co_await connection.run(Batch().add_adhoc(std::move(text), std::move(p)), within(60s));
    co_return std::move(rows[0]);
  }(std::move(sql), std::move(values)));
}

template <class T>
T round_trip(const T& value, const std::string& type) {
  return select("select $1::" + type, params(value)).template one<T>();
}

std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
}

TEST(Rows, GivesBackEveryTypeItTakes) {
  EXPECT_EQ(round_trip(true, "boolean"), true);
  EXPECT_EQ(round_trip(std::int16_t{-7}, "smallint"), -7);
  EXPECT_EQ(round_trip(-70000, "integer"), -70000);
  EXPECT_EQ(round_trip(std::int64_t{-7'000'000'000}, "bigint"), -7'000'000'000);
  EXPECT_EQ(round_trip(std::uint32_t{4'000'000'000}, "bigint"), 4'000'000'000);
  EXPECT_EQ(round_trip(-2.5, "double precision"), -2.5);
  EXPECT_EQ(round_trip(std::string("salário 😀"), "text"), "salário 😀");
  EXPECT_EQ(round_trip(std::string(), "text"), "");
  auto id = Uuid::v7();
  EXPECT_EQ(round_trip(id, "uuid"), id);
  EXPECT_EQ(round_trip(ThingId{id}, "uuid"), ThingId{id});
  auto stamp = *parse_rfc3339("2026-11-20T18:51:11.123456Z");
  EXPECT_EQ(round_trip(stamp, "timestamptz"), stamp);
  EXPECT_EQ(round_trip(Timestamp::max(), "timestamptz"), Timestamp::max());
  EXPECT_EQ(select("select 'infinity'::timestamptz").one<Timestamp>(), Timestamp::max());
  EXPECT_EQ(to_rfc3339(select("select '1999-12-31 23:59:59.5+00'::timestamptz").one<Timestamp>()),
            "1999-12-31T23:59:59.500000Z");
  std::chrono::sys_days day{std::chrono::year{1999} / 2 / 28};
  EXPECT_EQ(round_trip(day, "date"), day);
  EXPECT_EQ(round_trip(std::vector<std::uint8_t>{0, 1, 255}, "bytea"),
            (std::vector<std::uint8_t>{0, 1, 255}));
  EXPECT_EQ(round_trip(Json{R"({"a": [1, 2]})"}, "jsonb"), (Json{R"({"a": [1, 2]})"}));
  EXPECT_EQ(select(R"(select '{"b":1}'::json)").one<Json>(), (Json{R"({"b":1})"}));
}

TEST(Rows, GivesBackArrays) {
  EXPECT_THAT(round_trip(std::vector<std::string>{"a", "", "ç\"{,}"}, "text[]"),
              ElementsAre("a", "", "ç\"{,}"));
  EXPECT_THAT(round_trip(std::vector<std::int64_t>{1, -2}, "bigint[]"), ElementsAre(1, -2));
  EXPECT_THAT(round_trip(std::vector<int>{}, "integer[]"), ElementsAre());
  std::vector<ThingId> ids{ThingId::make(), ThingId::make()};
  EXPECT_EQ(round_trip(ids, "uuid[]"), ids);
  EXPECT_THAT(select("select array[1, null]").one<std::vector<std::optional<int>>>(),
              ElementsAre(1, std::nullopt));
  EXPECT_THAT(refusal([] { select("select array[1, null]").one<std::vector<int>>(); }), HasSubstr("NULL"));
  EXPECT_THAT(refusal([] { select("select array[[1], [2]]").one<std::vector<int>>(); }),
              HasSubstr("one dimension"));
  EXPECT_THAT(refusal([] { select("select 1").one<std::vector<int>>(); }), HasSubstr("array"));
}

TEST(Rows, PassesNullsOfEveryKind) {
  auto rows = select("select $1::uuid as a, $2::text as b, $3::bigint[] as c, $4::jsonb as d, $5::text as e",
                     params(std::optional<Uuid>{}, std::optional<std::string>{},
                            std::optional<std::vector<std::int64_t>>{}, std::optional<Json>{}, std::nullopt));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(rows[0][i].null) << i;
  EXPECT_EQ(rows[0].get<std::optional<Uuid>>("a"), std::nullopt);
}

TEST(Rows, MapsDescribedStructsByName) {
  auto rows = run([]() -> Task<Rows> {
    auto connection = co_await Connection::connect({.dsn = testing::cluster_dsn()}, within(30s));
    co_await connection.execute_script(
        "create type pg_temp.mood as enum ('happy', 'sad', 'delete');"
        "create temp table things (mood pg_temp.mood, size int, name text, id uuid, other int)",
        within(30s));
    constexpr Statement kInsert{
        "test.insert_thing",
        "insert into things (id, name, size, mood) values ($1, $2, $3, $4), ($1, 'b', 5, 'sad')"};
    auto inserted = co_await connection.query(
        kInsert, params(ThingId{}, "a", std::optional<int>{}, Mood::delete_), within(30s));
    EXPECT_EQ(inserted.affected(), 2u);
    constexpr Statement kSelect{"test.select_things", "select * from things order by name"};
    co_return co_await connection.query(kSelect, {}, within(30s));
  }());
  auto things = rows.as<ThingRow>();
  EXPECT_EQ(things.size(), 2u);
  EXPECT_EQ(things[0].name, "a");
  EXPECT_EQ(things[0].size, std::nullopt);
  EXPECT_EQ(things[0].mood, Mood::delete_);
  EXPECT_EQ(things[1].size, 5);
  EXPECT_EQ(things[1].mood, Mood::sad);
  EXPECT_THAT(refusal([&] { rows.one<ThingRow>(); }), HasSubstr("test.select_things: 2 rows"));
  EXPECT_THAT(refusal([&] { rows.find_one<ThingRow>(); }), HasSubstr("2 rows"));
}

TEST(Rows, FindsOneRowOrNone) {
  EXPECT_EQ(select("select 1 where false").find_one<int>(), std::nullopt);
  EXPECT_EQ(select("select 1").find_one<int>(), 1);
  EXPECT_THAT(refusal([] { select("select 1 where false").one<int>(); }), HasSubstr("0 rows"));
}

TEST(Rows, RefusesWhatDoesNotFitAndSaysWhere) {
  EXPECT_THAT(refusal([] { select("select 'x'::text as name").one<int>(); }),
              HasSubstr("\"name\" is text, not an integer"));
  EXPECT_THAT(refusal([] { select("select 70000 as n").one<std::int16_t>(); }), HasSubstr("this range"));
  EXPECT_THAT(refusal([] { select("select null::int as n").one<int>(); }), HasSubstr("\"n\" is NULL"));
  EXPECT_THAT(refusal([] { select("select 1.5 as n").one<double>(); }), HasSubstr("cast it"));
  EXPECT_THAT(refusal([] { select("select 'odd'").one<Mood>(); }), HasSubstr("labels"));
  EXPECT_THAT(refusal([] { select("select 1 as id").one<ThingRow>(); }), HasSubstr("no column \"name\""));
  EXPECT_THAT(refusal([] { (void)select("select 1")[1].get<int>(0); }), HasSubstr("no row 1"));
}

TEST(Params, RefusesTextThatTheDatabaseCannotHold) {
  using namespace std::string_literals;
  try {
    params("cut\0short"s);
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_TRUE(error.is_invalid_text());
  }
  try {
    select("select $1::text", params("\xff"));
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_TRUE(error.is_invalid_text());
  }
}

TEST(Params, RefusesAnUnsignedThatIsTooLarge) {
  EXPECT_THROW(params(~std::uint64_t{0}), Failure);
}

}  // namespace
}  // namespace gatehouse::pg
