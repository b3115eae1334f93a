// What bodies and PATCH operations make of users and groups.
#include "scim/patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/codec.h"
#include "scim/projection.h"

namespace gatehouse::scim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kA = "00000000-0000-7000-8000-00000000000a";
constexpr std::string_view kB = "00000000-0000-7000-8000-00000000000b";
const UserId a = UserId::parse(kA).value(), b = UserId::parse(kB).value();

UserResource ana() {
  return {.user_name = "ana@acme.test", .external_id = "x1", .given_name = "Ana", .family_name = "Silva"};
}

std::string patch_of(std::string_view operations) {
  return R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":)" +
         std::string(operations) + "}";
}

Result<UserResource> patched(std::string_view operations, UserResource user = ana()) {
  GH_TRY(auto list, read_patch(patch_of(operations)));
  GH_CHECK(apply_patch(user, list));
  return user;
}

std::string type_of(const auto& result) {
  return result ? "" : result.error().fields.at(0).code;
}

Result<GroupChange> group_patched(std::string_view operations) {
  GH_TRY(auto list, read_patch(patch_of(operations)));
  return group_change(list);
}

TEST(Patch, TakesEntrasCapitalsAndTexts) {
  EXPECT_FALSE(patched(R"([{"op":"Replace","path":"active","value":"False"}])")->active);
  EXPECT_TRUE(patched(R"([{"op":"Add","path":"active","value":"True"}])")->active);
  auto user = patched(R"([{"op":"Add","path":"displayName","value":"Ana S"},
                          {"op":"Replace","path":"name.familyName","value":"Souza"},
                          {"op":"Add","path":"emails[type eq \"work\"].value","value":"Ana.S@Acme.test"}])")
                  .value();
  EXPECT_EQ(user.display_name, "Ana S");
  EXPECT_EQ(user.family_name, "Souza");
  EXPECT_EQ(user.given_name, "Ana");
  EXPECT_EQ(user.email, "ana.s@acme.test");
}

TEST(Patch, TakesOktasObjectWithoutAPath) {
  EXPECT_FALSE(patched(R"([{"op":"replace","value":{"active":false}}])")->active);
}

TEST(Patch, TakesPathsAsNamesOfAnObject) {
  auto user = patched(R"([{"op":"replace","value":{"name.givenName":"Bea","unknown":1,
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Sales"}}])")
                  .value();
  EXPECT_EQ(user.given_name, "Bea");
  EXPECT_EQ(user.family_name, "Silva");
}

TEST(Patch, RemovesWhatMayBeAbsentAndNothingElse) {
  auto user =
      patched(R"([{"op":"remove","path":"externalId"},{"op":"remove","path":"name.givenName"}])").value();
  EXPECT_EQ(user.external_id, std::nullopt);
  EXPECT_EQ(user.given_name, std::nullopt);
  EXPECT_EQ(patched(R"([{"op":"remove","path":"name"}])")->family_name, std::nullopt);
  EXPECT_EQ(type_of(patched(R"([{"op":"remove","path":"userName"}])")), "mutability");
  EXPECT_EQ(type_of(patched(R"([{"op":"remove","path":"active"}])")), "mutability");
  EXPECT_EQ(type_of(patched(R"([{"op":"remove"}])")), "noTarget");
}

TEST(Patch, KeepsOneAddressThatOfWork) {
  auto given = [](std::string_view emails) {
    return patched(R"([{"op":"replace","path":"emails","value":)" + std::string(emails) + "}]").value().email;
  };
  EXPECT_EQ(given(R"([{"value":"h@a.test","type":"home"},{"value":"w@a.test","type":"work"}])"), "w@a.test");
  EXPECT_EQ(given(R"([{"value":"h@a.test","primary":true},{"value":"w@a.test","type":"work"}])"), "h@a.test");
  EXPECT_EQ(given(R"([{"value":"ana@acme.test"}])"), std::nullopt) << "it says nothing new";
  EXPECT_EQ(given("[]"), std::nullopt);
  EXPECT_EQ(patched(R"([{"op":"add","path":"emails[type eq \"home\"].value","value":"h@a.test"}])")->email,
            std::nullopt);
}

