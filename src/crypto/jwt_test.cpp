#include "crypto/jwt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/digest.h"
#include "crypto/encoding.h"

namespace gatehouse::crypto {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kNow = 1'790'000'000;

Expectation expectation(std::int64_t now = kNow) {
  return {.issuer = "https://gatehouse.test",
          .audience = "api",
          .now = Timestamp(seconds(now)),
          .leeway = seconds(30)};
}

std::string claims(std::int64_t expires = kNow + 300) {
  return fmt::format(R"({{"iss":"https://gatehouse.test","aud":"api","sub":"x","iat":{},"exp":{}}})", kNow,
                     expires);
}

class Jwt : public testing::Test {
 protected:
  Jwt() { keys.add(key.public_key()); }

  /// A token with this header and a genuine-looking rest.
  std::string with_header(std::string_view header, std::string_view signature = std::string(64, 's')) const {
    return to_base64url(header) + "." + to_base64url(claims()) + "." + to_base64url(signature);
  }
  void expect_refused(std::string_view token) const {
    auto result = verify(keys, token, expectation());
    ASSERT_FALSE(result) << token;
    EXPECT_EQ(result.error().code, ErrorCode::unauthenticated) << token;
    EXPECT_EQ(ERR_peek_error(), 0u) << "an OpenSSL error was left for the next TLS call to find";
  }

  SigningKey key = SigningKey::generate();
  KeySet keys;
};

TEST_F(Jwt, ReturnsTheClaimsThatWereSigned) {
  auto result = verify(keys, sign(key, claims()), expectation());
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, claims());
}

// RFC 7515, appendix A.3.
constexpr std::string_view kRfcKey =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr std::string_view kRfcToken =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
    "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

TEST_F(Jwt, VerifiesTheExampleOfRfc7515) {
  auto rfc_key = VerifyingKey::from_jwk(kRfcKey);
  ASSERT_TRUE(rfc_key);
  auto result = verify_signature(*rfc_key, kRfcToken);
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
  EXPECT_FALSE(verify_signature(key.public_key(), kRfcToken));
}

TEST_F(Jwt, WithoutKeyIdIsNotLookedUpInASet) {
  KeySet set;
  set.add(VerifyingKey::from_jwk(kRfcKey).value());
  EXPECT_FALSE(verify(set, kRfcToken, expectation()));
}

TEST_F(Jwt, WithAlgorithmNoneIsRefused) {
  for (const char* none : {"none", "None", "NONE", ""}) {
    std::string header = fmt::format(R"({{"alg":"{}","kid":"{}"}})", none, key.kid());
    expect_refused(with_header(header));
    expect_refused(with_header(header, ""));
  }
  expect_refused(with_header(fmt::format(R"({{"kid":"{}"}})", key.kid())));
}

TEST_F(Jwt, SignedWithThePublicKeyAsHmacKeyIsRefused) {
  for (std::string_view hmac_key : {std::string_view(key.public_key().jwk()), std::string_view("public")}) {
    std::string head = to_base64url(fmt::format(R"({{"alg":"HS256","kid":"{}"}})", key.kid())) + "." +
                       to_base64url(claims());
    expect_refused(head + "." + to_base64url(hmac_sha256(Secret::copy_of(hmac_key), head)));
  }
}

TEST_F(Jwt, NamingAnotherAlgorithmIsRefusedEvenIfTheSignatureFits) {
  std::string token = sign(key, claims());
  std::string rest = token.substr(token.find('.'));
  for (const char* other : {"ES384", "RS256", "PS256", "es256", "ES256K"})
    expect_refused(to_base64url(fmt::format(R"({{"alg":"{}","kid":"{}"}})", other, key.kid())) + rest);
}

TEST_F(Jwt, OfAKeyThatIsNotInTheSetIsRefused) {
  SigningKey other = SigningKey::generate();
  expect_refused(sign(other, claims()));
  // The other key's signature under a known id.
  std::string ours = sign(key, claims()), theirs = sign(other, claims());
  expect_refused(ours.substr(0, ours.rfind('.')) + theirs.substr(theirs.rfind('.')));
}

