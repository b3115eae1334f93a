#include "crypto/aead.h"

#include <functional>

#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/encoding.h"

namespace gatehouse::crypto {
namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}
Secret secret_hex(std::string_view text) {
  return Secret::copy_of(hex(text));
}
std::string opened(const std::optional<Secret>& secret) {
  return secret ? to_hex(secret->reveal_bytes()) : "(refused)";
}

// McGrew and Viega, "The Galois/Counter Mode of Operation" (NIST), appendix B, test cases 13, 14 and 16.
TEST(Aead, OpensTheVectorsOfAes256Gcm) {
  Secret zero = Secret::copy_of(Bytes(32, 0));
  EXPECT_EQ(opened(open(zero, "", hex("000000000000000000000000530f8afbc74536b9a963b4f1c4cb738b"))), "");
  EXPECT_EQ(
      opened(open(
          zero, "",
          hex("000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"))),
      "00000000000000000000000000000000");
  Secret key = secret_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  EXPECT_EQ(opened(open(
                key, hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
                hex("cafebabefacedbaddecaf888"
                    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10"
                    "56828838c5f61e6393ba7a0abcc9f662"
                    "76fc6ece0f4e1768cddf8853bb2d551b"))),
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
            "b16aedf5"
            "aa0de657ba637b39");
}

// https://c2sp.org/XAES-256-GCM, "Test vectors": one for each value of the bit that decides the CMAC subkey.
TEST(Aead, OpensTheVectorsOfXaes256Gcm) {
  std::string nonce = to_hex("ABCDEFGHIJKLMNOPQRSTUVWX");
  EXPECT_EQ(opened(open_xaes(Secret::copy_of(Bytes(32, 0x01)), "",
                             hex(nonce + "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"))),
            to_hex("XAES-256-GCM"));
  EXPECT_EQ(opened(open_xaes(Secret::copy_of(Bytes(32, 0x03)), "c2sp.org/XAES-256-GCM",
                             hex(nonce + "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"))),
            to_hex("XAES-256-GCM"));
}

struct Variant {
  const char* name;
  std::size_t overhead;
  std::function<Bytes(const Secret&, ByteView, ByteView)> seal;
  std::function<std::optional<Secret>(const Secret&, ByteView, ByteView)> open;
};

class EitherAead : public testing::TestWithParam<Variant> {};
INSTANTIATE_TEST_SUITE_P(Aead, EitherAead,
                         testing::Values(Variant{"Aes256Gcm", 28, &seal, &open},
                                         Variant{"Xaes256Gcm", 40, &seal_xaes, &open_xaes}),
                         [](const auto& variant) { return variant.param.name; });

TEST_P(EitherAead, OpensWhatItSealedAtEveryLength) {
  Secret key = Secret::random(32);
  for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 1000u, 100'000u}) {
    std::string plain(size, 'p');
    Bytes sealed = GetParam().seal(key, "context", plain);
    EXPECT_EQ(sealed.size(), size + GetParam().overhead);
    auto secret = GetParam().open(key, "context", sealed);
    ASSERT_TRUE(secret) << size;
    EXPECT_EQ(secret->reveal(), plain);
  }
}

TEST_P(EitherAead, UsesAnotherNonceEachTime) {
  Secret key = Secret::random(32);
  EXPECT_NE(GetParam().seal(key, "", "same"), GetParam().seal(key, "", "same"));
}

TEST_P(EitherAead, RefusesAnotherKeyOrContext) {
  Secret key = Secret::random(32);
  Bytes sealed = GetParam().seal(key, "context", "secret");
  EXPECT_FALSE(GetParam().open(Secret::random(32), "context", sealed));
  EXPECT_FALSE(GetParam().open(key, "", sealed));
  EXPECT_FALSE(GetParam().open(key, "context ", sealed));
  EXPECT_TRUE(GetParam().open(key, "context", sealed));
}

TEST_P(EitherAead, RefusesEveryFlippedBitAndEveryTruncation) {
  Secret key = Secret::random(32);
  Bytes sealed = GetParam().seal(key, "context", "secret");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes altered = sealed;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(GetParam().open(key, "context", altered)) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(GetParam().open(key, "context", std::span(sealed).first(size))) << size;
  sealed.push_back(0);
  EXPECT_FALSE(GetParam().open(key, "context", sealed));
}

TEST_P(EitherAead, ThrowsForAKeyOfAnotherSize) {
  EXPECT_THROW(GetParam().seal(Secret::random(16), "", ""), Failure);
  EXPECT_THROW(GetParam().open(Secret(), "", Bytes(64)), Failure);
}

TEST(Aad, KeepsPartsApart) {
  EXPECT_NE(aad({"ab", "c"}), aad({"a", "bc"}));
  EXPECT_NE(aad({"a"}), aad({"a", ""}));
  EXPECT_EQ(to_hex(aad({"ab", ""})), "00000002616200000000");
}

}  // namespace
}  // namespace gatehouse::crypto
