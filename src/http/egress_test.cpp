#include "http/egress.h"

#include <gtest/gtest.h>

#include "http/loopback.h"

namespace gatehouse::http {
namespace {

using enum AddressClass;

TEST(Egress, ClassifiesEveryKindOfAddressAtItsEdges) {
  const std::vector<std::pair<const char*, AddressClass>> table = {{"0.0.0.0", unspecified},
                                                                   {"0.255.255.255", unspecified},
                                                                   {"1.0.0.0", global},
                                                                   {"9.255.255.255", global},
                                                                   {"10.0.0.0", private_},
                                                                   {"10.255.255.255", private_},
                                                                   {"11.0.0.0", global},
                                                                   {"100.63.255.255", global},
                                                                   {"100.64.0.0", shared},
                                                                   {"100.127.255.255", shared},
                                                                   {"100.128.0.0", global},
                                                                   {"100.100.100.200", metadata},
                                                                   {"126.255.255.255", global},
                                                                   {"127.0.0.1", loopback},
                                                                   {"127.255.255.255", loopback},
                                                                   {"128.0.0.0", global},
                                                                   {"168.63.129.16", metadata},
                                                                   {"169.253.255.255", global},
                                                                   {"169.254.0.0", link_local},
                                                                   {"169.254.169.254", metadata},
                                                                   {"169.254.170.2", metadata},
                                                                   {"169.254.255.255", link_local},
                                                                   {"172.15.255.255", global},
                                                                   {"172.16.0.0", private_},
                                                                   {"172.31.255.255", private_},
                                                                   {"172.32.0.0", global},
                                                                   {"192.0.0.1", reserved},
                                                                   {"192.0.0.192", metadata},
                                                                   {"192.0.2.1", reserved},
                                                                   {"192.88.99.1", translated},
                                                                   {"192.167.255.255", global},
                                                                   {"192.168.0.0", private_},
                                                                   {"192.168.255.255", private_},
                                                                   {"192.169.0.0", global},
                                                                   {"198.17.255.255", global},
                                                                   {"198.18.0.0", reserved},
                                                                   {"198.19.255.255", reserved},
                                                                   {"198.51.100.1", reserved},
                                                                   {"203.0.113.9", reserved},
                                                                   {"223.255.255.255", global},
                                                                   {"224.0.0.1", multicast},
                                                                   {"239.255.255.255", multicast},
                                                                   {"240.0.0.1", reserved},
                                                                   {"255.255.255.255", reserved},
                                                                   {"8.8.8.8", global},
                                                                   {"::", unspecified},
                                                                   {"::1", loopback},
                                                                   {"::2", unspecified},
                                                                   {"::ffff:127.0.0.1", loopback},
                                                                   {"::ffff:10.1.2.3", private_},
                                                                   {"::ffff:169.254.169.254", metadata},
                                                                   {"::ffff:8.8.8.8", global},
                                                                   {"::127.0.0.1", loopback},
                                                                   {"::10.0.0.1", private_},
                                                                   {"64:ff9b::808:808", translated},
                                                                   {"64:ff9b::7f00:1", translated},
                                                                   {"64:ff9b:1::1", translated},
                                                                   {"100::1", reserved},
                                                                   {"2001::1", translated},
                                                                   {"2001:db8::1", reserved},
                                                                   {"2001:4860:4860::8888", global},
                                                                   {"2002:7f00:1::", translated},
                                                                   {"2606:4700::1111", global},
                                                                   {"3fff::1", reserved},
                                                                   {"4000::1", reserved},
                                                                   {"fc00::1", unique_local},
                                                                   {"fdff::1", unique_local},
                                                                   {"fd00:ec2::254", metadata},
                                                                   {"fe80::1", link_local},
                                                                   {"fe80::1%1", link_local},
                                                                   {"febf::1", link_local},
                                                                   {"fec0::1", unique_local},
                                                                   {"ff02::1", multicast}};
  for (auto [text, expected] : table)
    EXPECT_EQ(to_string(classify(boost::asio::ip::make_address(text))), to_string(expected)) << text;
}

Result<std::vector<boost::asio::ip::tcp::endpoint>> resolve(std::string host, const EgressPolicy& policy,
                                                            bool tls = false) {
  Reactor reactor;
  return reactor.run(
      resolve_allowed(std::move(host), 80, tls, policy, Clock::now() + std::chrono::seconds(30)));
}

TEST(Egress, LetsPublicAddressesBeCalledWithoutTlsOnlyIfTheyAreConfigured) {
  EXPECT_EQ(resolve("8.8.8.8", {}, true)->size(), 1U);
  EXPECT_EQ(resolve("8.8.8.8", {}).error().code, ErrorCode::egress_refused);
  EXPECT_EQ(resolve("8.8.8.8", {.allowed_networks = {*Cidr::parse("127.0.0.0/8")}}).error().code,
            ErrorCode::egress_refused);
  EXPECT_EQ(resolve("8.8.8.8", {.allowed_networks = {*Cidr::parse("8.8.8.0/24")}})->size(), 1U);
  EXPECT_EQ(resolve("8.8.8.8", {.allowed_hosts = {"8.8.8.8"}})->size(), 1U);
}

TEST(Egress, RefusesPrivateAddressesUnlessTheyAreConfigured) {
  EXPECT_EQ(resolve("127.0.0.1", {}).error().code, ErrorCode::egress_refused);
  EXPECT_EQ(resolve("localhost", {}).error().code, ErrorCode::egress_refused);
  EXPECT_EQ(resolve("::ffff:10.0.0.1", {}).error().code, ErrorCode::egress_refused);
  EXPECT_EQ(resolve("127.0.0.1", {.allowed_networks = {*Cidr::parse("127.0.0.0/8")}})->size(), 1U);
  EXPECT_GE(resolve("localhost", {.allowed_hosts = {"localhost"}})->size(), 1U);
  EXPECT_EQ(resolve("127.0.0.1", {.allowed_networks = {*Cidr::parse("10.0.0.0/8")}}).error().code,
            ErrorCode::egress_refused);
}

TEST(Cidr, ParsesStrictlyAndContainsItsEdges) {
  for (auto bad :
       {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/8x", "10.0.0.0/-1", "x", "fe80::%1/64"})
    EXPECT_FALSE(Cidr::parse(bad)) << bad;
  auto cidr = *Cidr::parse("10.128.0.0/9");
  EXPECT_TRUE(cidr.contains(boost::asio::ip::make_address("10.255.255.255")));
  EXPECT_TRUE(cidr.contains(boost::asio::ip::make_address("::ffff:10.128.0.0")));
  EXPECT_FALSE(cidr.contains(boost::asio::ip::make_address("10.127.255.255")));
  EXPECT_TRUE(Cidr::parse("::ffff:10.0.0.0/104")->contains(boost::asio::ip::make_address("10.9.9.9")));
  EXPECT_TRUE(Cidr::parse("0.0.0.0/0")->contains(boost::asio::ip::make_address("1.2.3.4")));
  EXPECT_FALSE(Cidr::parse("0.0.0.0/0")->contains(boost::asio::ip::make_address("::1")));
}

}  // namespace
}  // namespace gatehouse::http
