// The parts of identity that need no database: which credential counts, rotation, tokens, revocations.
#include "identity/identity.h"

#include <gtest/gtest.h>

#include "crypto/jwt.h"
#include "identity/access_token.h"
#include "identity/credential.h"
#include "identity/me.h"
#include "identity/recent_revocations.h"
#include "identity/session.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;
using Kind = Credential::Kind;

http::Request request(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
  http::Request made;
  for (auto [name, value] : headers) made.headers.add(name, value);
  return made;
}

Kind kind_of(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
  return find_credential(request(headers), "gatehouse_session").value().kind;
}

TEST(Credential, IsTakenFromBearerThenKeyHeaderThenCookie) {
  EXPECT_EQ(kind_of({}), Kind::none);
  EXPECT_EQ(kind_of({{"cookie", "a=b; gatehouse_session=t"}}), Kind::session);
  EXPECT_EQ(kind_of({{"authorization", "Bearer gh_us_x"}}), Kind::api_key);
  EXPECT_EQ(kind_of({{"authorization", "bearer a.b.c"}}), Kind::access_token);
  EXPECT_EQ(kind_of({{"authorization", "Bearer ghd_us_x"}}), Kind::scim_token);
  EXPECT_EQ(kind_of({{"x-api-key", "gh_us_x"}}), Kind::api_key);
  EXPECT_EQ(kind_of({{"api-key", "gh_us_x"}}), Kind::api_key);
  EXPECT_EQ(kind_of({{"cookie", "gatehouse_session=t"}, {"authorization", "Bearer a.b.c"}}),
            Kind::access_token);
  EXPECT_EQ(kind_of({{"cookie", "gatehouse_session=t"}, {"x-api-key", "k"}}), Kind::api_key);
}

TEST(Credential, IgnoresTheCookieOfAnotherName) {
  EXPECT_EQ(kind_of({{"cookie", "__Host-gatehouse_session=t; other=1"}}), Kind::none);
}

TEST(Credential, RefusesWhatItCannotReadInsteadOfSkippingIt) {
  for (auto headers : {request({{"authorization", "Basic YTpi"}}), request({{"authorization", "Bearer "}}),
                       request({{"authorization", "Bearer a"}, {"authorization", "Bearer b"}}),
                       request({{"x-api-key", ""}}), request({{"x-api-key", "a"}, {"x-api-key", "b"}})}) {
    headers.headers.add("cookie", "gatehouse_session=good");
    auto found = find_credential(headers, "gatehouse_session");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::unauthenticated);
  }
}

struct RotationTest : testing::Test {
  crypto::Secret key = crypto::Secret::copy_of("a key of thirty-two bytes, or so.");
  SessionAddress at{.organization = OrganizationId::make(), .id = SessionId::make()};
  crypto::IssuedToken first = issue_session_token(key, at), second = issue_session_token(key, at);
  Timestamp start = gatehouse::now();
  RotationRules rules{15min, 60s};
  SessionRecord session{.token = first.stored, .rotated_at = start, .is_usable = true};

  Standing standing(const crypto::IssuedToken& token, std::chrono::seconds later) {
    auto presented = crypto::parse_token(crypto::TokenKind::session, token.text.reveal());
    return standing_of(session, presented.value(), rules, start + later);
  }
  void rotate(std::chrono::seconds when) {
    session.previous = std::exchange(session.token, second.stored);
    session.rotated_at = start + when;
    session.confirmed_at.reset();
  }
};

TEST_F(RotationTest, IsDueAfterAWhile) {
  EXPECT_EQ(standing(first, 0s), Standing::current);
  EXPECT_EQ(standing(first, 15min - 1s), Standing::current);
  EXPECT_EQ(standing(first, 15min), Standing::due);
  EXPECT_EQ(standing(second, 0s), Standing::refused);
}

TEST_F(RotationTest, KeepsTheOldTokenUntilTheNewOneWasSeenAndAGraceAfterwards) {
  rotate(20min);
  EXPECT_EQ(standing(first, 20min + 1s), Standing::superseded);
  EXPECT_EQ(standing(second, 20min + 1s), Standing::first_seen);
  session.confirmed_at = start + 21min;
  EXPECT_EQ(standing(second, 21min), Standing::current);
  EXPECT_EQ(standing(first, 21min + 59s), Standing::superseded);
  EXPECT_EQ(standing(first, 22min), Standing::refused);
}

TEST_F(RotationTest, RotatesAgainWhenTheAnswerWithTheNewTokenWasLost) {
  rotate(20min);
  EXPECT_EQ(standing(first, 20min + 59s), Standing::superseded);
  EXPECT_EQ(standing(first, 21min), Standing::due);
}

TEST(SessionCookie, IsHttpOnlyAndBoundToTheHostWhereItIsSecure) {
  auto token = crypto::Secret::copy_of("ghs_us_token");
  EXPECT_EQ(set_cookie(false, token, 60s),
            "gatehouse_session=ghs_us_token; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  EXPECT_EQ(set_cookie(true, token, 60s),
            "__Host-gatehouse_session=ghs_us_token; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax");
  EXPECT_TRUE(delete_cookie(true).starts_with("__Host-gatehouse_session=; Path=/; Max-Age=0"));
}

