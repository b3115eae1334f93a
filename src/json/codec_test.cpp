#include "json/codec.h"

#include <random>

#include <gmock/gmock.h>

#include "json/bounded.h"

namespace gatehouse::json {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

enum class Color { red, light_blue, delete_ };
BOOST_DESCRIBE_ENUM(Color, red, light_blue, delete_)

using RuleId = StrongId<struct RuleTag>;

struct Rule {
  Text<1, 5> name;
  Color color{};
  bool operator==(const Rule&) const = default;
};
BOOST_DESCRIBE_STRUCT(Rule, (), (name, color))

struct Base {
  std::string kind;
  bool operator==(const Base&) const = default;
};
BOOST_DESCRIBE_STRUCT(Base, (), (kind))

struct Everything : Base {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint64_t large = 0;
  double real = 0;
  std::optional<std::string> note;
  std::vector<Rule> rules;
  std::map<std::string, std::int64_t> counts;
  RuleId id;
  Timestamp at;
  Value any;
  Defaulted<Int<1, 200>> limit = 50;
  Omittable<bool> maybe;
  Patch<std::string> patch;
  bool default_ = false;
};
BOOST_DESCRIBE_STRUCT(Everything, (Base),
                      (flag, tiny, large, real, note, rules, counts, id, at, any, limit, maybe, patch,
                       default_))

constexpr std::string_view kEverything =
    R"({"kind":"k","flag":true,"tiny":-128,"large":18446744073709551615,"real":1.5,"note":null,)"
    R"("rules":[{"name":"éa","color":"light_blue"}],"counts":{"a/b":-3},"id":"01890a5d-ac96-774b-bcce-b302099a8057",)"
    R"("at":"2026-11-20T18:51:11.123456Z","any":{"x":[1,null]},"limit":7,"maybe":true,"patch":"p","default":true})";

template <class T>
std::vector<std::string> problems(std::string_view text) {
  auto result = decode_text<T>(text);
  std::vector<std::string> out;
  if (result) return out;
  EXPECT_EQ(result.error().code, ErrorCode::validation_failed) << result.error().detail;
  for (const auto& field : result.error().fields) {
    EXPECT_FALSE(field.message.empty());
    out.push_back(field.pointer + " " + field.code);
  }
  return out;
}

template <class T>
struct One {
  T x{};
  BOOST_DESCRIBE_CLASS(One, (), (x), (), ())
};
template <class T>
std::vector<std::string> problems_of(std::string_view x) {
  return problems<One<T>>("{\"x\":" + std::string(x) + "}");
}

TEST(Codec, EveryTypeRoundTrips) {
  auto value = decode_text<Everything>(kEverything);
  ASSERT_TRUE(value) << value.error().fields.at(0).pointer;
  EXPECT_EQ(encode(*value), kEverything);
  EXPECT_EQ(write(to_value(*value)), kEverything);
  EXPECT_EQ(value->rules.at(0).color, Color::light_blue);
  EXPECT_EQ(value->limit.value(), 7);
}

struct Absent {
  std::optional<int> optional;
  Defaulted<Text<0, 9>> text = "hey";
  Omittable<int> omittable;
  Patch<int> patch;
};
BOOST_DESCRIBE_STRUCT(Absent, (), (optional, text, omittable, patch))

TEST(Codec, AbsentMeansTheDefaultNullAbsentOrLeaveAlone) {
  auto value = decode_text<Absent>("{}");
  ASSERT_TRUE(value);
  EXPECT_EQ(encode(*value), R"({"optional":null,"text":"hey"})");
  EXPECT_FALSE(value->patch.is_present());
  EXPECT_THAT(problems<Absent>(R"({"text":null,"omittable":null})"),
              ElementsAre("/text wrong_type", "/omittable wrong_type"));
  EXPECT_EQ(encode(Absent{}), R"({"optional":null,"text":"hey"})");
}

TEST(Codec, PatchTellsAbsentNullAndValueApart) {
  using Body = One<Patch<Text<1, 3>>>;
  auto absent = decode_text<Body>("{}"), null = decode_text<Body>(R"({"x":null})"),
       set = decode_text<Body>(R"({"x":"a"})");
  ASSERT_TRUE(absent && null && set);
  EXPECT_FALSE(absent->x.is_present());
  EXPECT_TRUE(null->x.is_present() && null->x.is_null());
  EXPECT_TRUE(set->x.is_present() && !set->x.is_null());
  EXPECT_EQ(set->x.value().str(), "a");
  EXPECT_EQ(absent->x.applied_to("old")->str(), "old");
  EXPECT_FALSE(null->x.applied_to("old"));
  EXPECT_EQ(encode(*absent) + encode(*null) + encode(*set), R"({}{"x":null}{"x":"a"})");
  EXPECT_THAT(problems<Body>(R"({"x":""})"), ElementsAre("/x too_short"));
}

TEST(Codec, ReportsEveryBadFieldAtOnce) {
  EXPECT_THAT(
      problems<Everything>(
          R"({"flag":1,"tiny":300,"large":-1,"real":"x","note":5,"rules":[{"name":"abcdef","color":"green"},7,{}],)"
          R"("counts":{"a/b~":true},"id":"zz","at":"yesterday","limit":0,"maybe":null,"patch":[],"default":0,"extra":1})"),
      UnorderedElementsAre("/kind required", "/flag wrong_type", "/tiny too_large", "/large too_small",
                           "/real wrong_type", "/note wrong_type", "/rules/0/name too_long",
                           "/rules/0/color not_in_enum", "/rules/1 wrong_type", "/rules/2/name required",
                           "/rules/2/color required", "/counts/a~1b~0 wrong_type", "/id bad_format",
                           "/at bad_format", "/any required", "/limit too_small", "/maybe wrong_type",
                           "/patch wrong_type", "/default wrong_type", "/extra unknown_field"));
}

TEST(Codec, RefusesUnknownFields) {
  EXPECT_THAT(problems<Rule>(R"({"name":"a","color":"red","Name":"b","":1})"),
              ElementsAre("/Name unknown_field", "/ unknown_field"));
}

TEST(Codec, RefusesARootOfTheWrongType) {
  EXPECT_THAT(problems<Rule>("[]"), ElementsAre(" wrong_type"));
}

TEST(Codec, IntegersAreRangeChecked) {
  EXPECT_THAT(problems_of<std::int32_t>("2147483648"), ElementsAre("/x too_large"));
  EXPECT_THAT(problems_of<std::int32_t>("-2147483649"), ElementsAre("/x too_small"));
  EXPECT_THAT(problems_of<std::int64_t>("9223372036854775808"), ElementsAre("/x too_large"));
  EXPECT_THAT(problems_of<std::uint8_t>("256"), ElementsAre("/x too_large"));
  EXPECT_THAT(problems_of<std::uint8_t>("-1"), ElementsAre("/x too_small"));
  EXPECT_THAT(problems_of<std::int64_t>("1e300"), ElementsAre("/x too_large"));
  EXPECT_THAT(problems_of<std::int64_t>("-1e300"), ElementsAre("/x too_small"));
  EXPECT_THAT(problems_of<std::uint64_t>("1e300"), ElementsAre("/x too_large"));
  EXPECT_THAT(problems_of<int>("1.5"), ElementsAre("/x wrong_type"));
  EXPECT_THAT(problems_of<int>("\"1\""), ElementsAre("/x wrong_type"));
  EXPECT_EQ(decode_text<One<int>>(R"({"x":3.0})")->x, 3);
  EXPECT_EQ(decode_text<One<int>>(R"({"x":-3e0})")->x, -3);
  EXPECT_EQ((decode_text<One<std::int64_t>>(R"({"x":-9223372036854775808})"))->x, INT64_MIN);
}

TEST(Codec, BoundedTypesAreBounded) {
  EXPECT_THAT((problems_of<Text<2, 3>>(R"("é")")), ElementsAre("/x too_short"));
  EXPECT_THAT((problems_of<Text<2, 3>>(R"("ééé")")), ElementsAre());
  EXPECT_THAT((problems_of<Text<2, 3>>(R"("éééé")")), ElementsAre("/x too_long"));
  EXPECT_THAT((problems_of<Name<9>>(R"("Ana Lúcia")")), ElementsAre());
  for (auto name : {R"(" \u200b")", R"("a\nb")", R"("a\u001b[1m")", R"("a\u202eb")", R"("a\u2028b")"})
    EXPECT_THAT((problems_of<Name<9>>(name)), ElementsAre("/x bad_format")) << name;
  EXPECT_THAT((problems_of<Name<9>>(R"("")")), ElementsAre("/x too_short"));
  EXPECT_THAT((problems_of<Name<9>>(R"("0123456789")")), ElementsAre("/x too_long"));
  EXPECT_THAT((problems_of<Int<-2, 2>>("-3")), ElementsAre("/x too_small"));
  EXPECT_THAT((problems_of<Int<-2, 2>>("3")), ElementsAre("/x too_large"));
  EXPECT_THAT((problems_of<List<int, 2>>("[1,2]")), ElementsAre());
  EXPECT_THAT((problems_of<List<int, 2>>("[1,2,3]")), ElementsAre("/x too_many"));
  EXPECT_THAT(problems_of<std::string>("\"" + std::string(kMaxStringBytes + 1, 'a') + "\""),
              ElementsAre("/x too_long"));
  EXPECT_THROW((Text<1, 3>("four")), Failure);
  EXPECT_THROW((Text<1, 3>("\xff")), Failure);
  EXPECT_THROW((Int<1, 3>(4)), Failure);
}

TEST(Codec, RefusesNulCharacters) {
  EXPECT_THAT(problems_of<std::string>(R"("a\u0000b")"), ElementsAre("/x bad_format"));
  EXPECT_THAT((problems_of<Text<0, 9>>(R"("\u0000")")), ElementsAre("/x bad_format"));
  EXPECT_THAT(problems_of<Value>(R"([{"a":"\u0000"}])"), ElementsAre("/x bad_format"));
  EXPECT_THAT(problems_of<Object>(R"({"\u0000":1})"), ElementsAre("/x bad_format"));
  EXPECT_THAT((problems_of<std::map<std::string, int>>(R"({"\u0000":1})")), testing::SizeIs(1));
}

TEST(Codec, KnowsAnEmailAddressByItsShape) {
  for (auto good : {"a@b.co", "First.Last+tag@sub.Example.ORG", "o'neil@x-y.io"})
    EXPECT_TRUE(Email::parse(good)) << good;
  for (auto bad : {"", "a", "@b.co", "a@", "a@b", "a@b..co", ".a@b.co", "a.@b.co", "a..b@c.co", "a b@c.co",
                   "a@b.co\n", "a@@b.co", "a@-b.co", "\"a\"@b.co", "é@b.co", "a@b.co,c@d.co", "<a@b.co>"})
    EXPECT_FALSE(Email::parse(bad)) << bad;
  EXPECT_FALSE(Email::parse(std::string(65, 'a') + "@b.co"));
  EXPECT_FALSE(Email::parse("a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." +
                            std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b')));
  EXPECT_EQ(Email::parse("Ann@EXAMPLE.com")->to_string(), "Ann@example.com");
  EXPECT_EQ(Email::parse("Ann@EXAMPLE.com")->domain(), "example.com");
}

TEST(Codec, KnowsASlugByItsShape) {
  for (auto good : {"a", "a-b", "0", "acme-2"}) EXPECT_TRUE(Slug::parse(good)) << good;
  for (auto bad : {"", "-a", "a-", "a--b", "A", "a_b", "é", "a.b"}) EXPECT_FALSE(Slug::parse(bad)) << bad;
  EXPECT_TRUE(Slug::parse(std::string(63, 'a')));
  EXPECT_FALSE(Slug::parse(std::string(64, 'a')));
}

TEST(Codec, KeepsTheFirstHundredErrors) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text.back() = '}';
  EXPECT_EQ(problems<Rule>(text).size(), FieldErrors::kMax);
  std::string items = "[0";
  for (int i = 0; i < 1000; ++i) items += ",0";
  EXPECT_EQ(problems<std::vector<Rule>>(items + "]").size(), FieldErrors::kMax);
}

TEST(Codec, SplicesRawTextIn) {
  EXPECT_EQ(encode(One<Raw>{{R"({"a":[1]})"}}), R"({"x":{"a":[1]}})");
  EXPECT_EQ(encode(One<Raw>{}), R"({"x":null})");
  EXPECT_EQ(decode_text<One<Raw>>(R"({"x": {"a": 1.0}})")->x.text, R"({"a":1.0})");
}

TEST(Codec, ThrowsOnWhatJsonCannotSay) {
  EXPECT_THROW(encode(One<Color>{static_cast<Color>(99)}), Failure);
  EXPECT_THROW(encode(One<double>{std::numeric_limits<double>::infinity()}), Failure);
  EXPECT_THROW(to_value(One<Raw>{{"{"}}), Failure);
}

TEST(Codec, MalformedTextIsNotAValidationError) {
  EXPECT_EQ(decode_text<Rule>("{").error().code, ErrorCode::malformed_json);
}

struct Query {
  Defaulted<Int<1, 200>> limit = 50;
  std::optional<bool> archived;
  std::optional<Color> color;
  std::optional<RuleId> id;
  std::optional<Timestamp> since;
  std::optional<Text<1, 4>> search;
  std::vector<int> tag;
  std::optional<double> real;
};
BOOST_DESCRIBE_STRUCT(Query, (), (limit, archived, color, id, since, search, tag, real))

struct Path {
  RuleId rule_id;
};
BOOST_DESCRIBE_STRUCT(Path, (), (rule_id))

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> query_problems(const Pairs& pairs) {
  auto result = decode_strings<Query>(pairs, "?");
  std::vector<std::string> out;
  if (!result)
    for (const auto& field : result.error().fields) out.push_back(field.pointer + " " + field.code);
  return out;
}

TEST(Parameters, AreReadFromTheirTextForm) {
  auto query = decode_strings<Query>(Pairs{{"limit", "7"},
                                           {"archived", "true"},
                                           {"color", "delete"},
                                           {"id", "01890a5d-ac96-774b-bcce-b302099a8057"},
                                           {"since", "2026-01-02T03:04:05+01:00"},
                                           {"search", "123"},
                                           {"tag", "1"},
                                           {"tag", "-2"},
                                           {"real", "2.5e1"}},
                                     "?");
  ASSERT_TRUE(query) << query.error().fields.at(0).pointer;
  EXPECT_EQ(query->limit.value(), 7);
  EXPECT_EQ(query->archived, true);
  EXPECT_EQ(query->color, Color::delete_);
  EXPECT_EQ(query->search->str(), "123");
  EXPECT_THAT(query->tag, ElementsAre(1, -2));
  EXPECT_EQ(query->real, 25.0);
  EXPECT_EQ(to_rfc3339(*query->since), "2026-01-02T02:04:05.000000Z");
  EXPECT_EQ(decode_strings<Query>(Pairs{}, "?")->limit.value(), 50);
}

TEST(Parameters, AreRefusedWithTheirPointer) {
  EXPECT_THAT(query_problems({{"limit", "0"}}), ElementsAre("?limit too_small"));
  for (auto text :
       {"abc", "", " 7", "7 ", "07", "+7", "1.5", "0x7", "null", "[1]", "\"7\"", "99999999999999999999999"})
    EXPECT_THAT(query_problems({{"limit", text}}), ElementsAre("?limit wrong_type")) << text;
  EXPECT_THAT(query_problems({{"limit", "1"}, {"limit", "2"}}), ElementsAre("?limit duplicate"));
  EXPECT_THAT(query_problems({{"archived", "1"},
                              {"color", "x"},
                              {"id", "x"},
                              {"since", ""},
                              {"search", "\xff"},
                              {"tag", "x"},
                              {"nope", ""}}),
              ElementsAre("?archived wrong_type", "?color not_in_enum", "?id bad_format", "?since bad_format",
                          "?search bad_format", "?tag/0 wrong_type", "?nope unknown_field"));
  auto path = decode_strings<Path>(Pairs{{"rule_id", "x"}}, "{");
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().fields.at(0).pointer, "{rule_id}");
  EXPECT_EQ(decode_strings<Path>(Pairs{}, "{").error().fields.at(0).code, "required");
}

struct Money {
  std::int64_t micros = 0;
};
struct Locale {
  std::string text;
  static std::optional<Locale> parse(std::string_view text) {
    return text.size() == 2 ? std::optional(Locale{std::string(text)}) : std::nullopt;
  }
  std::string to_string() const { return text; }
};

}  // namespace

template <>
struct Codec<Money> : MemberCodec<&Money::micros> {};
template <>
struct Codec<Locale> : TextCodec<Locale> {
  static constexpr std::string_view kWhat = "a language of two letters";
  static constexpr std::string_view kFormat = "";
};

namespace {

TEST(Codec, TakesTypesFromOutside) {
  EXPECT_EQ(encode(*decode_text<One<Money>>(R"({"x":5})")), R"({"x":5})");
  EXPECT_EQ(encode(*decode_text<One<Locale>>(R"({"x":"en"})")), R"({"x":"en"})");
  EXPECT_THAT(problems_of<Locale>(R"("eng")"), ElementsAre("/x bad_format"));
  EXPECT_THAT(problems_of<Money>(R"("eng")"), ElementsAre("/x wrong_type"));
}

TEST(Codec, RandomValuesRoundTrip) {
  std::mt19937_64 random(3);
  auto text = [&](std::size_t max) {
    static const std::string kParts[] = {"a", "\"", "\\", "\n", "\x01", "é", "€", "😀", "/", "\x7f"};
    std::string out;
    for (auto count = random() % (max + 1); count > 0; --count) out += kParts[random() % std::size(kParts)];
    return out;
  };
  for (int i = 0; i < 2'000; ++i) {
    Everything value;
    value.kind = text(20);
    value.flag = random() % 2 == 0;
    value.tiny = static_cast<std::int8_t>(random());
    value.large = random();
    value.real = static_cast<double>(random()) / 3.0;
    if (random() % 2 == 0) value.note = text(20);
    for (auto count = random() % 4; count > 0; --count)
      value.rules.push_back({.name = "a" + text(4), .color = static_cast<Color>(random() % 3)});
    for (auto count = random() % 4; count > 0; --count)
      value.counts[text(5)] = static_cast<std::int64_t>(random());
    value.id = RuleId::make();
    value.at = Timestamp{std::chrono::microseconds{random() % 4'000'000'000'000'000}};
    value.any = text(5);
    value.limit = static_cast<std::int64_t>(random() % 200 + 1);
    if (random() % 2 == 0) value.maybe.emplace(true);
    if (random() % 2 == 0) value.patch = text(5);
    auto encoded = encode(value);
    auto decoded = decode_text<Everything>(encoded);
    ASSERT_TRUE(decoded) << encoded;
    ASSERT_EQ(encode(*decoded), encoded);
    ASSERT_EQ(decoded->rules, value.rules);
    ASSERT_EQ(decoded->counts, value.counts);
    ASSERT_EQ(decoded->real, value.real);
    ASSERT_EQ(decoded->kind, value.kind);
  }
}

}  // namespace
}  // namespace gatehouse::json
