#include "crypto/encoding.h"

#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "crypto/random.h"

namespace gatehouse::crypto {
namespace {

std::string text_of(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(bytes->begin(), bytes->end()) : "(refused)";
}

TEST(Encoding, AgreesWithTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (auto [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(text_of(from_base64(encoded)), plain);
    std::string unpadded(encoded);
    unpadded.erase(unpadded.find_last_not_of('=') + 1);
    EXPECT_EQ(to_base64url(plain), unpadded);
    EXPECT_EQ(text_of(from_base64url(unpadded)), plain);
  }
  EXPECT_EQ(to_hex("foobar"), "666f6f626172");
  EXPECT_EQ(text_of(from_hex("666F6f626172")), "foobar");
}

TEST(Encoding, UsesTheUrlAlphabetForUrls) {
  Bytes bytes{0xfb, 0xff, 0xfe};
  EXPECT_EQ(to_base64(bytes), "+//+");
  EXPECT_EQ(to_base64url(bytes), "-__-");
  EXPECT_FALSE(from_base64url("+//+"));
  EXPECT_FALSE(from_base64("-__-"));
}

TEST(Encoding, RefusesEverythingButTheCanonicalText) {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Zh==", "Z", "Zg==\n", " Zg==", "Zm9v=", "Zm\n9v", "Zm9vYg==Zg=="})
    EXPECT_FALSE(from_base64(text)) << text;
  for (const char* text : {"Zg==", "Zh", "Z", "Zm9v\n", "Zm 9v", "Zm9v="})
    EXPECT_FALSE(from_base64url(text)) << text;
  EXPECT_FALSE(from_base64url(std::string_view("Zm9v\0", 5)));
  for (const char* text : {"6", "6g", "66 6f", "666", "0x66"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Encoding, WritesBase62AtAFixedWidth) {
  std::array<std::uint8_t, 32> zero{}, most;
  most.fill(0xff);
  EXPECT_EQ(to_base62(zero), std::string(43, '0'));
  EXPECT_EQ(to_base62(most), "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
  EXPECT_EQ(to_base62(std::uint32_t{0xffffffff}), "4gfFC3");
  for (int i = 0; i < 200; ++i) {
    auto bytes = random_bytes<32>();
    auto back = from_base62(to_base62(bytes));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, bytes);
  }
}

TEST(Encoding, RefusesBase62OfAnotherWidthOrBeyond256Bits) {
  EXPECT_FALSE(from_base62(std::string(42, '0')));
  EXPECT_FALSE(from_base62(std::string(44, '0')));
  EXPECT_FALSE(from_base62(std::string(43, 'z')));
  EXPECT_FALSE(from_base62(std::string(42, '0') + "_"));
  EXPECT_FALSE(from_base62("yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp2"));
}

TEST(Random, DoesNotRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_token(12));
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(random_token(32).size(), 43u);
}

TEST(Random, FillsLargeBuffersToTheEnd) {
  Bytes bytes(100'000);
  fill_random(bytes);
  std::set<std::uint8_t> last(bytes.end() - 4096, bytes.end());
  EXPECT_GT(last.size(), 200u);
}

TEST(Random, GivesAForkedChildBytesOfItsOwn) {
  random_bytes<16>();  // so that the buffer is partly used
  int channel[2];
  ASSERT_EQ(pipe(channel), 0);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto bytes = random_bytes<16>();
    _exit(write(channel[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
  }
  auto ours = random_bytes<16>();
  std::array<std::uint8_t, 16> theirs{};
  ASSERT_EQ(read(channel[0], theirs.data(), theirs.size()), 16);
  int status = 0;
  waitpid(child, &status, 0);
  close(channel[0]);
  close(channel[1]);
  EXPECT_NE(ours, theirs);
}

}  // namespace
}  // namespace gatehouse::crypto
