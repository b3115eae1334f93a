#include "sso/sign_in.h"

#include <gtest/gtest.h>

#include "sso/domains.h"
#include "sso/presets.h"

namespace gatehouse::sso {
namespace {

TEST(LocalPath, IsAPathOfTheConsoleAndNothingElse) {
  EXPECT_EQ(local_path("/audit?outcome=denied&hours=24#x"), "/audit?outcome=denied&hours=24#x");
  for (std::string_view bad : {"", "audit", "//evil.test", "/\\evil.test", "https://evil.test", "/a b",
                               "/a\r\nb", "/api/auth/sign-out", "/\xc3\xa9"})
    EXPECT_EQ(local_path(bad), "/") << bad;
  EXPECT_EQ(local_path("/" + std::string(511, 'a')).size(), 512u);
  EXPECT_EQ(local_path("/" + std::string(512, 'a')), "/");
}

TEST(ProviderAddress, SaysRegionAndOrganizationBeforeAnyLookUp) {
  ProviderAddress address(Region::eu, OrganizationId::make(), IdentityProviderId::make());
  auto read = ProviderAddress::parse(address.to_string());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->region, Region::eu);
  EXPECT_EQ(read->organization, address.organization);
  EXPECT_EQ(read->provider, address.provider);
  auto id = address.organization.to_string();
  for (const auto& bad :
       {std::string(), std::string("eu"), "eu." + id, "xx." + id + "." + id, "eu." + id + "." + id + "x"})
    EXPECT_FALSE(ProviderAddress::parse(bad)) << bad;
}

TEST(Domain, IsOfTwoLabelsOrMoreInLowerCase) {
  EXPECT_EQ(normalize_domain("Acme.Example"), "acme.example");
  EXPECT_EQ(normalize_domain("xn--mnchen-3ya.test"), "xn--mnchen-3ya.test");
  for (std::string_view bad : {"", "localhost", "acme.", ".acme.test", "a..b", "-a.test", "a-.test",
                               "a_b.test", "10.0.0.1", "m\xc3\xbcnchen.test", "a b.test"})
    EXPECT_FALSE(normalize_domain(bad)) << bad;
  EXPECT_FALSE(normalize_domain(std::string(64, 'a') + ".test"));
}

TEST(Presets, AskForTheirIssuerAndForAnIdToken) {
  EXPECT_EQ(presets().size(), 7u);
  for (const auto& preset : presets()) {
    EXPECT_TRUE(preset.scopes.starts_with("openid")) << preset.title;
    EXPECT_TRUE(preset.issuer.empty() || preset.issuer.starts_with("https://")) << preset.title;
    EXPECT_TRUE(preset.documentation.starts_with("https://")) << preset.title;
  }
}

}  // namespace
}  // namespace gatehouse::sso
