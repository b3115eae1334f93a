#include "json/schema.h"

#include <gmock/gmock.h>

#include "json/bounded.h"
#include "json/codec.h"
#include "json/validator.h"

namespace gatehouse::json {
namespace {

enum class Color { red, delete_ };
BOOST_DESCRIBE_ENUM(Color, red, delete_)

struct Item {
  Text<1, 20> name;
  std::optional<Color> color;
  std::vector<Item> children;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, color, children))

template <class T>
struct Page {
  std::vector<T> data;
  std::optional<std::string> next_page_token;
  BOOST_DESCRIBE_CLASS(Page, (), (data, next_page_token), (), ())
};

struct Wide {
  std::int64_t a = 0;
  std::uint8_t b = 0;
  double c = 0;
  bool d = false;
  Uuid e;
  Timestamp f;
  Value g;
  Object h;
  Email i;
  Slug j;
  List<int, 3> k;
  std::map<std::string, bool> l;
  Defaulted<Int<1, 200>> m = 50;
  Patch<std::string> n;
  Omittable<Color> o;
  std::optional<Value> p;
};
BOOST_DESCRIBE_STRUCT(Wide, (), (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))

Value schema_named(const Components& components, std::string_view name) {
  return components.schemas().at(name);
}

TEST(Schema, RefersToStructsAndEnumsByName) {
  Components components;
  EXPECT_EQ(write(schema_of<Page<Item>>(components)), R"({"$ref":"#/components/schemas/Page_Item"})");
  auto schemas = components.schemas();
  EXPECT_EQ(schemas.size(), 3u);
  EXPECT_EQ(write(schemas.at("Color")), R"({"type":"string","enum":["red","delete"]})");
  EXPECT_EQ(write(schemas.at("Item")),
            R"({"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":20},)"
            R"("color":{"anyOf":[{"$ref":"#/components/schemas/Color"},{"type":"null"}]},)"
            R"("children":{"type":"array","items":{"$ref":"#/components/schemas/Item"}}},)"
            R"("required":["name","children"],"additionalProperties":false})");
}

TEST(Schema, StatesBoundsFormatsAndDefaults) {
  Components components;
  schema_of<Wide>(components);
  auto wide = schema_named(components, "Wide");
  auto property = [&](std::string_view name) { return write(wide.at("properties").at(name)); };
  EXPECT_EQ(property("a"), R"({"type":"integer","format":"int64"})");
  EXPECT_EQ(property("b"), R"({"type":"integer","minimum":0,"maximum":255})");
  EXPECT_EQ(property("e"), R"({"type":"string","format":"uuid"})");
  EXPECT_EQ(property("f"), R"({"type":"string","format":"date-time"})");
  EXPECT_EQ(property("g"), "{}");
  EXPECT_EQ(property("i"), R"({"type":"string","format":"email","maxLength":254})");
  EXPECT_EQ(
      property("k"),
      R"({"type":"array","items":{"type":"integer","minimum":-2147483648,"maximum":2147483647},"maxItems":3})");
  EXPECT_EQ(property("l"), R"({"type":"object","additionalProperties":{"type":"boolean"}})");
  EXPECT_EQ(property("m"), R"({"type":"integer","minimum":1,"maximum":200,"default":50})");
  EXPECT_EQ(property("n"), R"({"type":["string","null"],"maxLength":65536})");
  EXPECT_EQ(property("o"), R"({"$ref":"#/components/schemas/Color"})");
  EXPECT_EQ(property("p"), "{}");
  EXPECT_EQ(wide.at("required").as_array().size(), 12u);
}

namespace other {
struct Item {
  int x = 0;
};
BOOST_DESCRIBE_STRUCT(Item, (), (x))
}  // namespace other

TEST(Schema, ThrowsIfTwoTypesShareAName) {
  Components components;
  schema_of<Item>(components);
  EXPECT_NO_THROW(schema_of<Item>(components));
  EXPECT_THROW(schema_of<other::Item>(components), Failure);
}

template <class T>
Validator validator_of() {
  Components components;
  Value ref = schema_of<T>(components);
  return Validator::compile(
      Object{{"allOf", Array{ref}}, {"components", Object{{"schemas", components.schemas()}}}});
}

TEST(Schema, AcceptsWhatTheCodecWritesAndRefusesWhatItRefuses) {
  Wide wide;
  wide.e = Uuid::v7();
  wide.f = now();
  wide.i = *Email::parse("a@b.co");
  wide.j = *Slug::parse("a-b");
  auto validator = validator_of<Wide>();
  auto good = to_value(wide);
  auto errors = validator.validate(good);
  EXPECT_THAT(errors, testing::IsEmpty())
      << (errors.empty() ? "" : errors[0].pointer + " " + errors[0].message);
  ASSERT_TRUE(decode<Wide>(good));
  for (auto [name, bad] : std::initializer_list<std::pair<const char*, Value>>{{"a", 1.5},
                                                                               {"b", 256},
                                                                               {"c", "x"},
                                                                               {"d", 1},
                                                                               {"e", "x"},
                                                                               {"f", "x"},
                                                                               {"h", Array{}},
                                                                               {"i", "x"},
                                                                               {"j", "A"},
                                                                               {"k", Array{1, 2, 3, 4}},
                                                                               {"l", Object{{"x", 1}}},
                                                                               {"m", 0},
                                                                               {"n", 1},
                                                                               {"o", "blue"},
                                                                               {"o", nullptr},
                                                                               {"z", 1}}) {
    auto changed = good;
    changed.as_object()[name] = bad;
    EXPECT_THAT(validator.validate(changed), testing::Not(testing::IsEmpty())) << name;
    EXPECT_FALSE(decode<Wide>(changed)) << name;
  }
  EXPECT_THAT(
      validator_of<Item>().validate(*parse(R"({"name":"a","children":[{"name":"b","children":[]}]})")),
      testing::IsEmpty());
}

}  // namespace
}  // namespace gatehouse::json
