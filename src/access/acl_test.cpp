#include "access/acl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/grant_attributes.h"

namespace gatehouse::access {
namespace {

using testing::ElementsAre;
using Reason = AclDecision::Reason;

Timestamp at(std::string_view text) {
  return parse_rfc3339(text).value();
}

TimeWindow window(std::vector<int> days, std::string_view hours, std::string_view zone) {
  return TimeWindow::make(days, hours, TimeZone::find(zone).value()).value();
}

const UserId kAna = UserId::make(), kBo = UserId::make();
const GroupId kSales = GroupId::make();
const Uuid kChat = Uuid::v7();
const AclContext kNow{.address = std::nullopt, .time = at("2026-11-25T12:00:00Z")};

Grant grant(AclAction action, std::optional<UserId> user = kAna,
            std::optional<GroupId> group = std::nullopt) {
  return {.id = GrantId::make(),
          .kind = ResourceKind::CHT,
          .resource = kChat,
          .action = action,
          .user = user,
          .group = group,
          .valid_from = at("2026-11-01T00:00:00Z")};
}

Reason decide(Grant one, AclAction action, AclContext context = kNow, UserId user = kAna) {
  Acl acl({std::move(one)});
  return acl.decide(user, {}, ResourceKind::CHT, kChat, action, context).reason;
}

TEST(Acl, AllowsWhatWasGrantedToThePersonAndNothingElse) {
  EXPECT_EQ(decide(grant(AclAction::REA), AclAction::REA), Reason::granted);
  EXPECT_EQ(decide(grant(AclAction::REA), AclAction::UPD), Reason::no_grant);
  EXPECT_EQ(decide(grant(AclAction::REA), AclAction::REA, kNow, kBo), Reason::no_grant);
  Acl acl({grant(AclAction::REA)});
  EXPECT_FALSE(acl.decide(kAna, {}, ResourceKind::WSP, kChat, AclAction::REA, kNow).allowed());
  EXPECT_FALSE(acl.decide(kAna, {}, ResourceKind::CHT, Uuid::v7(), AclAction::REA, kNow).allowed());
}

TEST(Acl, TakesManageForEveryAction) {
  for (auto action : {AclAction::REA, AclAction::WRI, AclAction::UPD, AclAction::MNG})
    EXPECT_EQ(decide(grant(AclAction::MNG), action), Reason::granted);
}

TEST(Acl, CountsAGroupForThoseWhoAreInIt) {
  Acl acl({grant(AclAction::REA, std::nullopt, kSales)});
  std::vector groups = {kSales};
  EXPECT_TRUE(acl.decide(kAna, groups, ResourceKind::CHT, kChat, AclAction::REA, kNow).allowed());
  EXPECT_FALSE(acl.decide(kAna, {}, ResourceKind::CHT, kChat, AclAction::REA, kNow).allowed());
  EXPECT_THAT(acl.granted(kAna, groups, ResourceKind::CHT, AclAction::REA, kNow), ElementsAre(kChat));
}

TEST(Acl, CountsWhatWasPassedOnWhileItsGiverHoldsThatFromWhichItComes) {
  const UserId cy = UserId::make();
  auto passed_on = [&](std::optional<UserId> to, std::optional<GroupId> to_group, UserId by,
                       std::vector<GroupId> groups) {
    auto parent = grant(AclAction::MNG, to, to_group), child = grant(AclAction::UPD, kAna);
    PassedOnGrants from = {{child.id, {.from = parent.id, .by = by, .groups = std::move(groups)}}};
    Acl acl({parent, child}, std::move(from));
    auto decision = acl.decide(kAna, {}, ResourceKind::CHT, kChat, AclAction::UPD, kNow);
    EXPECT_EQ(acl.granted(kAna, {}, ResourceKind::CHT, AclAction::UPD, kNow).size(),
              decision.allowed() ? 1U : 0U);
    return decision.reason;
  };
  EXPECT_EQ(passed_on(kBo, std::nullopt, kBo, {}), Reason::granted);
  EXPECT_EQ(passed_on(kBo, std::nullopt, cy, {}), Reason::no_grant);
  EXPECT_EQ(passed_on(std::nullopt, kSales, kBo, {GroupId::make(), kSales}), Reason::granted);
  EXPECT_EQ(passed_on(std::nullopt, kSales, kBo, {GroupId::make()}), Reason::no_grant);
}

TEST(Acl, HoldsFromTheFirstToTheLastMomentOfItsValidity) {
  auto one = grant(AclAction::REA);
  one.valid_to = kNow.time;
  EXPECT_EQ(decide(one, AclAction::REA), Reason::granted);
  EXPECT_EQ(decide(one, AclAction::REA, {.time = kNow.time + std::chrono::microseconds(1)}), Reason::expired);
  one.valid_from = kNow.time;
  EXPECT_EQ(decide(one, AclAction::REA), Reason::granted);
  EXPECT_EQ(decide(one, AclAction::REA, {.time = kNow.time - std::chrono::microseconds(1)}),
            Reason::not_yet_valid);
}

TEST(Acl, HoldsFromTheListedAddressesAlone) {
  auto one = grant(AclAction::REA);
  one.conditions.addresses = {*http::Cidr::parse("192.168.1.0/24")};
  auto from = [&](std::string_view text) {
    return decide(one, AclAction::REA, {.address = boost::asio::ip::make_address(text), .time = kNow.time});
  };
  EXPECT_EQ(from("192.168.1.77"), Reason::granted);
  EXPECT_EQ(from("::ffff:192.168.1.77"), Reason::granted);
  EXPECT_EQ(from("192.168.2.77"), Reason::address);
  EXPECT_EQ(decide(one, AclAction::REA), Reason::address);  // from nowhere that is known
}

TEST(TimeWindow, IsOfTheZonesClock) {
  auto office = window({1, 2, 3, 4, 5}, "09:00-18:00", "America/Sao_Paulo");  // UTC-3
  EXPECT_TRUE(office.contains(at("2026-11-25T12:00:00Z")));                   // Wednesday, 9:00
  EXPECT_FALSE(office.contains(at("2026-11-25T11:59:59Z")));
  EXPECT_FALSE(office.contains(at("2026-11-25T21:00:00Z")));
  EXPECT_FALSE(office.contains(at("2026-11-28T15:00:00Z")));  // Saturday
}

TEST(TimeWindow, ThatCrossesMidnightBelongsToTheDayOnWhichItBegan) {
  auto night = window({5}, "22:00-06:00", "UTC");
  EXPECT_TRUE(night.contains(at("2026-11-27T23:00:00Z")));   // Friday
  EXPECT_TRUE(night.contains(at("2026-11-28T05:59:00Z")));   // Saturday, still Friday's
  EXPECT_FALSE(night.contains(at("2026-11-27T05:00:00Z")));  // Friday, but Thursday's
}

TEST(TimeWindow, FollowsSummerTime) {
  auto office = window({}, "09:00-10:00", "Europe/Berlin");
  EXPECT_TRUE(office.contains(at("2026-07-01T07:30:00Z")));
  EXPECT_TRUE(office.contains(at("2026-12-01T08:30:00Z")));
  EXPECT_FALSE(office.contains(at("2026-12-01T07:30:00Z")));
}

TEST(TimeWindow, IsRefusedWhereItIsNone) {
  auto utc = TimeZone::find("UTC").value();
  for (auto hours : {"9:00-18:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "24:00-06:00", "09:00/18:00"})
    EXPECT_FALSE(TimeWindow::make({}, hours, utc)) << hours;
  EXPECT_FALSE(TimeWindow::make(std::vector{0}, "", utc));
  EXPECT_FALSE(TimeWindow::make(std::vector{8}, "", utc));
  EXPECT_TRUE(TimeWindow::make({}, "22:00-24:00", utc));
  for (auto zone : {"", "Mars/Olympus", "GMT+3", "Etc/Unknown"}) EXPECT_FALSE(TimeZone::find(zone)) << zone;
}

TEST(GrantAttributes, NameEveryConditionThatIsNone) {
  auto attributes = json::decode_text<GrantAttributes>(
      R"({"conditions":{"ip_whitelist":["10.0.0.0/8","10.0.0.1/8","x.y"],"time_restrictions":{"hours":"18:00-18:00"}}})");
  ASSERT_TRUE(attributes);
  auto conditions = to_conditions(*attributes);
  ASSERT_FALSE(conditions);
  std::vector<std::string> pointers;
  for (const auto& field : conditions.error().fields) pointers.push_back(field.pointer);
  EXPECT_THAT(pointers,
              ElementsAre("/attributes/conditions/ip_whitelist/1", "/attributes/conditions/ip_whitelist/2",
                          "/attributes/conditions/time_restrictions/hours"));
}

}  // namespace
}  // namespace gatehouse::access
