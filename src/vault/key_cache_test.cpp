#include "vault/key_cache.h"

#include <gtest/gtest.h>

namespace gatehouse::vault {
namespace {

using Cache = KeyCache<PersonKey>;
using std::chrono::seconds;

const Uuid kOrganization = Uuid::v7();
const Cache::Clock::time_point kStart{};

std::shared_ptr<const PersonKey> person_key(Uuid organization = kOrganization, std::uint32_t version = 1,
                                            Uuid person = Uuid::v7()) {
  return std::make_shared<const PersonKey>(organization, person, version, crypto::Secret::random(32));
}
KeyId id_of(const std::shared_ptr<const PersonKey>& key) {
  return {key->organization(), key->owner(), key->version()};
}

TEST(KeyCache, FindsWhatWasPutUnderExactlyItsId) {
  Cache cache(4, seconds(60));
  auto key = person_key();
  cache.put(key, kStart);
  EXPECT_EQ(cache.find(id_of(key), kStart), key);
  KeyId version = id_of(key), owner = id_of(key), organization = id_of(key);
  version.version = 2;
  owner.owner = Uuid{};
  organization.organization = Uuid::v7();
  for (const KeyId& wrong : {version, owner, organization}) EXPECT_EQ(cache.find(wrong, kStart), nullptr);
}

TEST(KeyCache, ForgetsAKeyWhenItsTimeIsUpHoweverOftenItIsUsed) {
  Cache cache(4, seconds(60));
  auto key = person_key();
  cache.put(key, kStart);
  for (int second = 0; second < 60; ++second)
    EXPECT_EQ(cache.find(id_of(key), kStart + seconds(second)), key);
  EXPECT_EQ(cache.find(id_of(key), kStart + seconds(60)), nullptr);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(KeyCache, DropsTheLeastRecentlyUsedWhenFull) {
  Cache cache(2, seconds(60));
  auto first = person_key(), second = person_key(), third = person_key();
  cache.put(first, kStart);
  cache.put(second, kStart);
  cache.find(id_of(first), kStart);
  cache.put(third, kStart);
  EXPECT_EQ(cache.find(id_of(second), kStart), nullptr);
  EXPECT_EQ(cache.find(id_of(first), kStart), first);
  EXPECT_EQ(cache.find(id_of(third), kStart), third);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(KeyCache, ReplacesAKeyThatIsPutAgain) {
  Cache cache(2, seconds(60));
  Uuid person = Uuid::v7();
  auto first = person_key(kOrganization, 1, person), again = person_key(kOrganization, 1, person);
  cache.put(first, kStart);
  cache.put(again, kStart + seconds(30));
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(cache.find(id_of(again), kStart + seconds(70)), again);
}

TEST(KeyCache, ErasesEveryVersionOfAPersonsKeyAndNothingElse) {
  Cache cache(8, seconds(60));
  Uuid person = Uuid::v7(), elsewhere = Uuid::v7();
  auto one = person_key(kOrganization, 1, person), two = person_key(kOrganization, 2, person);
  auto colleague = person_key(), same_person_elsewhere = person_key(elsewhere, 1, person);
  for (const auto& key : {one, two, colleague, same_person_elsewhere}) cache.put(key, kStart);
  cache.erase(kOrganization, person);
  EXPECT_EQ(cache.find(id_of(one), kStart), nullptr);
  EXPECT_EQ(cache.find(id_of(two), kStart), nullptr);
  EXPECT_EQ(cache.find(id_of(colleague), kStart), colleague);
  cache.erase_organization(kOrganization);
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(cache.find(id_of(same_person_elsewhere), kStart), same_person_elsewhere);
}

TEST(KeyCache, HoldsNothingAfterExpiryEvenIfNobodyAsks) {
  Cache cache(8, seconds(10));
  auto key = person_key();
  std::weak_ptr<const PersonKey> observer = key;
  cache.put(std::move(key), kStart);
  cache.expire(kStart + seconds(9));
  EXPECT_FALSE(observer.expired());
  cache.expire(kStart + seconds(10));
  EXPECT_TRUE(observer.expired());
}

TEST(KeyCache, CannotKeepKeysForLongerThanAMinute) {
  EXPECT_THROW(Cache(8, seconds(61)), Failure);
  EXPECT_THROW(Cache(0, seconds(60)), Failure);
}

}  // namespace
}  // namespace gatehouse::vault
