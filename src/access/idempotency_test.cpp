#include "access/idempotency.h"

#include <gtest/gtest.h>

namespace gatehouse::access {
namespace {

http::Request request(std::string body) {
  http::Request made{.method = http::Method::post, .target = "/api/things", .body = std::move(body)};
  made.headers.add("idempotency-key", "once");
  return made;
}

TEST(IdempotencyKey, HashesTheRequestSoThatOnlyTheKeysOwnerCanGuessAtIt) {
  auto key = crypto::Secret::copy_of("one installation"), other = crypto::Secret::copy_of("another");
  Requester who{.person = Uuid::v7(), .actor = Uuid::v7(), .workspace = Uuid::v7()};
  auto of = [&](std::string body, const crypto::Secret& with) {
    return **idempotency_key(request(std::move(body)), "createThing", who, with);
  };
  auto first = of("52998224725", key);
  EXPECT_EQ(first.request_hash, of("52998224725", key).request_hash);
  EXPECT_NE(first.request_hash, of("52998224726", key).request_hash);
  EXPECT_NE(first.request_hash, of("52998224725", other).request_hash);
  EXPECT_NE(first.key_hash, of("52998224725", other).key_hash);
  auto elsewhere = who;
  elsewhere.workspace = Uuid::v7();
  auto by_key = who;
  by_key.actor = Uuid::v7();
  std::swap(who, elsewhere);
  EXPECT_EQ(of("52998224725", key).key_hash, first.key_hash);
  EXPECT_NE(of("52998224725", key).request_hash, first.request_hash)
      << "another workspace is another request";
  who = by_key;
  EXPECT_NE(of("52998224725", key).key_hash, first.key_hash) << "another actor has keys of its own";
}

}  // namespace
}  // namespace gatehouse::access