TEST(CsrfToken, IsTheSessionsOwnAndNeedsTheKey) {
  auto key = crypto::Secret::copy_of("one key"), other = crypto::Secret::copy_of("other key");
  auto session = SessionId::make();
  EXPECT_EQ(csrf_token(key, session), csrf_token(key, session));
  EXPECT_NE(csrf_token(key, session), csrf_token(key, SessionId::make()));
  EXPECT_NE(csrf_token(key, session), csrf_token(other, session));
}

struct AccessTokenTest : testing::Test {
  crypto::SigningKey key = crypto::SigningKey::generate();
  crypto::KeySet keys;
  AccessClaims claims{.user = UserId::make(),
                      .organization = OrganizationId::make(),
                      .region = Region::eu,
                      .session = SessionId::make(),
                      .role = RoleCode::WM};
  Timestamp start = gatehouse::now();

  AccessTokenTest() { keys.add(key.public_key()); }
};

TEST_F(AccessTokenTest, CarriesItsClaims) {
  auto token = issue_access_token(key, "https://us.example", claims, 600s, start);
  auto read = std::get<AccessClaims>(read_access_token(keys, "https://us.example", token, start).value());
  EXPECT_EQ(read.user, claims.user);
  EXPECT_EQ(read.organization, claims.organization);
  EXPECT_EQ(read.region, Region::eu);
  EXPECT_EQ(read.session, claims.session);
  EXPECT_EQ(read.role, RoleCode::WM);
  EXPECT_FALSE(read.is_super_admin);
  EXPECT_EQ(region_in(token), Region::eu);
}

TEST_F(AccessTokenTest, NamesNoOrganizationForAnOperator) {
  claims.organization = {};
  claims.region.reset();
  claims.is_super_admin = true;
  auto read = std::get<AccessClaims>(
      read_access_token(keys, "i", issue_access_token(key, "i", claims, 600s, start), start).value());
  EXPECT_TRUE(read.organization.is_nil());
  EXPECT_TRUE(read.is_super_admin);
}

TEST_F(AccessTokenTest, ExpiresAndBelongsToItsIssuer) {
  auto token = issue_access_token(key, "i", claims, 600s, start);
  EXPECT_EQ(read_access_token(keys, "i", token, start + 700s).error().code, ErrorCode::session_expired);
  EXPECT_EQ(read_access_token(keys, "j", token, start).error().code, ErrorCode::unauthenticated);
}

TEST_F(AccessTokenTest, RefusesOtherKeysAndOtherTokensOfTheSameKey) {
  auto stranger = crypto::SigningKey::generate();
  auto forged = issue_access_token(stranger, "i", claims, 600s, start);
  EXPECT_EQ(read_access_token(keys, "i", forged, start).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(region_in(forged), Region::eu) << "which is how its bearer is sent on";
  auto exp = std::chrono::duration_cast<std::chrono::seconds>(start.time_since_epoch()).count() + 60;
  auto other = crypto::sign(key, R"({"iss":"i","aud":"gatehouse","exp":)" + std::to_string(exp) + "}");
  EXPECT_EQ(read_access_token(keys, "i", other, start).error().code, ErrorCode::unauthenticated);
}

TEST(RegionInToken, SurvivesAnyText) {
  for (std::string_view text : {"", ".", "..", "a.b", "a.b.c", "a.e30.c", "\xff.\xff.\xff"})
    EXPECT_EQ(region_in(text), std::nullopt) << text;
  EXPECT_EQ(region_in(std::string(100'000, '.')), std::nullopt);
}

TEST(RecentRevocations, AreRememberedForAMoment) {
  RecentRevocations revocations;
  auto id = Uuid::v7();
  auto start = RecentRevocations::Clock::now();
  EXPECT_FALSE(revocations.contains(id, start));
  revocations.add(id, start);
  EXPECT_TRUE(revocations.contains(id, start + 9s));
  EXPECT_FALSE(revocations.contains(Uuid::v7(), start));
  EXPECT_FALSE(revocations.contains(id, start + 10s));
}

TEST(Language, IsOneTheConsoleSpeaks) {
  EXPECT_EQ(Language::parse("pt-BR")->to_string(), "pt-BR");
  EXPECT_FALSE(Language::parse("pt"));
  EXPECT_FALSE(Language::parse(""));
}

TEST(Identity, RefusesToStartWithoutAKeyOrWithTokensThatLiveLong) {
  EXPECT_THROW(Identity({}), Failure);
  IdentityOptions options;
  options.signing_key = std::make_shared<const crypto::SigningKey>(crypto::SigningKey::generate());
  options.access_token_lifetime = 601s;
  EXPECT_THROW(Identity(std::move(options)), Failure);
}

}  // namespace
}  // namespace gatehouse::identity
