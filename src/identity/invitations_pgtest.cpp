// An invitation's code says its region: a node that does not serve it sends its holder on before it looks
// anything up.
#include <gtest/gtest.h>

#include "identity/testing.h"

namespace gatehouse::identity {
namespace {

using tenancy::testing::organization;
using tenancy::testing::unique;
using testing::Browser;
using testing::on_site;
using testing::Site;

struct Coded {
  std::string code;
  BOOST_DESCRIBE_CLASS(Coded, (), (code), (), ())
};

TEST(Invitations, OfAnotherRegionAreAnsweredWithWhereItIsServed) {
  auto slug = unique("invites");
  std::string code;
  on_site([&](Site& site) -> Task<void> {
    co_await organization(site.reactor(), slug, Region::eu);
    Browser owner(site);
    co_await owner.sign_in("owner@" + slug + ".test");
    auto made = co_await owner.post("/api/invitations", "{}");
    EXPECT_EQ(made.status, 201);
    code = made.text("code");
  });
  ASSERT_TRUE(code.starts_with("ghi_eu_")) << code;
  IdentityOptions options;
  options.base_urls[Region::eu] = "https://eu.gatehouse.test";
  on_site(
      [&](Site& site) -> Task<void> {
        Browser visitor(site);
        auto reply = co_await visitor.post("/api/invitations/preview", json::encode(Coded{code}));
        EXPECT_EQ(reply.status, 421);
        EXPECT_NE(reply.text("detail").find("https://eu.gatehouse.test"), std::string::npos);
      },
      std::move(options), {Region::us});
}

}  // namespace
}  // namespace gatehouse::identity
