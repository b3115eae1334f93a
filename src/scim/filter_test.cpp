// The grammar of filters and paths, and the SQL they become.
#include "scim/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/ids.h"
#include "scim/attributes.h"

namespace gatehouse::scim {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string sql_of(std::string_view text, const Resource& resource = kUsers) {
  auto filter = parse_filter(text);
  if (!filter) return "refused: " + filter.error().fields.at(0).code;
  auto params = pg::params(OrganizationId{});
  auto sql = to_sql(resource, *filter, params);
  return sql ? *sql : "refused: " + sql.error().fields.at(0).code;
}

std::string type_of(const Result<Filter>& result) {
  return result ? "" : result.error().fields.at(0).code;
}

TEST(Filter, BindsAndTighterThanOrAndNotTightest) {
  auto filter = parse_filter(R"(userName eq "a" or active eq true and not (displayName pr))").value();
  ASSERT_EQ(filter.kind, Filter::Kind::any);
  ASSERT_EQ(filter.parts.size(), 2U);
  EXPECT_EQ(filter.parts[0].kind, Filter::Kind::compare);
  ASSERT_EQ(filter.parts[1].kind, Filter::Kind::all);
  EXPECT_EQ(filter.parts[1].parts[1].kind, Filter::Kind::negated);
}

TEST(Filter, ComparesNamesAndOperatorsWithoutRegardToCase) {
  EXPECT_EQ(parse_filter(R"(USERNAME Eq "A" AND active EQ true)").value(),
            parse_filter(R"(userName eq "A" and active eq true)").value());
  EXPECT_EQ(parse_filter(R"(userName eq "A")")->literal, Literal(std::string("A")));
}

TEST(Filter, ReadsLiteralsAsJsonDoes) {
  EXPECT_EQ(parse_filter(R"(a eq "q\"\u00e9\\")")->literal, Literal(std::string("q\"é\\")));
  EXPECT_EQ(parse_filter("a eq null")->literal, Literal());
  EXPECT_EQ(parse_filter("a eq false")->literal, Literal(false));
  EXPECT_EQ(parse_filter("a gt 1.5")->literal, Literal(1.5));
}

TEST(Filter, RefusesWhatTheGrammarDoesNotHave) {
  for (auto text : {"",
                    " ",
                    "userName",
                    "userName eq",
                    "userName eq ",
                    "userName xx \"a\"",
                    "userName eq a",
                    "userName eq \"a",
                    "eq \"a\"",
                    "userName eq \"a\" and",
                    "and userName pr",
                    "(userName pr",
                    "userName pr)",
                    "userName eq \"a\" userName pr",
                    "userName eq {}",
                    "userName eq [1]",
                    "userName eq \"\\u0000\"",
                    "emails[type eq \"work\"",
                    "emails[]",
                    "not userName pr",
                    "user..name pr",
                    ".userName pr",
                    "1user pr",
                    "userName  pr \x01",
                    "a eq 'b'"})
    EXPECT_EQ(type_of(parse_filter(text)), "invalidFilter") << text;
}

