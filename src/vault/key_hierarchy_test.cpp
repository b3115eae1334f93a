#include "vault/key_hierarchy.h"

#include <gtest/gtest.h>

namespace gatehouse::vault {
namespace {

using crypto::Secret;

template <class T>
T run(Task<T> task) {
  asio::io_context reactor;
  std::optional<T> result;
  asio::co_spawn(
      reactor,
      [](Task<T> inner, std::optional<T>& out) -> Task<> { out = co_await std::move(inner); }(std::move(task),
                                                                                              result),
      asio::detached);
  reactor.run();
  return std::move(result.value());
}

std::string master(std::uint32_t version) {
  return std::to_string(version) + ":" + std::string(MasterKeys::generate_text().reveal());
}
MasterKeyWrapper wrapper_of(const std::string& text) {
  return MasterKeyWrapper(MasterKeys::parse(Secret::copy_of(text)).value());
}

const Uuid kOrganization = Uuid::v7();
const Uuid kOther = Uuid::v7();

KeyContext context(Uuid organization = kOrganization) {
  return {.organization = organization, .purpose = "organization_key", .key_version = 1};
}

TEST(MasterKeyWrapper, UnwrapsWhatItWrapped) {
  auto wrapper = wrapper_of(master(1));
  Secret key = Secret::random(32);
  auto wrapped = run(wrapper.wrap(context(), key.clone()));
  ASSERT_TRUE(wrapped);
  EXPECT_TRUE(wrapper.is_current(*wrapped));
  auto unwrapped = run(wrapper.unwrap(context(), *wrapped));
  ASSERT_TRUE(unwrapped);
  EXPECT_TRUE(equal(*unwrapped, key));
}

TEST(MasterKeyWrapper, RefusesAnotherOrganizationPurposeVersionOrMaster) {
  auto wrapper = wrapper_of(master(1));
  WrappedKey wrapped = run(wrapper.wrap(context(), Secret::random(32))).value();
  KeyContext purpose = context(), version = context();
  purpose.purpose = "audit_period_key";
  version.key_version = 2;
  for (const KeyContext& wrong : {context(kOther), purpose, version}) {
    auto result = run(wrapper.unwrap(wrong, wrapped));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::validation_failed);
  }
  auto stranger = wrapper_of(master(1));
  EXPECT_FALSE(run(stranger.unwrap(context(), wrapped)));
}

TEST(MasterKeyWrapper, RefusesEveryFlippedByteAndTruncation) {
  auto wrapper = wrapper_of(master(1));
  WrappedKey wrapped = run(wrapper.wrap(context(), Secret::random(32))).value();
  for (std::size_t at = 0; at < wrapped.bytes.size(); ++at) {
    WrappedKey flipped = wrapped, cut = wrapped;
    flipped.bytes[at] ^= 0x10;
    cut.bytes.resize(at);
    EXPECT_FALSE(run(wrapper.unwrap(context(), flipped))) << at;
    EXPECT_FALSE(run(wrapper.unwrap(context(), cut))) << at;
    EXPECT_FALSE(wrapper.is_current(cut) && at < Sealed::kOverhead) << at;
  }
}

TEST(MasterKeyWrapper, IsRotatedWithoutAMomentInWhichKeysDoNotOpen) {
  std::string old_master = master(1), new_master = master(2);
  auto before = wrapper_of(old_master);
  auto during = wrapper_of(old_master + "," + new_master);
  auto after = wrapper_of(new_master);
  Secret key = Secret::random(32);
  WrappedKey wrapped = run(before.wrap(context(), key.clone())).value();

  EXPECT_TRUE(equal(run(during.unwrap(context(), wrapped)).value(), key));
  EXPECT_FALSE(during.is_current(wrapped));
  WrappedKey rewrapped = run(rewrap(during, context(), wrapped)).value();
  EXPECT_TRUE(during.is_current(rewrapped));

  EXPECT_TRUE(equal(run(after.unwrap(context(), rewrapped)).value(), key));
  auto missing = run(after.unwrap(context(), wrapped));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST(OrganizationKey, OpensFieldsAfterItWasWrappedAndUnwrapped) {
  auto wrapper = wrapper_of(master(1));
  auto key = std::make_shared<const OrganizationKey>(kOrganization, Uuid{}, 3, Secret::random(32));
  SealContext field{.organization = kOrganization, .table = "provider_keys", .row = "r", .field = "key"};
  Sealed sealed = seal_field(*key, field, "sk-provider");
  WrappedKey wrapped = run(wrap_organization_key(wrapper, key)).value();
  auto again = run(unwrap_organization_key(wrapper, kOrganization, 3, wrapped));
  ASSERT_TRUE(again);
  EXPECT_EQ(open_field(**again, field, sealed).value().reveal(), "sk-provider");
  EXPECT_FALSE(run(unwrap_organization_key(wrapper, kOther, 3, wrapped)));
  EXPECT_FALSE(run(unwrap_organization_key(wrapper, kOrganization, 4, wrapped)));
}

TEST(PersonKey, IsUnwrappedOnlyForItsPersonOrganizationAndVersion) {
  OrganizationKey organization_key = generate_organization_key(kOrganization);
  Uuid person = Uuid::v7();
  PersonKey key = generate_person_key(kOrganization, person);
  Sealed wrapped = wrap_person_key(organization_key, key);
  SealContext name{.organization = kOrganization, .table = "audit_events", .row = "1", .field = "actor_name"};
  Sealed sealed = seal_field(key, name, "Maria");

  auto again = unwrap_person_key(organization_key, person, 1, wrapped);
  ASSERT_TRUE(again);
  EXPECT_EQ(open_field(**again, name, sealed).value().reveal(), "Maria");
  EXPECT_FALSE(unwrap_person_key(organization_key, Uuid::v7(), 1, wrapped));
  EXPECT_FALSE(unwrap_person_key(organization_key, person, 2, wrapped));
  EXPECT_FALSE(unwrap_person_key(generate_organization_key(kOrganization), person, 1, wrapped));
}

TEST(PersonKey, TakesThePersonWithItWhenItIsDestroyed) {
  OrganizationKey organization_key = generate_organization_key(kOrganization);
  Uuid person = Uuid::v7();
  SealContext name{.organization = kOrganization, .table = "audit_events", .row = "1", .field = "actor_name"};
  Sealed sealed = seal_field(generate_person_key(kOrganization, person), name, "Maria");
  // All that is left: the organization's key, and a new key for the same person.
  EXPECT_FALSE(open_field(organization_key, name, sealed));
  EXPECT_FALSE(open_field(generate_person_key(kOrganization, person), name, sealed));
}

}  // namespace
}  // namespace gatehouse::vault
