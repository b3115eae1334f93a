#include "access/plan.h"

#include <gtest/gtest.h>

#include "access/rates.h"
#include "json/codec.h"

namespace gatehouse::access {
namespace {

Result<Features> features(std::string_view text) {
  return json::decode_text<Features>(text);
}

TEST(Features, AreSwitchesAndWholeNumbers) {
  auto some = features(R"({"max_users": 20, "sso": false, "scim": true, "later": 7})").value();
  EXPECT_EQ(some.number("max_users"), 20);
  EXPECT_EQ(some.number("later"), 7);
  EXPECT_EQ(some.number("sso"), std::nullopt);
  EXPECT_FALSE(some.is_on("sso"));
  EXPECT_TRUE(some.is_on("scim"));
  EXPECT_TRUE(some.is_on("never_named"));
  EXPECT_EQ(features(json::encode(some)).value(), some);
}

TEST(Features, RefuseWhatMeansNothing) {
  for (auto text : {"[]", "1", R"({"A": 1})", R"({"": 1})", R"({"1a": 1})", R"({"a": "b"})", R"({"a": 1.5})",
                    R"({"a": -1})", R"({"a": 1000000000001})", R"({"max_users": 0})",
                    R"({"max_users": true})", R"({"requests_per_second": 0})", R"({"a": null})"})
    EXPECT_FALSE(features(text).has_value()) << text;
}

TEST(Rates, TellWhatIsLeftAndNameWhatIsNearestToItsEnd) {
  Rates rates({.read = {.per_second = 0.001, .burst = 4}});  // slower than any test
  http::Request request;
  Principal person{.type = audit::ActorType::user, .user = UserId::make()};
  for (int left = 3; left >= 0; --left) {
    CountedRates counted;
    EXPECT_TRUE(rates.check_caller(request, person, RateClass::read, counted).has_value());
    http::Headers headers;
    counted.add_to(headers);
    EXPECT_EQ(headers.get("ratelimit-policy"), "\"person\";q=4;w=4000");
    EXPECT_TRUE(headers.get("ratelimit").starts_with(fmt::format("\"person\";r={};t=", left)))
        << headers.get("ratelimit");
  }
  CountedRates counted;
  auto refused = rates.check_caller(request, person, RateClass::read, counted);
  EXPECT_EQ(refused.error().code, ErrorCode::rate_limited);
  EXPECT_EQ(refused.error().retry_after, std::chrono::seconds(1000));
  http::Headers headers;
  counted.add_to(headers);
  EXPECT_EQ(headers.get("ratelimit"), "\"person\";r=0;t=1000");
}

TEST(Rates, CountAKeyAndItsPersonApart) {
  Rates rates({.model = {1, 2}});
  http::Request request;
  auto user = UserId::make();
  auto ask = [&](ApiKeyId key) {
    CountedRates counted;
    return rates
        .check_caller(request, {.type = audit::ActorType::api_key, .user = user, .api_key = key},
                      RateClass::model, counted)
        .has_value();
  };
  auto one = ApiKeyId::make(), two = ApiKeyId::make();
  EXPECT_TRUE(ask(one));
  EXPECT_TRUE(ask(two));
  // Neither key has used its own up, but their person has.
  EXPECT_FALSE(ask(two));
}

}  // namespace
}  // namespace gatehouse::access
