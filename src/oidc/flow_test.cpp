#include "oidc/flow.h"

#include <gtest/gtest.h>

#include "http/target.h"

namespace gatehouse::oidc {
namespace {

Metadata metadata() {
  return {.issuer = "https://idp.test",
          .authorization = Url::parse("https://idp.test/authorize?p=1").value(),
          .token = Url::parse("https://idp.test/token").value(),
          .keys = Url::parse("https://idp.test/keys").value()};
}

Checked<AuthorizationResponse> read(std::string_view query, const Metadata& known = metadata()) {
  http::Request request;
  EXPECT_TRUE(http::parse_target("/cb?" + std::string(query), 20, request));
  return read_authorization_response(known, request);
}

TEST(Flow, TheBrowserIsSentWithStateNonceAndChallenge) {
  auto url = authorization_url(
      metadata(), {.client_id = "a b", .redirect_uri = "https://g.test/cb", .scope = "openid email"},
      {.state = "S", .nonce = "N", .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"});
  // The pair of RFC 7636, appendix B.
  EXPECT_EQ(url,
            "https://idp.test/"
            "authorize?p=1&response_type=code&client_id=a%20b&redirect_uri=https%3A%2F%2Fg.test%2Fcb"
            "&scope=openid%20email&state=S&nonce=N&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
            "&code_challenge_method=S256");
}

TEST(Flow, TheRedirectBackIsReadStrictly) {
  EXPECT_EQ(read("code=c1&state=s")->code, "c1");
  EXPECT_EQ(read("error=access_denied&state=s").error(), Refusal::access_denied);
  EXPECT_EQ(read("error=server_error&code=c1").error(), Refusal::provider_error);
  EXPECT_EQ(read("state=s").error(), Refusal::response_invalid);
  EXPECT_EQ(read("code=a&code=b").error(), Refusal::response_invalid);
  EXPECT_EQ(read("code=c1&iss=https://idp.test")->code, "c1");
  EXPECT_EQ(read("code=c1&iss=https://evil.test").error(), Refusal::issuer_mismatch);
  auto naming = metadata();
  naming.names_issuer = true;
  EXPECT_EQ(read("code=c1", naming).error(), Refusal::issuer_mismatch);
}

TEST(Flow, TheClientProvesItselfAsAgreed) {
  auto secret = crypto::Secret::copy_of("p:%");
  auto basic = token_request(metadata(), {.id = "a:b", .secret = &secret}, "c", "https://g.test/cb", "v");
  EXPECT_EQ(basic.headers.get("authorization"), "Basic YSUzQWI6cCUzQSUyNQ==");
  EXPECT_EQ(basic.body,
            "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fg.test%2Fcb&code_verifier=v");
  auto post =
      token_request(metadata(), {.id = "a", .auth = ClientAuth::client_secret_post, .secret = &secret}, "c",
                    "https://g.test/cb", "v");
  EXPECT_FALSE(post.headers.contains("authorization"));
  EXPECT_TRUE(post.body.ends_with("&client_id=a&client_secret=p%3A%25"));
}

TEST(Flow, TheTokenResponseHasAnIdToken) {
  EXPECT_EQ(
      read_token_response(200, R"({"id_token":"t","access_token":"a","token_type":"Bearer"})")->access_token,
      "a");
  EXPECT_EQ(read_token_response(200, R"({"access_token":"a","token_type":"Bearer"})").error(),
            Refusal::token_response_invalid);
  EXPECT_EQ(read_token_response(200, R"({"id_token":"t","access_token":"a","token_type":"mac"})").error(),
            Refusal::token_response_invalid);
  EXPECT_EQ(read_token_response(200, "<html>").error(), Refusal::token_response_invalid);
  EXPECT_EQ(read_token_response(400, R"({"error":"invalid_grant"})").error(), Refusal::code_refused);
  EXPECT_EQ(read_token_response(400, R"({"error":"invalid_client"})").error(), Refusal::client_refused);
  EXPECT_EQ(read_token_response(401, "").error(), Refusal::client_refused);
  EXPECT_EQ(read_token_response(502, "").error(), Refusal::provider_unavailable);
}

TEST(Flow, UserinfoIsAboutTheSamePerson) {
  EXPECT_TRUE(read_userinfo(200, R"({"sub":"1","email":"a@b.test"})", "1"));
  EXPECT_EQ(read_userinfo(200, R"({"sub":"2"})", "1").error(), Refusal::subject_changed);
  EXPECT_EQ(read_userinfo(200, R"({"email":"a@b.test"})", "1").error(), Refusal::subject_changed);
  EXPECT_EQ(read_userinfo(302, "", "1").error(), Refusal::provider_unavailable);
}

TEST(Flow, SignsOutWhereTheProviderHasAPlaceForIt) {
  auto known = metadata();
  EXPECT_FALSE(logout_url(known, "a", "t", "https://g.test/"));
  known.end_session = Url::parse("https://idp.test/logout");
  EXPECT_EQ(
      logout_url(known, "a", "t", "https://g.test/"),
      "https://idp.test/logout?client_id=a&id_token_hint=t&post_logout_redirect_uri=https%3A%2F%2Fg.test%2F");
}

}  // namespace
}  // namespace gatehouse::oidc
