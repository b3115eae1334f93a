#include "crypto/token.h"

#include <set>

#include <gtest/gtest.h>

#include "base/error.h"

namespace gatehouse::crypto {
namespace {

TokenAddress address(TokenKind kind = TokenKind::api_key) {
  return {.kind = kind, .region = "us", .organization = Uuid::v7(), .id = Uuid::v7()};
}

TEST(Token, SaysWhereItBelongsWithoutADatabase) {
  IssuedToken issued = issue_token(address());
  auto presented = parse_token(TokenKind::api_key, issued.text.reveal());
  ASSERT_TRUE(presented);
  EXPECT_EQ(presented->address, issued.address);
  EXPECT_TRUE(matches(*presented, issued.stored));
}

TEST(Token, HasTheShapeThatScannersLookFor) {
  IssuedToken key = issue_token(address());
  EXPECT_EQ(key.text.size(), 99u);
  EXPECT_TRUE(key.text.reveal().starts_with("gh_us_"));
  EXPECT_EQ(
      key.text.reveal().find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
      std::string_view::npos);
  EXPECT_EQ(key.hint, "gh_us_…" + key.text.last_four());
  EXPECT_TRUE(issue_token(address(TokenKind::session)).text.reveal().starts_with("ghs_us_"));
}

TEST(Token, AcceptsAnAccountWithoutOrganization) {
  IssuedToken issued =
      issue_token({.kind = TokenKind::session, .region = "us", .organization = Uuid{}, .id = Uuid::v7()});
  auto presented = parse_token(TokenKind::session, issued.text.reveal());
  ASSERT_TRUE(presented);
  EXPECT_TRUE(presented->address.organization.is_nil());
}

TEST(Token, OfOneKindIsNotAcceptedAsTheOther) {
  EXPECT_FALSE(parse_token(TokenKind::session, issue_token(address(TokenKind::api_key)).text.reveal()));
  EXPECT_FALSE(parse_token(TokenKind::api_key, issue_token(address(TokenKind::session)).text.reveal()));
}

TEST(Token, IsDifferentEachTimeForTheSameAddress) {
  TokenAddress same = address();
  std::set<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.insert(std::string(issue_token(same).text.reveal()));
  EXPECT_EQ(texts.size(), 100u);
}

TEST(Token, DoesNotMatchAnotherOfTheSameAddress) {
  TokenAddress same = address();
  IssuedToken first = issue_token(same), second = issue_token(same);
  EXPECT_FALSE(matches(*parse_token(TokenKind::api_key, first.text.reveal()), second.stored));
}

TEST(Token, RefusesEveryChangedCharacterAndEveryTruncation) {
  std::string text(issue_token(address()).text.reveal());
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (char c : {'0', 'z', '_', ' ', '\0', '-'}) {
      if (text[at] == c) continue;
      std::string altered = text;
      altered[at] = c;
      EXPECT_FALSE(parse_token(TokenKind::api_key, altered)) << at << " " << c;
    }
    EXPECT_FALSE(parse_token(TokenKind::api_key, std::string_view(text).substr(0, at))) << at;
  }
  EXPECT_FALSE(parse_token(TokenKind::api_key, text + "0"));
  EXPECT_FALSE(parse_token(TokenKind::api_key, " " + text));
}

TEST(Token, RefusesMalformedText) {
  for (std::string_view text :
       {"", "gh_", "gh_us", "gh_us_", "gh__", "gh_us__", "GH_us_", "sk-1234", "Bearer gh_us_", "gh_US_0_0",
        "gh_\xff\xff_", "gh_averyveryverylongregion_0_0"})
    EXPECT_FALSE(parse_token(TokenKind::api_key, text)) << text;
  EXPECT_FALSE(parse_token(TokenKind::api_key, "gh_us_" + std::string(43, 'z') + "_" + std::string(49, 'z')));
  EXPECT_FALSE(parse_token(TokenKind::api_key, std::string(100'000, 'g')));
}

TEST(Token, CarriesASealThatOnlyItsKeyMakes) {
  auto key = Secret::copy_of("one key"), other = Secret::copy_of("another");
  auto sealed = issue_sealed_token(address(TokenKind::session), key);
  auto text = sealed.text.reveal();
  auto presented = parse_token(TokenKind::session, text);
  ASSERT_TRUE(presented);
  EXPECT_TRUE(matches(*presented, sealed.stored));
  EXPECT_TRUE(carries_seal(text, key));
  EXPECT_FALSE(carries_seal(text, other));
  EXPECT_FALSE(carries_seal(issue_token(address(TokenKind::session)).text.reveal(), key));
  // The seal of one address does not fit another.
  auto elsewhere = issue_sealed_token(address(TokenKind::session), key);
  auto secret_at = text.rfind('_');
  EXPECT_FALSE(carries_seal(std::string("ghs_eu") + std::string(text.substr(6)), key));
  EXPECT_NE(elsewhere.text.reveal().substr(secret_at), text.substr(secret_at));
  EXPECT_FALSE(carries_seal("", key));
}

TEST(Token, CannotBeIssuedForARegionThatCouldNotBeRead) {
  for (const char* region : {"", "u", "US", "us_east", "us-east", "seventeenletters1"}) {
    TokenAddress wrong = address();
    wrong.region = region;
    EXPECT_THROW(issue_token(wrong), Failure) << region;
  }
}

}  // namespace
}  // namespace gatehouse::crypto
