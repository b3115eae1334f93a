#include "oidc/discovery.h"

#include <gtest/gtest.h>

#include "crypto/testing.h"
#include "json/value.h"
#include "oidc/claims.h"
#include "oidc/key_set.h"

namespace gatehouse::oidc {
namespace {

json::Object document() {
  return {{"issuer", "https://idp.test/realm"},
          {"authorization_endpoint", "https://login.idp.test/authorize?p=policy"},
          {"token_endpoint", "https://idp.test/token"},
          {"jwks_uri", "https://idp.test/keys"},
          {"end_session_endpoint", "https://idp.test/logout"}};
}

Refusal refusal(const json::Object& said) {
  auto parsed = parse_metadata(json::write(said), "https://idp.test/realm");
  EXPECT_FALSE(parsed);
  return parsed.error();
}

TEST(Discovery, ReadsWhatARelyingPartyNeeds) {
  auto metadata = parse_metadata(json::write(document()), "https://idp.test/realm").value();
  EXPECT_EQ(metadata.authorization.text, "https://login.idp.test/authorize?p=policy");
  EXPECT_EQ(metadata.token.target, "/token");
  EXPECT_EQ(metadata.token_auth_methods, std::vector<std::string>{"client_secret_basic"});
  EXPECT_FALSE(metadata.userinfo);
  EXPECT_FALSE(metadata.names_issuer);
}

TEST(Discovery, TheDocumentIsOfTheIssuerThatWasAsked) {
  auto said = document();
  said["issuer"] = "https://idp.test/realm/";
  EXPECT_EQ(refusal(said), Refusal::issuer_mismatch);
  said["issuer"] = "https://evil.test";
  EXPECT_EQ(refusal(said), Refusal::issuer_mismatch);
  said.erase("issuer");
  EXPECT_EQ(refusal(said), Refusal::discovery_invalid);
}

TEST(Discovery, AddressesAreWholeAndEncrypted) {
  for (std::string_view name :
       {"authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"})
    for (std::string_view bad :
         {"http://idp.test/x", "javascript:alert(1)", "/relative", "https://u:p@idp.test/x",
          "https://idp.test/x#f", "https://idp.test\\@evil.test/", ""}) {
      auto said = document();
      said[name] = bad;
      EXPECT_EQ(refusal(said), Refusal::discovery_invalid) << name << " " << bad;
    }
  for (std::string_view name : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
    auto said = document();
    said.erase(name);
    EXPECT_EQ(refusal(said), Refusal::discovery_invalid) << name;
  }
}

TEST(Discovery, ADocumentThatSaysAThingTwiceIsRefused) {
  auto text = json::write(document());
  text.insert(1, R"("issuer":"https://idp.test/realm",)");
  EXPECT_EQ(parse_metadata(text, "https://idp.test/realm").error(), Refusal::discovery_invalid);
}

TEST(Discovery, AnIssuerHasNoQueryAndNoFragment) {
  EXPECT_EQ(discovery_url("https://idp.test/a/")->text,
            "https://idp.test/a/.well-known/openid-configuration");
  EXPECT_EQ(discovery_url("https://idp.test")->target, "/.well-known/openid-configuration");
  for (std::string_view bad :
       {"https://idp.test?x=1", "https://idp.test#x", "idp.test", "ftp://idp.test", ""})
    EXPECT_FALSE(is_issuer(bad)) << bad;
}

TEST(KeySet, KeepsWhatVerifiesAndSkipsTheRest) {
  crypto::testing::ProviderKey key(crypto::SignatureAlgorithm::ES256);
  auto encryption = key.jwk();
  encryption["use"] = "enc";
  auto private_ = key.jwk();
  private_["d"] = "AAAA";
  auto off_curve = key.jwk();
  off_curve["x"] = std::string(43, 'A');
  json::Object symmetric{{"kty", "oct"}, {"k", "c2VjcmV0"}, {"alg", "HS256"}, {"kid", "k1"}};
  json::Array keys{encryption, private_, off_curve, symmetric, key.jwk()};
  auto set = KeySet::parse(json::write(json::Object{{"keys", keys}}));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->keys().size(), 1u);
  keys.pop_back();
  EXPECT_EQ(KeySet::parse(json::write(json::Object{{"keys", keys}})).error(), Refusal::keys_invalid);
  for (std::string_view bad : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[1]})"})
    EXPECT_EQ(KeySet::parse(bad).error(), Refusal::keys_invalid) << bad;
}

TEST(Claims, AreFoundByNameAndByPath) {
  auto value = json::parse(R"({"groups":["a","","b"],"https://x.test/roles":"one",
                               "realm_access":{"roles":["r"]},"bad":[1],"flag":"true"})");
  const auto& claims = value->get_object();
  EXPECT_EQ(find_groups(claims, "groups", 10), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(find_groups(claims, "https://x.test/roles", 10), std::vector<std::string>{"one"});
  EXPECT_EQ(find_groups(claims, "realm_access.roles", 10), std::vector<std::string>{"r"});
  EXPECT_FALSE(find_groups(claims, "realm_access.roles.x", 10));
  EXPECT_FALSE(find_groups(claims, "absent", 10));
  EXPECT_FALSE(find_groups(claims, "bad", 10));
  EXPECT_FALSE(find_groups(claims, "groups", 2));
  EXPECT_EQ(find_flag(claims, "flag"), true);
}

}  // namespace
}  // namespace gatehouse::oidc
