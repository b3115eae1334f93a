#include "sso/dns_txt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::sso {
namespace {

using ::testing::ElementsAre;

/// Header with one question and `answers`, the question `a.test TXT`, then what follows.
std::vector<std::uint8_t> message(std::uint8_t answers, std::string_view rest) {
  std::vector<std::uint8_t> bytes{0, 1,   0x81, 0x80, 0,   1,   0,   answers, 0, 0,  0, 0,
                                  1, 'a', 4,    't',  'e', 's', 't', 0,       0, 16, 0, 1};
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

std::string record(std::string_view data) {
  std::string text("\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x3c\x00", 11);
  return text + static_cast<char>(data.size()) + std::string(data);
}

TEST(TxtAnswer, JoinsTheStringsOfARecord) {
  auto answer = message(2, record(std::string("\x02ok\x03...", 7)) + record(std::string("\x01x", 2)));
  EXPECT_THAT(read_txt_answer(answer).value(), ElementsAre("ok...", "x"));
}

TEST(TxtAnswer, AStringThatReachesBeyondItsRecordIsRefused) {
  EXPECT_FALSE(read_txt_answer(message(1, record(std::string("\x09ok", 3)))));
  EXPECT_FALSE(read_txt_answer(message(3, record(std::string("\x01x", 2)))));
  EXPECT_FALSE(read_txt_answer({}));
}

TEST(DnsServer, IsAnAddressWithAPort) {
  EXPECT_EQ(DnsServer::parse("127.0.0.1:5353")->port, 5353);
  EXPECT_EQ(DnsServer::parse("127.0.0.1")->port, 53);
  for (auto bad : {"", "dns.test", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:x", "::1"})
    EXPECT_FALSE(DnsServer::parse(bad)) << bad;
}

}  // namespace
}  // namespace gatehouse::sso
