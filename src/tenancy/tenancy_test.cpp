// E-mail addresses and cursors: the pure parts of tenancy.
#include <gtest/gtest.h>

#include "tenancy/demo_seed.h"
#include "tenancy/email_directory.h"
#include "tenancy/lifecycle.h"
#include "tenancy/name_page.h"
#include "tenancy/tenants_store.h"

namespace gatehouse::tenancy {
namespace {

access::NodeSecrets secrets() {
  access::NodeSecrets made;
  made.email_hashes = crypto::Secret::copy_of("a key of thirty-two bytes, or so");
  return made;
}

TEST(EmailDirectory, NormalisesTheWholeAddress) {
  EXPECT_EQ(normalize_email("Ada.Admin@ACME.test"), "ada.admin@acme.test");
  EXPECT_EQ(normalize_email("not an address"), std::nullopt);
  EXPECT_EQ(normalize_email(""), std::nullopt);
}

TEST(EmailDirectory, HashesDependOnKeyAddressAndKind) {
  auto one = secrets();
  access::NodeSecrets other;
  other.email_hashes = crypto::Secret::copy_of("another key of thirty-two bytes.");
  EXPECT_EQ(email_hash(one, "a@b.test"), email_hash(one, "a@b.test"));
  EXPECT_NE(email_hash(one, "a@b.test"), email_hash(one, "b@b.test"));
  EXPECT_NE(email_hash(one, "a@b.test"), email_hash(other, "a@b.test"));
  EXPECT_NE(email_hash(one, "10.0.0.1"), network_address_hash(one, "10.0.0.1"));
}

TEST(NameCursor, SurvivesTheRoundTripWhateverTheName) {
  for (std::string name : {"", "Ada", "|,'\"\n", "ação 🔒"}) {
    NamePlace place{Uuid::v7(), name};
    auto back = parse_cursor(to_cursor(place));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->id, place.id);
    EXPECT_EQ(back->name, name);
  }
  EXPECT_FALSE(parse_cursor("short"));
}

TEST(DemoSeed, NamesAnOwnerFirstInEveryOrganization) {
  std::string organization;
  for (const auto& account : demo_accounts()) {
    if (account.organization.empty()) {
      EXPECT_EQ(account.role, RoleCode::MS);
    } else if (account.organization != organization) {
      EXPECT_EQ(account.role, RoleCode::OA) << account.organization;
      organization = account.organization;
    }
    EXPECT_TRUE(normalize_email(account.email)) << account.email;
    EXPECT_GE(account.password.size(), 12U) << account.email;
  }
}

TEST(Slugs, AreMadeOfNames) {
  EXPECT_EQ(slug_of("Acme"), "acme");
  EXPECT_EQ(slug_of("  Ação & Cia. São-João 3 "), "acao-cia-sao-joao-3");
  EXPECT_EQ(slug_of("日本"), "tenant");
  EXPECT_EQ(slug_of(std::string(300, 'a')).size(), 50U);
  EXPECT_TRUE(json::Slug::parse(slug_of(std::string(49, 'a') + " & b")).has_value());
}

TEST(Words, BecomeAQueryThatNothingTypedCanBreak) {
  EXPECT_EQ(words_query("Acme corp"), "'Acme':* & 'corp':*");
  EXPECT_EQ(words_query(" '|&!:*\\ "), "");
  EXPECT_EQ(words_query("a'b"), "'a':* & 'b':*");
  EXPECT_EQ(words_query("1 2 3 4 5 6 7 8 9 10"),
            "'1':* & '2':* & '3':* & '4':* & '5':* & '6':* & '7':* & '8':*");
}

TEST(Lifecycle, IsTheTableOfItsSeed) {
  using enum TenantStatus;
  EXPECT_TRUE(may_follow(active, suspended) && may_follow(active, cancelled));
  EXPECT_TRUE(may_follow(suspended, active) && may_follow(suspended, cancelled));
  EXPECT_TRUE(may_follow(cancelled, active));
  EXPECT_FALSE(may_follow(cancelled, suspended));
  for (auto status : {active, suspended, cancelled}) EXPECT_FALSE(may_follow(status, status));
}

}  // namespace
}  // namespace gatehouse::tenancy
