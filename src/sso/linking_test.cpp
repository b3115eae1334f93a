#include "sso/linking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::sso {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ProviderRow row(bool has_rules = true) {
  ProviderRow made{
      .issuer = "https://idp.test", .claims = {json::encode(ClaimNames{})}, .mapping = {R"({})"}};
  made.mapping = {has_rules ? R"({"default_role":"UR","rules":[{"group":"staff"}]})"
                            : R"({"default_role":"UR","rules":[]})"};
  return made;
}

json::Object object(std::string_view text) {
  return json::parse(text).value().get_object();
}

TEST(Claims, AddressAndItsProofComeFromOneDocument) {
  auto id_token = object(R"({"sub":"1","email":"a@evil.test"})");
  auto userinfo = object(R"({"sub":"1","email":"b@acme.test","email_verified":true})");
  auto claimed = read_claims(row(), id_token, userinfo).value();
  EXPECT_EQ(claimed.email, "a@evil.test");
  EXPECT_FALSE(claimed.email_verified);
  claimed = read_claims(row(), object(R"({"sub":"1","email_verified":true})"),
                        object(R"({"sub":"1","email":"B@Acme.Test"})"))
                .value();
  EXPECT_EQ(claimed.email, "b@acme.test");
  EXPECT_FALSE(claimed.email_verified);
}

TEST(Claims, AnAddressIsVerifiedWhenItIsSaidToBeAndNotOtherwise) {
  auto verified = [](std::string_view value) {
    return read_claims(
               row(),
               object(R"({"sub":"1","email":"a@acme.test","email_verified":)" + std::string(value) + "}"), {})
        .value()
        .email_verified;
  };
  EXPECT_TRUE(verified("true"));
  EXPECT_TRUE(verified(R"("true")"));
  for (auto no : {"false", "null", "1", R"("1")", R"("yes")", R"("TRUE")", "[true]", "{}"})
    EXPECT_FALSE(verified(no)) << no;
}

TEST(Claims, GroupsThatCannotBeReadWholeRefuseTheSignIn) {
  EXPECT_THAT(read_claims(row(), object(R"({"sub":"1","groups":["a","b"]})"), {})->groups,
              ElementsAre("a", "b"));
  EXPECT_THAT(read_claims(row(), object(R"({"sub":"1"})"), {})->groups, IsEmpty());
  EXPECT_EQ(read_claims(row(), object(R"({"sub":"1","groups":[1]})"), {}).error().code, "groups_invalid");
  EXPECT_EQ(read_claims(row(), object(R"({"sub":"1","_claim_names":{"groups":"src1"}})"), {}).error().code,
            "groups_incomplete");
  EXPECT_TRUE(read_claims(row(false), object(R"({"sub":"1","groups":[1]})"), {}).has_value())
      << "where no group matters none is read";
}

TEST(Claims, ANameThatNobodyCouldReadIsNone) {
  EXPECT_EQ(read_claims(row(), object(R"({"sub":"1","name":"Ada"})"), {})->name, "Ada");
  EXPECT_EQ(read_claims(row(), object(R"({"sub":"1","name":"a\nb"})"), {})->name, "");
  EXPECT_EQ(
      read_claims(row(), object(R"({"sub":"1","name":7})"), object(R"({"sub":"1","name":"Ada"})"))->name,
      "Ada");
}

TEST(Claims, UserinfoIsAskedForWhatIsLacking) {
  EXPECT_TRUE(lacks_claims(row(), object(R"({"sub":"1","email":"a@acme.test"})")));
  EXPECT_FALSE(lacks_claims(row(), object(R"({"sub":"1","email":"a@acme.test","groups":[]})")));
  EXPECT_FALSE(lacks_claims(row(false), object(R"({"sub":"1","email":"a@acme.test"})")));
}

}  // namespace
}  // namespace gatehouse::sso
