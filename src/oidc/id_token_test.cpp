#include "oidc/id_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "crypto/testing.h"

namespace gatehouse::oidc {
namespace {

using namespace std::chrono_literals;
using crypto::SignatureAlgorithm;
using crypto::testing::ProviderKey;

const Timestamp kNow = parse_rfc3339("2026-11-26T12:00:00Z").value();

std::int64_t at(std::chrono::seconds offset) {
  return std::chrono::floor<std::chrono::seconds>((kNow + offset).time_since_epoch()).count();
}

json::Object claims() {
  return {{"iss", "https://idp.test"}, {"aud", "gatehouse"}, {"sub", "subject-1"}, {"iat", at(-5s)},
          {"exp", at(5min)},           {"nonce", "n-1"}};
}

IdTokenExpectation expected() {
  return {.issuer = "https://idp.test",
          .client_id = "gatehouse",
          .nonce = "n-1",
          .access_token = "at",
          .now = kNow};
}

/// One key for all tests: making it takes longer than they do.
const ProviderKey& rsa() {
  static const ProviderKey key(SignatureAlgorithm::RS256);
  return key;
}
const KeySet& rsa_set() {
  static const KeySet set = KeySet::parse(rsa().jwks()).value();
  return set;
}

std::string_view verdict(const json::Object& said, IdTokenExpectation wanted = expected()) {
  auto checked = check_id_token(rsa_set(), rsa().sign(said), wanted);
  return checked ? "accepted" : to_string(checked.error());
}

json::Object with(std::string_view name, json::Value value) {
  auto said = claims();
  said[name] = std::move(value);
  return said;
}
json::Object without(std::string_view name) {
  auto said = claims();
  said.erase(name);
  return said;
}

TEST(IdToken, IsAcceptedUnderEachAlgorithmOfItsKey) {
  using enum SignatureAlgorithm;
  for (auto algorithm : {RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512}) {
    ProviderKey key(algorithm);
    auto checked = check_id_token(KeySet::parse(key.jwks()).value(), key.sign(claims()), expected());
    ASSERT_TRUE(checked) << crypto::to_string(algorithm) << ": " << to_string(checked.error());
    EXPECT_EQ(checked->at("sub"), "subject-1");
  }
}

TEST(IdToken, AKeyThatNamesNoAlgorithmIsForRS256OrForItsCurve) {
  auto unnamed = KeySet::parse(rsa().jwks(false)).value();
  EXPECT_TRUE(check_id_token(unnamed, rsa().sign(claims()), expected()));
  ProviderKey pss(SignatureAlgorithm::PS256), curve(SignatureAlgorithm::ES256);
  EXPECT_EQ(check_id_token(KeySet::parse(pss.jwks(false)).value(), pss.sign(claims()), expected()).error(),
            Refusal::algorithm_refused);
  EXPECT_TRUE(check_id_token(KeySet::parse(curve.jwks(false)).value(), curve.sign(claims()), expected()));
}

TEST(IdToken, TheHeaderHasNoSayInHowItIsVerified) {
  auto forged = [](std::string_view algorithm, std::string signature) {
    auto text = crypto::to_base64url(json::write(json::Object{{"alg", algorithm}, {"kid", "k1"}})) + "." +
                crypto::to_base64url(json::write(claims()));
    return text + "." + signature;
  };
  auto refused = [](const std::string& token) {
    auto checked = check_id_token(rsa_set(), token, expected());
    return checked ? "accepted" : to_string(checked.error());
  };
  EXPECT_EQ(refused(forged("none", "")), "algorithm_refused");
  EXPECT_EQ(refused(forged("None", "AAAA")), "algorithm_refused");
  // HMAC with the published key as its secret.
  auto secret = crypto::Secret::copy_of(rsa().jwks());
  auto text = forged("HS256", "");
  text.pop_back();
  EXPECT_EQ(refused(text + "." + crypto::to_base64url(crypto::hmac_sha256(secret, text))),
            "algorithm_refused");
  // A signature that is good, as another algorithm than the key's.
  EXPECT_EQ(refused(rsa().sign({{"alg", "PS256"}, {"kid", "k1"}}, claims())), "algorithm_refused");
  EXPECT_EQ(refused(rsa().sign({{"alg", "ES256"}, {"kid", "k1"}}, claims())), "algorithm_refused");
  EXPECT_EQ(refused(rsa().sign({{"kid", "k1"}}, claims())), "token_malformed");
  // A key that the token brings along.
  EXPECT_EQ(refused(rsa().sign({{"alg", "RS256"}, {"kid", "k1"}, {"jwk", rsa().jwk()}}, claims())),
            "token_malformed");
  EXPECT_EQ(refused(rsa().sign({{"alg", "RS256"}, {"kid", "k1"}, {"crit", json::Array{"x"}}}, claims())),
            "token_malformed");
  // An access token or a logout token under the same key.
  EXPECT_EQ(refused(rsa().sign({{"alg", "RS256"}, {"kid", "k1"}, {"typ", "at+jwt"}}, claims())),
            "token_malformed");
  EXPECT_EQ(refused(rsa().sign({{"alg", "RS256"}, {"kid", "k1"}, {"typ", "logout+jwt"}}, claims())),
            "token_malformed");
}

TEST(IdToken, IsSignedByThePublishedKeyOfThatName) {
  ProviderKey other(SignatureAlgorithm::RS256), renamed(SignatureAlgorithm::RS256, "k2");
  EXPECT_EQ(check_id_token(rsa_set(), other.sign(claims()), expected()).error(), Refusal::bad_signature);
  EXPECT_EQ(check_id_token(rsa_set(), renamed.sign(claims()), expected()).error(), Refusal::unknown_key);
  auto token = rsa().sign(claims());
  token[token.find('.') + 5] ^= 1;
  EXPECT_FALSE(check_id_token(rsa_set(), token, expected()));
  // Without a name any key of the algorithm may fit; if none does, the set may be an old one.
  EXPECT_TRUE(check_id_token(rsa_set(), rsa().sign({{"alg", "RS256"}}, claims()), expected()));
  EXPECT_EQ(check_id_token(rsa_set(), other.sign({{"alg", "RS256"}}, claims()), expected()).error(),
            Refusal::unknown_key);
}

TEST(IdToken, SaysWhoMadeItForWhom) {
  EXPECT_EQ(verdict(claims()), "accepted");
  EXPECT_EQ(verdict(with("iss", "https://idp.test/")), "wrong_issuer");
  EXPECT_EQ(verdict(with("iss", "https://evil.test")), "wrong_issuer");
  EXPECT_EQ(verdict(without("iss")), "wrong_issuer");
  EXPECT_EQ(verdict(with("aud", "another")), "wrong_audience");
  EXPECT_EQ(verdict(with("aud", json::Array{})), "wrong_audience");
  EXPECT_EQ(verdict(without("aud")), "wrong_audience");
  EXPECT_EQ(verdict(with("aud", json::Array{"gatehouse"})), "accepted");
  EXPECT_EQ(verdict(with("aud", json::Array{"gatehouse", "another"})), "wrong_party");
  EXPECT_EQ(verdict(with("azp", "another")), "wrong_party");
  auto shared = with("aud", json::Array{"another", "gatehouse"});
  shared["azp"] = "gatehouse";
  EXPECT_EQ(verdict(shared), "accepted");
}

TEST(IdToken, IsOfNowWithinAMinute) {
  EXPECT_EQ(verdict(with("exp", at(-59s))), "accepted");
  EXPECT_EQ(verdict(with("exp", at(-60s))), "expired");
  EXPECT_EQ(verdict(without("exp")), "token_malformed");
  EXPECT_EQ(verdict(with("exp", "tomorrow")), "token_malformed");
  EXPECT_EQ(verdict(with("exp", 1e300)), "token_malformed");
  EXPECT_EQ(verdict(with("iat", at(60s))), "accepted");
  EXPECT_EQ(verdict(with("iat", at(61s))), "issued_in_future");
  EXPECT_EQ(verdict(without("iat")), "token_malformed");
  EXPECT_EQ(verdict(with("nbf", at(61s))), "issued_in_future");
}

TEST(IdToken, AnswersThisSignIn) {
  EXPECT_EQ(verdict(without("nonce")), "wrong_nonce");
  EXPECT_EQ(verdict(with("nonce", "n-2")), "wrong_nonce");
  auto wanted = expected();
  wanted.nonce = "";
  EXPECT_EQ(verdict(with("nonce", ""), wanted), "wrong_nonce");
  auto digest = crypto::sha256(crypto::ByteView("at"));
  auto half = crypto::to_base64url(crypto::ByteView(digest).first(16));
  EXPECT_EQ(verdict(with("at_hash", boost::json::string(half))), "accepted");
  EXPECT_EQ(verdict(with("at_hash", "AAAA")), "wrong_token_hash");
  EXPECT_EQ(verdict(with("at_hash", 1)), "wrong_token_hash");
}

TEST(IdToken, NamesASubject) {
  EXPECT_EQ(verdict(without("sub")), "subject_invalid");
  EXPECT_EQ(verdict(with("sub", "")), "subject_invalid");
  EXPECT_EQ(verdict(with("sub", 7)), "subject_invalid");
  EXPECT_EQ(verdict(with("sub", "ö")), "subject_invalid");
  EXPECT_EQ(verdict(with("sub", boost::json::string(255, 's'))), "accepted");
  EXPECT_EQ(verdict(with("sub", boost::json::string(256, 's'))), "subject_invalid");
}

json::Object logout() {
  return {{"iss", "https://idp.test"},
          {"aud", "gatehouse"},
          {"iat", at(-5s)},
          {"exp", at(2min)},
          {"jti", "j-1"},
          {"sid", "s-1"},
          {"events", {{"http://schemas.openid.net/event/backchannel-logout", json::Object{}}}}};
}

std::string_view logout_verdict(const json::Object& said) {
  auto checked = check_logout_token(rsa_set(), rsa().sign(said),
                                    {.issuer = "https://idp.test", .client_id = "gatehouse", .now = kNow});
  return checked ? "accepted" : to_string(checked.error());
}

TEST(LogoutToken, EndsTheSessionsOfOneSidOrSubject) {
  EXPECT_EQ(logout_verdict(logout()), "accepted");
  auto said = logout();
  said.erase("sid");
  EXPECT_EQ(logout_verdict(said), "subject_invalid");
  said["sub"] = "subject-1";
  EXPECT_EQ(logout_verdict(said), "accepted");
}

TEST(LogoutToken, IsNoIdToken) {
  auto said = logout();
  said["nonce"] = "n-1";
  EXPECT_EQ(logout_verdict(said), "has_nonce");
  said = logout();
  said.erase("events");
  EXPECT_EQ(logout_verdict(said), "not_a_logout_token");
  said = logout();
  said["events"] = json::Object{{"http://schemas.openid.net/event/backchannel-logout", "yes"}};
  EXPECT_EQ(logout_verdict(said), "not_a_logout_token");
  said = logout();
  said.erase("jti");
  EXPECT_EQ(logout_verdict(said), "token_malformed");
  // And an ID token with the event in it is none either.
  auto id = claims();
  id["events"] = logout().at("events");
  EXPECT_EQ(verdict(id), "token_malformed");
}

TEST(LogoutToken, IsRecentAndForUs) {
  auto said = logout();
  said["iat"] = at(-12min);
  EXPECT_EQ(logout_verdict(said), "too_old");
  said = logout();
  said["exp"] = at(-2min);
  EXPECT_EQ(logout_verdict(said), "expired");
  said = logout();
  said.erase("exp");
  EXPECT_EQ(logout_verdict(said), "accepted");
  said["aud"] = "another";
  EXPECT_EQ(logout_verdict(said), "wrong_audience");
}

}  // namespace
}  // namespace gatehouse::oidc