TEST_F(Jwt, OfAnOlderKeyIsAcceptedWhileTheSetHasIt) {
  std::string token = sign(key, claims());
  KeySet rotated;
  rotated.add(SigningKey::generate().public_key());
  EXPECT_FALSE(verify(rotated, token, expectation()));
  rotated.add(key.public_key());
  EXPECT_TRUE(verify(rotated, token, expectation()));
}

TEST_F(Jwt, WithCriticalExtensionsOrKeysInItsHeaderIsRefused) {
  for (const char* member : {R"("crit":["exp"],"exp":1)", R"("crit":[])", R"("jwk":{})",
                             R"("jku":"https://x.test")", R"("x5c":[])", R"("x5u":"https://x.test")"})
    expect_refused(with_header(fmt::format(R"({{"alg":"ES256","kid":"{}",{}}})", key.kid(), member)));
}

TEST_F(Jwt, WithAnyCharacterChangedIsRefused) {
  std::string token = sign(key, claims());
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string altered = token;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    expect_refused(altered);
  }
}

TEST_F(Jwt, ThatIsMalformedIsRefused) {
  std::string token = sign(key, claims());
  expect_refused("");
  expect_refused(".");
  expect_refused("..");
  expect_refused("...");
  expect_refused("a.b.c");
  expect_refused(token + ".");
  expect_refused(token + "=");
  expect_refused(token + "A");
  expect_refused(" " + token);
  expect_refused(token + "\n");
  expect_refused(token.substr(0, token.rfind('.')));
  expect_refused(token.substr(0, token.rfind('.') + 1));
  expect_refused(with_header("[]"));
  expect_refused(with_header("{"));
  expect_refused(with_header(R"({"alg":["ES256"]})"));
  expect_refused(with_header(R"({"alg":"ES256","kid":7})"));
  expect_refused(with_header(R"({"alg":"ES256","kid":""})"));
}

TEST_F(Jwt, ThatIsTooLongIsRefusedBeforeItIsRead) {
  expect_refused(sign(key, std::string(kMaxTokenSize, ' ')));
  expect_refused(with_header(
      fmt::format(R"({{"alg":"ES256","kid":"{}","x":"{}"}})", key.kid(), std::string(1024, 'x'))));
  std::string padded = claims();
  padded.insert(1, std::string(4000, ' '));
  EXPECT_TRUE(verify(keys, sign(key, padded), expectation()));
}

TEST_F(Jwt, ExpiresAfterTheLeeway) {
  std::string token = sign(key, claims(kNow + 300));
  EXPECT_TRUE(verify(keys, token, expectation(kNow + 329)));
  auto late = verify(keys, token, expectation(kNow + 330));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::session_expired);
}

TEST_F(Jwt, FromTheFutureIsRefused) {
  std::string token = sign(key, claims());
  EXPECT_TRUE(verify(keys, token, expectation(kNow - 30)));
  EXPECT_FALSE(verify(keys, token, expectation(kNow - 31)));
  auto not_yet = fmt::format(R"({{"iss":"https://gatehouse.test","aud":"api","nbf":{},"exp":{}}})",
                             kNow + 100, kNow + 300);
  expect_refused(sign(key, not_yet));
}

TEST_F(Jwt, ThatIsExpiredAndForSomebodyElseIsNotCalledExpired) {
  Expectation other = expectation(kNow + 10'000);
  other.audience = "console";
  auto result = verify(keys, sign(key, claims()), other);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::unauthenticated);
}