TEST(Patch, OfAnotherUserNameTakesTheAddressAlong) {
  auto user = ana();
  user.email = "other@acme.test";
  auto moved = patched(R"([{"op":"replace","path":"userName","value":"Other@acme.test"}])", user).value();
  EXPECT_EQ(moved.user_name, "other@acme.test");
  EXPECT_EQ(moved.email, std::nullopt);
}

TEST(Patch, PassesOverWhatIsNotKeptAndNeverTakesARole) {
  EXPECT_EQ(patched(R"([{"op":"add","path":"roles","value":[{"value":"OA"}]},
                        {"op":"add","path":"password","value":"secret"},
                        {"op":"add","path":"phoneNumbers[type eq \"work\"].value","value":"1"}])"),
            ana());
}

TEST(Patch, NamesWhatIsWrong) {
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"favourite","value":1}])")), "invalidPath");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"emails[","value":1}])")), "invalidPath");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"id","value":"x"}])")), "mutability");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"groups","value":[]}])")), "mutability");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"active","value":"maybe"}])")), "invalidValue");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"userName","value":"no address"}])")), "invalidValue");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"displayName","value":"a\nb"}])")), "invalidValue");
  EXPECT_EQ(type_of(patched(R"([{"op":"replace","path":"displayName"}])")), "invalidValue");
  EXPECT_EQ(type_of(patched(R"([{"op":"move","path":"displayName"}])")), "invalidSyntax");
  EXPECT_EQ(type_of(patched("[]")), "invalidSyntax");
  EXPECT_EQ(type_of(read_patch("{")), "invalidSyntax");
  EXPECT_EQ(type_of(read_patch(R"({"schemas":["urn:other"],"Operations":[]})")), "invalidSyntax");
  std::string many = "[";
  for (std::size_t i = 0; i <= kMaxOperations; ++i)
    many += std::string(i ? "," : "") + R"({"op":"remove","path":"x"})";
  EXPECT_EQ(type_of(read_patch(patch_of(many + "]"))), "tooMany");
}

TEST(Users, AreReadWithNamesInAnyCase) {
  auto user =
      read_user(R"({"SCHEMAS":["urn:ietf:params:scim:schemas:core:2.0:User"],"username":"Ana@ACME.test",
      "Active":"False","name":{"GivenName":"Ana"},"emails":[{"value":"ana@acme.test","primary":true}]})")
          .value();
  EXPECT_EQ(user.user_name, "ana@acme.test");
  EXPECT_FALSE(user.active);
  EXPECT_EQ(user.given_name, "Ana");
  EXPECT_EQ(user.email, std::nullopt);
  EXPECT_EQ(type_of(read_user("{}")), "invalidValue");
  EXPECT_EQ(type_of(read_user("[]")), "invalidSyntax");
  EXPECT_EQ(type_of(read_user(R"({"schemas":["urn:x"],"userName":"a@b.test"})")), "invalidSyntax");
}

TEST(Users, AreReplacedWholeButForTheirActivity) {
  auto before = ana();
  before.active = false;
  auto after = replace_user(R"({"userName":"ana@acme.test"})", before).value();
  EXPECT_EQ(after, (UserResource{.user_name = "ana@acme.test", .active = false}));
}

TEST(Users, AreCalledWhatComesNearestToAName) {
  EXPECT_EQ(name_of(ana()), "Ana Silva");
  EXPECT_EQ(name_of({.user_name = "ana@acme.test"}), "ana");
  EXPECT_EQ(name_of({.user_name = "ana@acme.test", .family_name = "Silva"}), "Silva");
  auto formal = ana();
  formal.formatted_name = "Dr. Ana Silva";
  EXPECT_EQ(name_of(formal), "Dr. Ana Silva");
  formal.display_name = "Ana";
  EXPECT_EQ(name_of(formal), "Ana");
}

TEST(Users, HaveAVersionThatChangesWithWhatIsShown) {
  ShownUser shown{.id = a, .said = ana(), .name = "Ana"};
  auto before = version_of(shown);
  EXPECT_TRUE(before.starts_with("W/\""));
  EXPECT_EQ(version_of(shown), before);
  shown.said.active = false;
  EXPECT_NE(version_of(shown), before);
  shown.said.active = true;
  shown.groups.push_back({GroupId::make(), "Sales"});
  EXPECT_NE(version_of(shown), before);
}

