#include "crypto/totp.h"

#include <gtest/gtest.h>

namespace gatehouse::crypto {
namespace {

const Secret kRfc = Secret::copy_of(std::string_view("12345678901234567890"));

struct Vector {
  std::int64_t seconds;
  const char* code;
};

TEST(Totp, GivesTheCodesOfRfc6238AppendixB) {
  for (auto [seconds, code] :
       {Vector{59, "94287082"}, Vector{1111111109, "07081804"}, Vector{1111111111, "14050471"},
        Vector{1234567890, "89005924"}, Vector{2000000000, "69279037"}, Vector{20000000000, "65353130"}}) {
    auto step = totp_step(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
    EXPECT_EQ(totp_code(kRfc, step, 8), code) << seconds;
    EXPECT_EQ(totp_code(kRfc, step), std::string(code).substr(2)) << seconds;
  }
}

TEST(Totp, TakesTheCodesOfOneStepBeforeAndAfter) {
  for (std::int64_t away : {-1, 0, 1})
    EXPECT_EQ(totp_match(kRfc, totp_code(kRfc, 1000 + away), 1000, 0), 1000 + away);
  for (std::int64_t away : {-2, 2})
    EXPECT_EQ(totp_match(kRfc, totp_code(kRfc, 1000 + away), 1000, 0), std::nullopt);
}

TEST(Totp, TakesNoCodeTwiceNorAnOlderOneThanTheLast) {
  EXPECT_EQ(totp_match(kRfc, totp_code(kRfc, 1000), 1000, 999), 1000);
  EXPECT_EQ(totp_match(kRfc, totp_code(kRfc, 1000), 1000, 1000), std::nullopt);
  EXPECT_EQ(totp_match(kRfc, totp_code(kRfc, 999), 1000, 1000), std::nullopt);
  EXPECT_EQ(totp_match(kRfc, totp_code(kRfc, 1001), 1000, 1000), 1001);
}

TEST(Totp, TakesNothingThatIsNoCode) {
  for (auto text : {"", "12345", "1234567", "abcdef"})
    EXPECT_EQ(totp_match(kRfc, text, 1000, 0), std::nullopt);
}

TEST(Totp, WritesSecretsInBase32) {
  EXPECT_EQ(to_base32(kRfc).reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(to_base32(Secret::copy_of(std::string_view("f"))).reveal(), "MY");
  EXPECT_EQ(to_base32(Secret::copy_of(std::string_view("foobar"))).reveal(), "MZXW6YTBOI");
}

}  // namespace
}  // namespace gatehouse::crypto
