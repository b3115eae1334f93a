#include "vault/master_key.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/uuid.h"
#include "crypto/encoding.h"

namespace gatehouse::vault {
namespace {

using crypto::Secret;

Result<MasterKeys> parse(std::string_view text) {
  return MasterKeys::parse(Secret::copy_of(text));
}
std::string fresh() {
  return std::string(MasterKeys::generate_text().reveal());
}

std::string refusal(std::string_view text) {
  auto keys = parse(text);
  if (keys) return "(accepted)";
  EXPECT_EQ(keys.error().code, ErrorCode::validation_failed);
  return keys.error().detail;
}

TEST(MasterKeys, AcceptsAFreshKeyInEitherEncoding) {
  std::string hex = fresh();
  auto from_hex = parse(hex + "\n");
  auto from_base64 = parse(crypto::to_base64(*crypto::from_hex(hex)));
  ASSERT_TRUE(from_hex && from_base64);
  EXPECT_EQ(from_hex->current_version(), 1u);
  EXPECT_TRUE(crypto::equal(*from_hex->find(1), *from_base64->find(1)));
  EXPECT_EQ(from_hex->find(2), nullptr);
}

TEST(MasterKeys, TakesTheHighestVersionAsCurrent) {
  for (const char* separator : {",", "\n", " ,\r\n"}) {
    auto keys = parse("7:" + fresh() + separator + "3 : " + fresh());
    ASSERT_TRUE(keys) << separator;
    EXPECT_EQ(keys->current_version(), 7u);
    EXPECT_NE(keys->find(3), nullptr);
  }
}

TEST(MasterKeys, RefusesAMissingKey) {
  for (const char* text : {"", " \n", ",,"})
    EXPECT_NE(refusal(text).find("no master key"), std::string::npos) << text;
  EXPECT_NE(refusal("2:").find("32 bytes"), std::string::npos);
}

TEST(MasterKeys, RefusesAKeyOfAnotherLength) {
  std::string hex = fresh();
  EXPECT_NE(refusal(hex.substr(2)), "(accepted)");
  EXPECT_NE(refusal(crypto::to_base64(Secret::random(16).reveal_bytes())).find("32 bytes"),
            std::string::npos);
  EXPECT_NE(refusal(crypto::to_base64(Secret::random(33).reveal_bytes())).find("32 bytes"),
            std::string::npos);
  EXPECT_NE(refusal(hex.substr(1)), "(accepted)");
  EXPECT_NE(refusal(hex + "00"), "(accepted)");
  EXPECT_NE(refusal("not a key!"), "(accepted)");
}

TEST(MasterKeys, RefusesTheExample) {
  EXPECT_NE(refusal(kExampleMasterKey).find("example"), std::string::npos);
  EXPECT_NE(refusal(crypto::to_base64(*crypto::from_hex(kExampleMasterKey))).find("example"),
            std::string::npos);
  EXPECT_NE(refusal("1:" + fresh() + ",2:" + std::string(kExampleMasterKey)).find("example"),
            std::string::npos);
  EXPECT_FALSE(is_example(Secret::random(32)));
}

TEST(MasterKeys, RefusesKeysThatAreNotRandom) {
  crypto::Bytes counting, stepping;
  for (unsigned i = 0; i < 32; ++i) {
    counting.push_back(static_cast<std::uint8_t>(i));
    stepping.push_back(static_cast<std::uint8_t>(7 + 11 * i));
  }
  Secret half = Secret::random(16);
  std::string doubled = crypto::to_hex(half.reveal_bytes()) + crypto::to_hex(half.reveal_bytes());
  for (const std::string& text :
       {std::string(64, '0'), std::string(64, 'f'), crypto::to_hex(counting), crypto::to_hex(stepping),
        doubled, crypto::to_hex("correct horse battery staple, 1!")})
    EXPECT_NE(refusal(text).find("not random"), std::string::npos) << text;
}

TEST(MasterKeys, RefusesBadVersions) {
  EXPECT_NE(refusal("1:" + fresh() + ",1:" + fresh()).find("twice"), std::string::npos);
  for (const char* version : {"0:", "-1:", "x:", "1x:", "99999999999:", ":"})
    EXPECT_NE(refusal(version + fresh()).find("number from 1"), std::string::npos) << version;
}

TEST(MasterKeys, NeverRepeatsAKeyInItsErrors) {
  std::string almost = fresh().substr(0, 62);
  EXPECT_EQ(refusal(almost).find(almost.substr(0, 8)), std::string::npos);
  EXPECT_EQ(refusal("1:" + almost).find(almost.substr(0, 8)), std::string::npos);
}

TEST(MasterKeys, AreReadFromAFile) {
  auto path = std::filesystem::temp_directory_path() / ("master-key-" + Uuid::v7().to_string());
  std::ofstream(path) << fresh() << '\n';
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  EXPECT_TRUE(MasterKeys::load_file(path));
  std::ofstream(path) << std::string(100'000, 'a');
  EXPECT_FALSE(MasterKeys::load_file(path));
  std::filesystem::remove(path);
  auto absent = MasterKeys::load_file(path);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::validation_failed);
  EXPECT_FALSE(MasterKeys::load_file(std::filesystem::temp_directory_path()));
}

TEST(MasterKeys, AreRefusedInAFileThatOthersCanReadOrChange) {
  auto path = std::filesystem::temp_directory_path() / ("master-key-" + Uuid::v7().to_string());
  std::ofstream(path) << fresh();
  auto with_mode = [&](unsigned mode) {
    std::filesystem::permissions(path, std::filesystem::perms(mode));
    return MasterKeys::load_file(path);
  };
  for (unsigned good : {0600U, 0400U, 0700U}) EXPECT_TRUE(with_mode(good)) << good;
  for (unsigned bad : {0666U, 0644U, 0604U, 0602U, 0601U, 0620U, 0460U}) {
    auto refused = with_mode(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_NE(refused.error().detail.find(fmt::format("has mode {:04o}", bad)), std::string::npos);
  }
  // Whose group may read it: root's alone, whoever reads.
  for (unsigned group : {0640U, 0440U}) EXPECT_EQ(with_mode(group).has_value(), geteuid() == 0) << group;
  if (geteuid() == 0 && chown(path.c_str(), 65534, 65534) == 0) {
    EXPECT_FALSE(with_mode(0440));
    EXPECT_TRUE(with_mode(0400));
  }
  std::filesystem::remove(path);
}

TEST(MasterKeys, AreReadFromTheEnvironment) {
  constexpr const char* kName = "GATEHOUSE_TEST_MASTER_KEY";
  unsetenv(kName);
  EXPECT_FALSE(MasterKeys::load_environment(kName));
  setenv(kName, fresh().c_str(), 1);
  EXPECT_TRUE(MasterKeys::load_environment(kName));
  unsetenv(kName);
}

}  // namespace
}  // namespace gatehouse::vault