TEST(JwtClaims, NeedIssuerAudienceAndExpiry) {
  auto accepted = [](std::string_view text) { return check_claims(text, expectation()).has_value(); };
  EXPECT_TRUE(accepted(R"({"iss":"https://gatehouse.test","aud":["other","api"],"exp":1790000300})"));
  EXPECT_TRUE(accepted(R"({"iss":"https://gatehouse.test","aud":"api","exp":1790000300.5})"));
  for (const char* text : {
           R"({"aud":"api","exp":1790000300})",
           R"({"iss":"https://gatehouse.test/","aud":"api","exp":1790000300})",
           R"({"iss":["https://gatehouse.test"],"aud":"api","exp":1790000300})",
           R"({"iss":"https://gatehouse.test","exp":1790000300})",
           R"({"iss":"https://gatehouse.test","aud":[],"exp":1790000300})",
           R"({"iss":"https://gatehouse.test","aud":[["api"]],"exp":1790000300})",
           R"({"iss":"https://gatehouse.test","aud":"ap","exp":1790000300})",
           R"({"iss":"https://gatehouse.test","aud":"api"})",
           R"({"iss":"https://gatehouse.test","aud":"api","exp":"1790000300"})",
           R"({"iss":"https://gatehouse.test","aud":"api","exp":null})",
           R"({"iss":"https://gatehouse.test","aud":"api","exp":1790000300,"nbf":"0"})",
           R"({"iss":"https://gatehouse.test","aud":"api","exp":1790000300,"iat":true})",
           R"([])",
           R"({"iss":)",
           "",
       })
    EXPECT_FALSE(accepted(text)) << text;
}

TEST(Es256Keys, SurviveTheirPem) {
  SigningKey key = SigningKey::generate();
  Secret pem = key.to_pem();
  EXPECT_TRUE(pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----"));
  auto again = SigningKey::from_pem(pem);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kid(), key.kid());
  EXPECT_TRUE(verify_signature(key.public_key(), sign(*again, "{}")));
}

TEST(Es256Keys, AreNamedByTheirThumbprint) {
  EXPECT_EQ(VerifyingKey::from_jwk(kRfcKey)->kid(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

/// A key of another curve, or one that needs a password.
std::string foreign_pem(const char* curve, const EVP_CIPHER* cipher) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen(curve), &EVP_PKEY_free);
  std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  std::string password = "password";
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), cipher, password.data(),
                                static_cast<int>(password.size()), nullptr, nullptr);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

TEST(Es256Keys, OfAnotherKindAreRefused) {
  for (const std::string& pem : {std::string(), std::string("-----BEGIN PRIVATE KEY-----\n"),
                                 foreign_pem("P-384", nullptr), foreign_pem("P-256", EVP_aes_256_cbc())}) {
    auto key = SigningKey::from_pem(Secret::copy_of(pem));
    ASSERT_FALSE(key) << pem;
    EXPECT_EQ(key.error().code, ErrorCode::validation_failed);
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
}

TEST(Es256Keys, ThatAreNotPublicPointsOnTheCurveAreRefused) {
  const std::string x = R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")";
  const std::string y = R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
  const std::string head = R"({"kty":"EC","crv":"P-256",)";
  ASSERT_TRUE(VerifyingKey::from_jwk(head + x + "," + y + "}"));
  for (const std::string& jwk :
       {std::string(), std::string("[]"), head + x + "}",
        head + x + R"(,"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4"})", head + x + R"(,"y":"AA"})",
        head + x + "," + y + R"(,"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})",
        head + x + "," + y + R"(,"alg":"ES384"})", head + x + "," + y + R"(,"use":"enc"})",
        head + x + "," + y + R"(,"kid":7})", R"({"kty":"EC","crv":"P-384",)" + x + "," + y + "}",
        std::string(R"({"kty":"oct","k":"AAAA"})")})
    EXPECT_FALSE(VerifyingKey::from_jwk(jwk)) << jwk;
}

TEST(Es256Keys, ArePublishedWithoutTheirPrivatePart) {
  SigningKey first = SigningKey::generate(), second = SigningKey::generate();
  KeySet set;
  EXPECT_EQ(jwks(set), R"({"keys":[]})");
  set.add(first.public_key());
  set.add(second.public_key());
  set.add(first.public_key());
  EXPECT_EQ(set.keys().size(), 2u);
  EXPECT_EQ(jwks(set), R"({"keys":[)" + second.public_key().jwk() + "," + first.public_key().jwk() + "]}");
  EXPECT_EQ(jwks(set).find("\"d\""), std::string::npos);
  EXPECT_TRUE(VerifyingKey::from_jwk(first.public_key().jwk()));
}

}  // namespace
}  // namespace gatehouse::crypto
