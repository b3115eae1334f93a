// The decision in C++ and check_permission() in SQL, over random grants and questions, against an oracle that
// knows neither: it walks all grants and reckons with constant offsets.
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/acl.h"
#include "access/grant_attributes.h"
#include "access/session_context.h"
#include "pg/params.h"
#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;

struct Zone {
  std::string_view name;
  std::chrono::minutes offset;
};
constexpr std::array kZones = {Zone{"UTC", 0min}, Zone{"America/Sao_Paulo", -180min},
                               Zone{"Asia/Kolkata", 330min}};

struct RawGrant {
  GrantId id = GrantId::make();
  ResourceKind kind{};
  Uuid resource;
  AclAction action{};
  std::optional<std::size_t> user, group;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  bool is_active = true;
  bool is_revoked = false;
  std::vector<std::string> networks;
  bool has_times = false;
  std::size_t zone = 0;
  std::vector<int> days;
  std::optional<std::pair<int, int>> hours;  // minutes of the day
};

struct Question {
  std::size_t user = 0;
  ResourceKind kind{};
  Uuid resource;
  AclAction action{};
  std::optional<std::string> address;
  Timestamp time;
};

std::string hhmm(int minutes) {
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string attributes_of(const RawGrant& grant) {
  json::Object conditions;
  if (!grant.networks.empty()) {
    json::Array list;
    for (const auto& network : grant.networks) list.emplace_back(network);
    conditions["ip_whitelist"] = std::move(list);
  }
  if (grant.has_times) {
    json::Object times{{"time_zone", kZones[grant.zone].name}};
    if (!grant.days.empty()) {
      json::Array list;
      for (int day : grant.days) list.emplace_back(day);
      times["days_of_week"] = std::move(list);
    }
    if (grant.hours) times["hours"] = hhmm(grant.hours->first) + "-" + hhmm(grant.hours->second);
    conditions["time_restrictions"] = std::move(times);
  }
  return json::write(json::Object{{"conditions", std::move(conditions)}});
}

class AclAgreement : public ::testing::Test {
 protected:
  static constexpr std::size_t kUsers = 6, kGroups = 3, kResources = 4;

  std::mt19937 random{20261126};
  std::vector<UserId> users = make<UserId>(kUsers);
  std::vector<GroupId> groups = make<GroupId>(kGroups);
  std::vector<Uuid> resources = [] {
    std::vector<Uuid> made;
    for (std::size_t i = 0; i < kResources; ++i) made.push_back(Uuid::v7());
    return made;
  }();
  std::set<std::pair<std::size_t, std::size_t>> members;  // user, group
  std::size_t inactive_member = kUsers - 1, inactive_group = kGroups - 1;
  OrganizationId organization = OrganizationId::make();
  std::vector<RawGrant> grants;

  template <class Id>
  static std::vector<Id> make(std::size_t count) {
    std::vector<Id> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(Id::make());
    return made;
  }
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  }
  bool one_in(std::size_t count) { return below(count) == 0; }
  Timestamp moment() {
    return parse_rfc3339("2026-11-20T00:00:00Z").value() + std::chrono::seconds(below(14 * 86'400));
  }
  std::string address() {
    return one_in(4) ? fmt::format("2001:db8::{:x}", below(4))
                     : fmt::format("10.{}.0.{}", below(3), below(4));
  }

  RawGrant random_grant() {
    RawGrant grant{.kind = one_in(2) ? ResourceKind::CHT : ResourceKind::WSP,
                   .resource = resources[below(kResources)],
                   .action = static_cast<AclAction>(below(4)),
                   .valid_from = moment()};
    if (one_in(3))
      grant.group = below(kGroups);
    else
      grant.user = below(kUsers);
    if (one_in(2)) grant.valid_to = grant.valid_from + std::chrono::seconds(below(10 * 86'400));
    grant.is_active = !one_in(8);
    grant.is_revoked = one_in(8);
    if (one_in(3))
      for (std::size_t i = 0; i <= below(2); ++i)
        grant.networks.push_back(one_in(2) ? fmt::format("10.{}.0.0/16", below(3)) : address());
    if (one_in(2)) {
      grant.has_times = true;
      grant.zone = below(kZones.size());
      for (int day = 1; day <= 7; ++day)
        if (one_in(2)) grant.days.push_back(day);
      if (one_in(2)) {
        int begin = static_cast<int>(below(1440)), end = static_cast<int>(below(1440));
        if (begin != end) grant.hours = {begin, end};
      }
    }
    return grant;
  }

  bool oracle(const Question& question) const {
    if (question.user == inactive_member) return false;
    for (const auto& grant : grants) {
      bool holds = grant.user
                       ? *grant.user == question.user
                       : members.contains({question.user, *grant.group}) && *grant.group != inactive_group;
      if (!holds || !grant.is_active || grant.is_revoked) continue;
      if (grant.kind != question.kind || grant.resource != question.resource) continue;
      if (grant.action != question.action && grant.action != AclAction::MNG) continue;
      if (question.time < grant.valid_from || (grant.valid_to && question.time > *grant.valid_to)) continue;
      if (!grant.networks.empty() && !any_network(grant, question)) continue;
      if (grant.has_times && !in_time(grant, question.time)) continue;
      return true;
    }
    return false;
  }
  static bool any_network(const RawGrant& grant, const Question& question) {
    if (!question.address) return false;
    for (const auto& network : grant.networks) {
      auto slash = network.find("/16");
      if (slash == network.npos ? network == *question.address
                                : question.address->starts_with(network.substr(0, network.find('.', 3) + 1)))
        return true;
    }
    return false;
  }
  static bool in_time(const RawGrant& grant, Timestamp time) {
    // Minute by minute back to where the window began: no arithmetic on hours.
    auto local = std::chrono::floor<std::chrono::minutes>(time) + kZones[grant.zone].offset;
    for (int back = 0; back < 1440; ++back) {
      auto began = local - std::chrono::minutes(back);
      auto day = std::chrono::floor<std::chrono::days>(began);
      int minute = static_cast<int>((began - day).count());
      int weekday = static_cast<int>(std::chrono::weekday(std::chrono::sys_days(day)).iso_encoding());
      bool on_day = grant.days.empty() || std::ranges::find(grant.days, weekday) != grant.days.end();
      int begin = grant.hours ? grant.hours->first : 0;
      int length = grant.hours ? (grant.hours->second - grant.hours->first + 1440) % 1440 : 1440;
      if (minute == begin) return on_day && back < length;
    }
    return false;
  }

  /// Inserts everything as superuser. Statements, because triggers and keys should hold.
  std::string script() const {
    std::string sql =
        fmt::format("insert into organizations (id, name, slug, region) values ('{}', 'O', 'o', 'us');",
                    organization.to_string());
    auto org = organization.to_string();
    for (std::size_t i = 0; i < users.size(); ++i)
      sql += fmt::format(
          "insert into users (id, email, name) values ('{1}', 'p{2}@x.test', 'P');"
          "insert into memberships (organization_id, user_id, role_code, is_active) values ('{0}', '{1}', "
          "'UR', {3});",
          org, users[i].to_string(), i, i != inactive_member);
    for (std::size_t i = 0; i < groups.size(); ++i)
      sql += fmt::format(
          "insert into groups (organization_id, id, name, is_active) values ('{}', '{}', 'G{}', {});", org,
          groups[i].to_string(), i, i != inactive_group);
    for (auto [user, group] : members)
      sql += fmt::format(
          "insert into group_members (organization_id, group_id, user_id) values ('{}', '{}', '{}');", org,
          groups[group].to_string(), users[user].to_string());
    for (const auto& grant : grants) {
      auto text = [](auto value) { return value ? "'" + *value + "'" : std::string("null"); };
      auto holder = [&](const auto& ids, std::optional<std::size_t> index) {
        return text(index ? std::optional(ids[*index].to_string()) : std::nullopt);
      };
      sql += fmt::format(
          "insert into permissions_acl (organization_id, id, resource_kind, resource_id, action, "
          "created_by_user_id,"
          " created_for_user_id, created_for_group_id, valid_from, valid_to, is_active, revoked_at, "
          "attributes)"
          " values ('{}', '{}', '{}', '{}', '{}', '{}', {}, {}, '{}', {}, {}, {}, '{}');",
          org, grant.id.to_string(), to_string(grant.kind), grant.resource.to_string(),
          to_string(grant.action), users[0].to_string(), holder(users, grant.user),
          holder(groups, grant.group), to_rfc3339(grant.valid_from),
          text(grant.valid_to.transform(to_rfc3339)), grant.is_active, grant.is_revoked ? "now()" : "null",
          attributes_of(grant));
    }
    return sql;
  }

  static GrantConditions conditions_of(const RawGrant& grant) {
    return to_conditions(json::decode_text<GrantAttributes>(attributes_of(grant)).value()).value();
  }
  Acl acl() const {
    std::vector<Grant> loaded;
    for (const auto& grant : grants)
      if (grant.is_active && !grant.is_revoked)
        loaded.push_back({.id = grant.id,
                          .kind = grant.kind,
                          .resource = grant.resource,
                          .action = grant.action,
                          .user = grant.user ? std::optional(users[*grant.user]) : std::nullopt,
                          .group = grant.group ? std::optional(groups[*grant.group]) : std::nullopt,
                          .valid_from = grant.valid_from,
                          .valid_to = grant.valid_to,
                          .conditions = conditions_of(grant)});
    return Acl(std::move(loaded));
  }
  std::vector<GroupId> groups_of(std::size_t user) const {
    std::vector<GroupId> mine;
    for (auto [member, group] : members)
      if (member == user && group != inactive_group) mine.push_back(groups[group]);
    return mine;
  }
};

TEST_F(AclAgreement, OfCppAndSqlAndTheOracleIsWhole) {
  for (std::size_t user = 0; user < kUsers; ++user)
    for (std::size_t group = 0; group < kGroups; ++group)
      if (one_in(2)) members.insert({user, group});
  for (int i = 0; i < 120; ++i) grants.push_back(random_grant());
  std::vector<Question> questions;
  for (int i = 0; i < 4'000; ++i) {
    Question question{.user = below(kUsers),
                      .kind = one_in(2) ? ResourceKind::CHT : ResourceKind::WSP,
                      .resource = resources[below(kResources)],
                      .action = static_cast<AclAction>(below(4)),
                      .time = moment()};
    if (!one_in(5)) question.address = address();
    questions.push_back(std::move(question));
  }

  auto dsn = pg::testing::owned_database("product");
  auto rows = pg::testing::run([](std::string to, std::string sql, std::vector<Question> asked,
                                  std::vector<UserId> people,
                                  OrganizationId in) -> Task<std::vector<pg::Rows>> {
    auto superuser = co_await pg::Connection::connect({.dsn = to}, pg::within(60s));
    co_await superuser.execute_script(std::move(sql), pg::within(60s));
    auto app =
        co_await pg::Connection::connect({.dsn = pg::testing::as_role(to, "gatehouse_app")}, pg::within(60s));
    pg::Batch batch;
    add_context(batch, {.organization = in, .role = RoleCode::OA, .reach = Reach::organization}, true);
    for (const auto& one : asked) {
      json::Object context{{"time", to_rfc3339(one.time)}};
      if (one.address) context["address"] = *one.address;
      batch.add_adhoc(
          "select check_permission($1, $2::text::resource_kind_enum, $3, $4::text::action_enum, $5::jsonb)",
          pg::params(people[one.user], to_string(one.kind), one.resource, to_string(one.action),
                     json::write(context)));
    }
    co_return co_await app.run(std::move(batch), pg::within(120s));
  }(dsn, script(), questions, users, organization));

  auto decided = acl();
  std::size_t allowed = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& question = questions[i];
    bool expected = oracle(question);
    AclContext context{.address = question.address.transform(
                           [](const std::string& text) { return boost::asio::ip::make_address(text); }),
                       .time = question.time};
    // Who is no active member is not admitted at all.
    bool cpp = question.user != inactive_member &&
               decided
                   .decide(users[question.user], groups_of(question.user), question.kind, question.resource,
                           question.action, context)
                   .allowed();
    EXPECT_EQ(cpp, expected) << i;
    EXPECT_EQ(rows[i + 1][0].get<bool>(0), expected) << i;
    if (expected) ++allowed;
  }
  // Else the random cases would say little.
  EXPECT_GT(allowed, questions.size() / 10);
  EXPECT_LT(allowed, questions.size() * 9 / 10);
}

}  // namespace
}  // namespace gatehouse::access