TEST(Groups, LoseTheMembersThatEntraNamesInTheValue) {
  auto change =
      group_patched(R"([{"op":"Remove","path":"members","value":[{"value":")" + std::string(kA) + R"("}]}])")
          .value();
  EXPECT_FALSE(change.clears_members);
  EXPECT_THAT(change.remove, ElementsAre(a));
}

TEST(Groups, LoseTheMemberThatAFilterNames) {
  auto change =
      group_patched(R"([{"op":"remove","path":"members[value eq \")" + std::string(kA) + R"(\"]"}])").value();
  EXPECT_THAT(change.remove, ElementsAre(a));
  EXPECT_FALSE(change.clears_members);
  EXPECT_EQ(type_of(group_patched(R"([{"op":"remove","path":"members[display eq \"x\"]"}])")), "invalidPath");
}

TEST(Groups, AreEmptiedOnlyWithoutAnyName) {
  auto change = group_patched(R"([{"op":"remove","path":"members"}])").value();
  EXPECT_TRUE(change.clears_members);
  EXPECT_THAT(change.add, IsEmpty());
}

TEST(Groups, TakeTheLastWordOnEachMember) {
  auto id = [](std::string_view text) { return R"([{"value":")" + std::string(text) + R"("}])"; };
  auto change = group_patched(R"([{"op":"add","path":"members","value":)" + id(kA) +
                              R"(},{"op":"remove","path":"members","value":)" + id(kA) +
                              R"(},{"op":"add","path":"members","value":)" + id(kB) + "}]")
                    .value();
  EXPECT_THAT(change.add, ElementsAre(b));
  EXPECT_THAT(change.remove, ElementsAre(a));
  auto replaced = group_patched(R"([{"op":"add","path":"members","value":)" + id(kA) +
                                R"(},{"op":"replace","value":{"members":)" + id(kB) + "}}]")
                      .value();
  EXPECT_TRUE(replaced.clears_members);
  EXPECT_THAT(replaced.add, ElementsAre(b));
}

TEST(Groups, AreReadWholeAndHaveNoGroupsInThem) {
  auto change = read_group(R"({"displayName":"Sales","externalId":"g1","members":[{"value":")" +
                           std::string(kA) + R"("}]})")
                    .value();
  EXPECT_EQ(change.display_name, "Sales");
  EXPECT_TRUE(change.clears_members);
  EXPECT_THAT(change.add, ElementsAre(a));
  auto whole = read_group(R"({"displayName":"Sales"})").value();
  EXPECT_TRUE(whole.external_id && !*whole.external_id) << "what PUT does not name is cleared";
  EXPECT_EQ(type_of(read_group(R"({"members":[]})")), "invalidValue");
  EXPECT_EQ(type_of(read_group(R"({"displayName":"a","members":[{"value":"x"}]})")), "invalidValue");
  EXPECT_EQ(type_of(read_group(R"({"displayName":"a","members":[{"type":"Group","value":")" +
                               std::string(kA) + R"("}]})")),
            "invalidValue");
}

TEST(Projection, ShowsWhatIsNamedOrWhatIsNotExcluded) {
  auto shown = [](std::optional<std::string_view> only, std::optional<std::string_view> excluded) {
    auto user = to_json(ShownUser{.id = a, .said = ana(), .name = "Ana"}, "https://x.test/scim/v2");
    Projection::parse(only, excluded)->apply(user);
    std::vector<std::string> keys;
    for (const auto& member : user) keys.emplace_back(member.key());
    return keys;
  };
  EXPECT_THAT(shown("userName", std::nullopt), ElementsAre("schemas", "id", "userName"));
  EXPECT_THAT(shown("name.givenName,ACTIVE", std::nullopt), ElementsAre("schemas", "id", "name", "active"));
  EXPECT_THAT(shown(std::nullopt, "id,emails,groups,meta"),
              ElementsAre("schemas", "id", "userName", "externalId", "name", "displayName", "active"));
  EXPECT_FALSE(Projection::parse("a", "b"));
  EXPECT_FALSE(Projection::parse("a[b pr]", std::nullopt));
}

}  // namespace
}  // namespace gatehouse::scim
