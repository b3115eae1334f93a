// Published vectors: FIPS 180-4, RFC 4231, RFC 5869, RFC 8032.
#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "crypto/ed25519.h"
#include "crypto/encoding.h"
#include "crypto/hkdf.h"

namespace gatehouse::crypto {
namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}
Secret secret_hex(std::string_view text) {
  return Secret::copy_of(hex(text));
}
Bytes counting(unsigned from, unsigned to) {
  Bytes bytes;
  for (unsigned i = from; i <= to; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  return bytes;
}

TEST(Sha256, AgreesWithThePublishedVectors) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, GivesTheSameForPartsAndStreams) {
  EXPECT_EQ(sha256({"a", "", "bc"}), sha256("abc"));
  Sha256 stream;
  stream.update("ab").update("c");
  // A digest in between must not disturb the stream.
  EXPECT_EQ(sha256("a"), sha256({"a"}));
  EXPECT_EQ(stream.finish(), sha256("abc"));
}

TEST(HmacSha256, AgreesWithTheVectorsOfRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(Secret::copy_of(Bytes(20, 0x0b)), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(Secret::copy_of("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Secret::copy_of(Bytes(131, 0xaa)),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, DoesNotReuseTheLastKeyForAnEmptyOne) {
  hmac_sha256(Secret::copy_of("another"), "");
  EXPECT_EQ(to_hex(hmac_sha256(Secret(), "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Equal, ComparesContentAndLength) {
  EXPECT_TRUE(equal("abc", "abc"));
  EXPECT_FALSE(equal("abc", "abd"));
  EXPECT_FALSE(equal("abc", "ab"));
  EXPECT_TRUE(equal("", ""));
}

TEST(Hkdf, AgreesWithTheVectorsOfRfc5869) {
  auto revealed = [](const Secret& secret) { return to_hex(secret.reveal_bytes()); };
  Secret short_key = Secret::copy_of(Bytes(22, 0x0b));
  EXPECT_EQ(revealed(hkdf_sha256(short_key, counting(0x00, 0x0c), counting(0xf0, 0xf9), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(revealed(hkdf_sha256(Secret::copy_of(counting(0x00, 0x4f)), counting(0x60, 0xaf),
                                 counting(0xb0, 0xff), 82)),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
  EXPECT_EQ(revealed(hkdf_sha256(short_key, "", "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, RefusesLengthsThatTheRfcDoesNotDefine) {
  Secret key = Secret::random(32);
  EXPECT_THROW(hkdf_sha256(key, "", "", 0), Failure);
  EXPECT_THROW(hkdf_sha256(key, "", "", 8161), Failure);
  EXPECT_EQ(hkdf_sha256(key, "", "", 8160).size(), 8160u);
}

struct Rfc8032 {
  const char *seed, *public_key, *message, *signature;
};
const Rfc8032 kRfc8032[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                             "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33ba"
                             "cc61e39701cf9b46bd25bf5f0595bbe"
                             "24655141438e7a100b"},
                            {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                             "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996"
                             "e458f3613d0f11d8c387b2eaeb4302ae"
                             "eb00d291612bb0c00"}};

TEST(Ed25519, AgreesWithTheVectorsOfRfc8032) {
  for (const Rfc8032& vector : kRfc8032) {
    Ed25519Key key = Ed25519Key::from_seed(secret_hex(vector.seed));
    EXPECT_EQ(to_hex(key.public_key()), vector.public_key);
    EXPECT_EQ(to_hex(key.sign(hex(vector.message))), vector.signature);
    EXPECT_TRUE(verify_ed25519(key.public_key(), hex(vector.message), hex(vector.signature)));
  }
}

TEST(Ed25519, RefusesAnotherMessageKeyOrSignature) {
  Ed25519Key key = Ed25519Key::generate();
  auto signature = key.sign("checkpoint");
  EXPECT_TRUE(verify_ed25519(key.public_key(), "checkpoint", signature));
  EXPECT_FALSE(verify_ed25519(key.public_key(), "checkpoint ", signature));
  EXPECT_FALSE(verify_ed25519(Ed25519Key::generate().public_key(), "checkpoint", signature));
  EXPECT_FALSE(verify_ed25519(key.public_key(), "checkpoint", ByteView(signature).first(63)));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    auto altered = signature;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(verify_ed25519(key.public_key(), "checkpoint", altered)) << bit;
  }
  // The neutral element as key would accept a signature of anything.
  Ed25519PublicKey neutral{1};
  Ed25519Signature trivial{1};
  EXPECT_FALSE(verify_ed25519(neutral, "anything", trivial));
}

TEST(Ed25519, ReadsTheTextItWrites) {
  Ed25519Key key = Ed25519Key::generate();
  auto again = Ed25519Key::parse(Secret::copy_of(" " + std::string(key.to_text().reveal()) + "\n"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key(), key.public_key());
  EXPECT_FALSE(Ed25519Key::parse(Secret::copy_of("")));
  EXPECT_FALSE(Ed25519Key::parse(Secret::copy_of(" \n")));
  EXPECT_FALSE(Ed25519Key::parse(Secret::copy_of("c2hvcnQ=")));
}

}  // namespace
}  // namespace gatehouse::crypto
