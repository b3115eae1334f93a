#include "vault/data_key.h"

#include <type_traits>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace gatehouse::vault {
namespace {

static_assert(!std::is_convertible_v<const OrganizationKey&, const PersonKey&>);
static_assert(!fmt::is_formattable<OrganizationKey>::value && !fmt::is_formattable<Sealed>::value);
static_assert(!boost::json::has_value_from<OrganizationKey>::value);

const Uuid kOrganization = Uuid::v7();

SealContext field() {
  return {.organization = kOrganization, .table = "tenant_secrets", .row = "row", .field = "value"};
}

TEST(SealField, OpensInItsPlaceOnly) {
  OrganizationKey key = generate_organization_key(kOrganization);
  Sealed sealed = seal_field(key, field(), "secret");
  EXPECT_EQ(open_field(key, field(), sealed).value().reveal(), "secret");
  SealContext table = field(), row = field(), name = field(), organization = field(), shifted = field();
  table.table = "provider_keys";
  row.row = "another";
  name.field = "note";
  organization.organization = Uuid::v7();
  shifted.table = "tenant_secretsr";
  shifted.row = "ow";
  for (const SealContext& wrong : {table, row, name, organization, shifted}) {
    auto result = open_field(key, wrong, sealed);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::validation_failed);
  }
}

TEST(SealField, RefusesAnotherKeyOfTheSameName) {
  Sealed sealed = seal_field(generate_organization_key(kOrganization), field(), "secret");
  EXPECT_FALSE(open_field(generate_organization_key(kOrganization), field(), sealed));
}

TEST(SealField, RefusesTheSameBytesUnderAnotherVersionOrOwner) {
  crypto::Secret bytes = crypto::Secret::random(32);
  OrganizationKey first(kOrganization, Uuid{}, 1, bytes.clone());
  OrganizationKey second(kOrganization, Uuid{}, 2, bytes.clone());
  PersonKey person(kOrganization, Uuid::v7(), 1, bytes.clone());
  Sealed sealed = seal_field(first, field(), "secret");
  EXPECT_EQ(sealed.key_version(), 1u);
  EXPECT_FALSE(open_field(second, field(), sealed));
  EXPECT_FALSE(open_field(person, field(), sealed));
  // Rewriting the version in the header does not help either: it is authenticated.
  Sealed relabelled = sealed;
  relabelled.bytes[4] = 2;
  EXPECT_EQ(relabelled.key_version(), 2u);
  EXPECT_FALSE(open_field(second, field(), relabelled));
}

TEST(SealField, RefusesEveryFlippedByteAndTruncation) {
  OrganizationKey key = generate_organization_key(kOrganization);
  Sealed sealed = seal_field(key, field(), "secret");
  for (std::size_t at = 0; at < sealed.bytes.size(); ++at) {
    Sealed flipped = sealed, cut = sealed;
    flipped.bytes[at] ^= 1;
    cut.bytes.resize(at);
    EXPECT_FALSE(open_field(key, field(), flipped)) << at;
    EXPECT_FALSE(open_field(key, field(), cut)) << at;
  }
}

TEST(SealField, ThrowsWhenTheContextIsAnotherOrganizations) {
  SealContext foreign = field();
  foreign.organization = Uuid::v7();
  EXPECT_THROW(seal_field(generate_organization_key(kOrganization), foreign, "x"), Failure);
}

TEST(SealField, StopsAtTheBoundOnUses) {
  OrganizationKey key(kOrganization, Uuid{}, 1, crypto::Secret::random(32), 4);
  EXPECT_FALSE(key.needs_rotation());
  Sealed sealed = seal_field(key, field(), "1");
  seal_field(key, field(), "2");
  EXPECT_TRUE(key.needs_rotation());
  seal_field(key, field(), "3");
  seal_field(key, field(), "4");
  for (int i = 0; i < 3; ++i) EXPECT_THROW(seal_field(key, field(), "5"), Failure);
  EXPECT_TRUE(open_field(key, field(), sealed)) << "opening is not bounded";
}

TEST(SealField, IsResealedUnderTheNextVersion) {
  OrganizationKey from = generate_organization_key(kOrganization, 1);
  OrganizationKey to = generate_organization_key(kOrganization, 2);
  auto resealed = reseal_field(from, to, field(), seal_field(from, field(), "secret"));
  ASSERT_TRUE(resealed);
  EXPECT_EQ(resealed->key_version(), 2u);
  EXPECT_EQ(open_field(to, field(), *resealed).value().reveal(), "secret");
  EXPECT_FALSE(open_field(from, field(), *resealed));
  EXPECT_FALSE(reseal_field(from, to, field(), *resealed));
}

TEST(DataKey, HasThirtyTwoBytesAndAVersion) {
  EXPECT_THROW(OrganizationKey(kOrganization, Uuid{}, 1, crypto::Secret::random(31)), Failure);
  EXPECT_THROW(OrganizationKey(kOrganization, Uuid{}, 0, crypto::Secret::random(32)), Failure);
}

TEST(Sealed, IsReadBackFromItsBytes) {
  Sealed sealed = seal_field(generate_organization_key(kOrganization, 77), field(), "");
  EXPECT_EQ(sealed.bytes.size(), Sealed::kOverhead);
  auto again = Sealed::from_bytes(sealed.bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, sealed);
  EXPECT_EQ(again->key_version(), 77u);
}

TEST(Sealed, RefusesBytesThatCannotBeSealed) {
  EXPECT_FALSE(Sealed::from_bytes({}));
  EXPECT_FALSE(Sealed::from_bytes(crypto::Bytes(Sealed::kOverhead - 1, 1)));
  EXPECT_FALSE(Sealed::from_bytes(crypto::Bytes(100, 2)));
  EXPECT_EQ(Sealed{}.key_version(), 0u);
}

}  // namespace
}  // namespace gatehouse::vault