TEST(Filter, IsBoundedInDepthLengthAndTerms) {
  auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "active eq true" + std::string(depth, ')');
  };
  EXPECT_TRUE(parse_filter(nested(kMaxFilterDepth)));
  EXPECT_EQ(type_of(parse_filter(nested(kMaxFilterDepth + 1))), "invalidFilter");
  EXPECT_EQ(type_of(parse_filter(std::string(100'000, '('))), "invalidFilter");
  std::string nots;
  for (int i = 0; i < 40; ++i) nots += "not (";
  EXPECT_EQ(type_of(parse_filter(nots)), "invalidFilter");
  auto terms = [](std::size_t count) {
    std::string text = "active pr";
    for (std::size_t i = 1; i < count; ++i) text += " or active pr";
    return text;
  };
  EXPECT_TRUE(parse_filter(terms(kMaxFilterTerms)));
  EXPECT_EQ(type_of(parse_filter(terms(kMaxFilterTerms + 1))), "invalidFilter");
  EXPECT_EQ(type_of(parse_filter("userName eq \"" + std::string(kMaxFilterBytes, 'a') + "\"")),
            "invalidFilter");
}

TEST(Filter, BecomesSqlWhoseTextIsOursAlone) {
  auto hostile = sql_of(R"(userName eq "x'; drop table users; --" or displayName co "$1 or true")");
  EXPECT_EQ(hostile,
            "(u.email = lower($2::text) or position(lower($3::text) in lower(coalesce(s.display_name, "
            "u.name))) > 0)");
  EXPECT_EQ(sql_of(R"(externalId ne "A")"), "s.external_id is distinct from $2::text");
  EXPECT_EQ(sql_of("not (externalId pr)"), "not coalesce(s.external_id is not null, false)");
  EXPECT_EQ(sql_of("externalId eq null"), "s.external_id is null");
  EXPECT_EQ(sql_of("active eq false"), "(m.is_active and u.is_active) = false");
  EXPECT_EQ(sql_of("active ne false"), "(m.is_active and u.is_active) = true");
  EXPECT_EQ(sql_of(R"(meta.lastModified gt "2026-11-20T10:00:00Z")"),
            "greatest(m.updated_at, u.updated_at, s.updated_at) > $2");
  EXPECT_EQ(sql_of(R"(emails[type eq "work" and value sw "a"])"),
            "(lower('work'::text) = lower($2::text) and starts_with(lower(coalesce(s.email, u.email)),"
            " lower($3::text)))");
}

TEST(Filter, OnAnIdThatIsNoneFindsNothing) {
  EXPECT_EQ(sql_of(R"(id eq "no-id")"), "false");
  EXPECT_EQ(sql_of(R"(id eq "00000000-0000-7000-8000-000000000001")"), "m.user_id = $2");
}

TEST(Filter, OnMembersAsksForOneOfThem) {
  auto flat = sql_of(R"(members.value eq "00000000-0000-7000-8000-000000000001")", kGroups);
  EXPECT_THAT(flat, HasSubstr("x.user_id = $2)"));
  EXPECT_EQ(sql_of(R"(members[value eq "00000000-0000-7000-8000-000000000001"])", kGroups), flat);
  EXPECT_EQ(sql_of(R"(members.value co "0")", kGroups), "refused: invalidFilter");
  EXPECT_THAT(sql_of("members pr", kGroups), Not(HasSubstr("refused")));
}

TEST(Filter, RefusesAttributesThatAreNotOfferedAndOperatorsThatTheyLack) {
  for (auto text :
       {R"(password eq "a")", R"(u.email eq "a")", R"(userName.x eq "a")", "active gt true",
        R"(active eq "a")", "userName eq true", R"(id gt "a")", R"(meta.created eq "yesterday")",
        R"(meta.created co "2026")", R"(urn:other:userName eq "a")", R"(emails[emails[type eq "a"]])",
        R"(emails[value.x eq "a"])", R"(urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "a")"})
    EXPECT_EQ(sql_of(text), "refused: invalidFilter") << text;
  EXPECT_EQ(sql_of(R"(urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a")"),
            sql_of(R"(userName eq "a")"));
}

TEST(Sorting, IsByTheSameAttributes) {
  EXPECT_EQ(sort_key(kUsers, "userName").value(), "u.email");
  EXPECT_EQ(sort_key(kGroups, "displayName").value(), "g.name");
  for (auto text : {"members", "u.email; drop", "emails[type pr]", ""})
    EXPECT_FALSE(sort_key(kGroups, text)) << text;
}

TEST(Paths, HaveAnAttributeAFilterAndASubAttribute) {
  auto path = parse_path(R"(emails[type eq "work"].value)").value();
  EXPECT_EQ(path.attribute.name, "emails");
  EXPECT_EQ(path.attribute.sub, "value");
  ASSERT_TRUE(path.element);
  EXPECT_EQ(path.element->attribute.name, "type");
  auto whole = parse_path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").value();
  EXPECT_EQ(whole.attribute.schema, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user");
  EXPECT_EQ(whole.attribute.name, "");
  auto part = parse_path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department").value();
  EXPECT_EQ(part.attribute.name, "department");
  for (auto text :
       {"", "emails[", "emails[type eq \"a\"]x", "emails[type eq \"a\"].", "name.a.b", "a b", "name["})
    EXPECT_EQ(parse_path(text).error().fields.at(0).code, "invalidPath") << text;
}

}  // namespace
}  // namespace gatehouse::scim
