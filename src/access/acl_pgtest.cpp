// The decision in C++, from the rows as they are loaded, and check_permission() in SQL, over random grants
// and questions, against an oracle that knows neither: it walks all grants, compares numbers instead of
// addresses and has the weeks' changes of clocks written down.
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/acl.h"
#include "access/grant_attributes.h"
#include "access/reactor.h"
#include "access/roles.h"
#include "access/session_context.h"
#include "pg/params.h"
#include "pg/pool.h"
#include "pg/testing.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;

/// `before` and `after` the change of its clocks, if there is one in the weeks that are asked about.
struct Zone {
  std::string_view name;
  std::chrono::minutes before;
  std::chrono::minutes after;
  std::string_view change = "2026-10-01T00:00:00Z";

  std::chrono::minutes offset_at(Timestamp time) const {
    return time < parse_rfc3339(change).value() ? before : after;
  }
};
constexpr std::array kZones = {Zone{"UTC", 0min, 0min}, Zone{"America/Sao_Paulo", -180min, -180min},
                               Zone{"Asia/Kolkata", 330min, 330min},
                               Zone{"Europe/Berlin", 120min, 60min, "2026-10-25T01:00:00Z"},
                               Zone{"America/New_York", -240min, -300min, "2026-11-01T06:00:00Z"}};

/// 10.`net`.0.`host` or 2001:db8:0:`net`::`host`; a network without host.
struct Place {
  bool six = false;
  std::size_t net = 0;
  std::optional<std::size_t> host;
  bool mapped = false;  // an IPv4 address written as IPv6

  std::string to_string() const {
    if (six)
      return host ? fmt::format("2001:db8:0:{:x}::{:x}", net, *host)
                  : fmt::format("2001:db8:0:{:x}::/64", net);
    auto four = host ? fmt::format("10.{}.0.{}", net, *host) : fmt::format("10.{}.0.0/16", net);
    return mapped ? "::ffff:" + four : four;
  }
  bool holds(const Place& address) const {
    return six == address.six && net == address.net && (!host || host == address.host);
  }
};

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
  std::vector<Place> networks;
  std::optional<bool> reads, lists;  // of operations_allowed; none: not said
  std::vector<std::string> fields;
  std::size_t giver = 0;
  std::optional<std::size_t> parent;
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
  std::optional<Place> address;
  Timestamp time;
};

std::string hhmm(int minutes) {
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string attributes_of(const RawGrant& grant) {
  json::Object conditions;
  if (!grant.networks.empty()) {
    json::Array list;
    for (const auto& network : grant.networks) list.emplace_back(network.to_string());
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
  json::Object attributes{{"conditions", std::move(conditions)}};
  json::Object scope;
  if (grant.reads) {
    json::Array parts;
    if (*grant.reads) parts.emplace_back("read");
    if (*grant.lists) parts.emplace_back("list");
    scope["operations_allowed"] = std::move(parts);
  }
  if (!grant.fields.empty()) {
    json::Array names;
    for (const auto& field : grant.fields) names.emplace_back(field);
    scope["fields_allowed"] = std::move(names);
  }
  if (!scope.empty()) attributes["scope"] = std::move(scope);
  return json::write(attributes);
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
    // The weeks in which clocks change in Berlin and New York.
    return parse_rfc3339("2026-10-20T00:00:00Z").value() + std::chrono::seconds(below(14 * 86'400));
  }
  Place address() {
    Place place{.six = one_in(3), .net = below(3), .host = below(4)};
    place.mapped = !place.six && one_in(3);
    return place;
  }
  ResourceKind kind() {
    return std::array{ResourceKind::CHT, ResourceKind::WSP, ResourceKind::PRL}[below(3)];
  }

  RawGrant random_grant() {
    RawGrant grant{.kind = kind(),
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
        grant.networks.push_back(
            {.six = one_in(2), .net = below(3), .host = one_in(2) ? std::optional(below(4)) : std::nullopt});
    if (one_in(4)) grant.reads = one_in(2), grant.lists = !*grant.reads || one_in(2);
    if (grant.kind == ResourceKind::PRL && one_in(2)) grant.fields = {"name", "email"};
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

  /// One that was passed on from another to manage the same thing, which its giver may hold no longer.
  RawGrant random_child() {
    auto grant = random_grant();
    do grant.parent = below(grants.size());
    while (grants[*grant.parent].action != AclAction::MNG);
    grant.kind = grants[*grant.parent].kind;
    grant.resource = grants[*grant.parent].resource;
    grant.action = static_cast<AclAction>(below(3));
    grant.giver = one_in(2) ? below(kUsers) : grants[*grant.parent].user.value_or(below(kUsers));
    return grant;
  }

  static bool is_in_force(const RawGrant& grant, const Question& question) {
    if (!grant.is_active || grant.is_revoked) return false;
    if (question.time < grant.valid_from || (grant.valid_to && question.time > *grant.valid_to)) return false;
    if (!grant.networks.empty() &&
        (!question.address || std::ranges::none_of(grant.networks, [&](const Place& network) {
          return network.holds(*question.address);
        })))
      return false;
    return !grant.has_times || in_time(grant, question.time);
  }

  bool holds(std::size_t user, const RawGrant& grant) const {
    if (user == inactive_member) return false;
    if (grant.user) return *grant.user == user;
    return members.contains({user, *grant.group}) && *grant.group != inactive_group;
  }

  enum class Givers { judged, trusted };
  /// Whether the thing by itself, or as one of its kind, is open to the person.
  bool oracle(const Question& question, bool listed = false, Givers givers = Givers::judged) const {
    for (const auto& grant : grants) {
      if (!holds(question.user, grant) || grant.kind != question.kind || grant.resource != question.resource)
        continue;
      if (grant.action != question.action && grant.action != AclAction::MNG) continue;
      if (listed ? !grant.lists.value_or(true)
                 : question.action == AclAction::REA && !grant.reads.value_or(true))
        continue;
      if (!is_in_force(grant, question)) continue;
      if (!grant.parent) return true;
      const auto& parent = grants[*grant.parent];
      if (is_in_force(parent, question) && (givers == Givers::trusted || holds(grant.giver, parent)))
        return true;
    }
    return false;
  }
  static bool in_time(const RawGrant& grant, Timestamp time) {
    // Minute by minute back to where the window began: no arithmetic on hours.
    auto local = std::chrono::floor<std::chrono::minutes>(time) + kZones[grant.zone].offset_at(time);
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

  /// Inserts everything as superuser, past the triggers that give nothing to whose membership or group is not
  /// open: here they held it before that. Keys and the other triggers should hold.
  std::string script() const {
    std::string sql =
        "alter table permissions_acl disable trigger check_holder;"
        "alter table permissions_acl disable trigger check_resource;"
        "alter table group_members disable trigger check_holder;";
    sql += fmt::format("insert into organizations (id, name, slug, region) values ('{}', 'O', 'o', 'us');",
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
          " created_for_user_id, created_for_group_id, parent_id, valid_from, valid_to, is_active, "
          "revoked_at, "
          "attributes)"
          " values ('{}', '{}', '{}', '{}', '{}', '{}', {}, {}, {}, '{}', {}, {}, {}, '{}');",
          org, grant.id.to_string(), to_string(grant.kind), grant.resource.to_string(),
          to_string(grant.action), users[grant.giver].to_string(), holder(users, grant.user),
          holder(groups, grant.group),
          text(grant.parent.transform([&](std::size_t i) { return grants[i].id.to_string(); })),
          to_rfc3339(grant.valid_from), text(grant.valid_to.transform(to_rfc3339)), grant.is_active,
          grant.is_revoked ? "now()" : "null", attributes_of(grant));
    }
    return sql;
  }
};

TEST_F(AclAgreement, OfCppAndSqlAndTheOracleIsWhole) {
  for (std::size_t user = 0; user < kUsers; ++user)
    for (std::size_t group = 0; group < kGroups; ++group)
      if (one_in(2)) members.insert({user, group});
  constexpr std::size_t kGiven = 150, kPassedOn = 60;
  while (grants.size() < kGiven) grants.push_back(random_grant());
  while (grants.size() < kGiven + kPassedOn) grants.push_back(random_child());
  std::vector<Question> questions;
  for (int i = 0; i < 4'000; ++i) {
    Question question{.user = below(kUsers),
                      .kind = kind(),
                      .resource = resources[below(kResources)],
                      .action = static_cast<AclAction>(below(4)),
                      .time = moment()};
    if (!one_in(5)) question.address = address();
    if (one_in(3)) {
      // What was passed on would seldom be hit upon.
      const auto& grant = grants[kGiven + below(kPassedOn)];
      question.user = grant.user.value_or(question.user);
      question.kind = grant.kind;
      question.resource = grant.resource;
      question.action = grant.action;
      question.time =
          std::max(grant.valid_from, grants[*grant.parent].valid_from) + std::chrono::hours(below(72));
    }
    questions.push_back(std::move(question));
  }

  struct Loaded {
    std::vector<pg::Rows> rows;
    std::shared_ptr<TenantAcl> acl;
    std::shared_ptr<PeopleRoles> roles;
  };
  auto dsn = pg::testing::owned_database("product");
  auto loaded = pg::testing::run([](std::string to, std::string sql, std::vector<Question> asked,
                                    std::vector<UserId> people, OrganizationId in) -> Task<Loaded> {
    auto superuser = co_await pg::Connection::connect({.dsn = to}, pg::within(60s));
    co_await superuser.execute_script(std::move(sql), pg::within(60s));
    Executor executor = co_await asio::this_coro::executor;
    RegionAccess region{.region = Region::us};
    region.app =
        std::make_unique<pg::Pool>(executor, pg::Config{.dsn = pg::testing::as_role(to, "gatehouse_app")},
                                   pg::PoolOptions{.name = "test"});
    auto& app = *region.app;
    std::vector<RegionAccess> regions;
    regions.push_back(std::move(region));
    Reactor reactor(executor.context(), std::move(regions), nullptr, nullptr, nullptr);
    auto tenant = std::make_shared<TenantSnapshot>(reactor, Tenant{.id = in});
    Loaded out{.acl = co_await tenant->part<TenantAcl>(), .roles = co_await tenant->part<PeopleRoles>()};
    pg::Batch batch;
    add_context(batch, {.organization = in, .role = RoleCode::OA, .reach = Reach::organization}, true);
    for (const auto& one : asked) {
      json::Object context{{"time", to_rfc3339(one.time)}};
      if (one.address) context["address"] = one.address->to_string();
      batch.add_adhoc(
          "select check_permission($1, $2::text::resource_kind_enum, $3, $4::text::action_enum, $5::jsonb)",
          pg::params(people[one.user], to_string(one.kind), one.resource, to_string(one.action),
                     json::write(context)));
    }
    out.rows = co_await app.run(std::move(batch), pg::within(120s));
    app.close();
    co_return out;
  }(dsn, script(), questions, users, organization));

  std::size_t allowed = 0, listed = 0, lost_by_giver = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& question = questions[i];
    const auto& mine = loaded.roles->groups_of(users[question.user]);
    bool expected = oracle(question);
    AclContext context{.address = question.address.transform([](const Place& place) {
                         return http::unmapped(boost::asio::ip::make_address(place.to_string()));
                       }),
                       .time = question.time};
    // Who is no active member is not admitted at all.
    bool is_member = question.user != inactive_member;
    const auto& acl = loaded.acl->acl;
    auto decision =
        acl.decide(users[question.user], mine, question.kind, question.resource, question.action, context);
    EXPECT_EQ(is_member && decision.allowed(), expected) << i;
    EXPECT_EQ(loaded.rows[i + 1][0].get<bool>(0), expected) << i;
    auto shown = acl.granted(users[question.user], mine, question.kind, question.action, context);
    bool is_shown = is_member && std::ranges::find(shown, question.resource) != shown.end();
    EXPECT_EQ(is_shown, oracle(question, true)) << i;
    allowed += expected ? 1 : 0;
    listed += is_shown ? 1 : 0;
    lost_by_giver += expected != oracle(question, false, Givers::trusted) ? 1 : 0;
  }
  for (const auto& grant : grants) {
    const auto* found = loaded.acl->acl.find(grant.id);
    bool is_orphan = grant.parent && grant.giver == inactive_member;
    ASSERT_EQ(found != nullptr, grant.is_active && !grant.is_revoked && !is_orphan);
    if (found) EXPECT_EQ(found->fields, grant.fields);
  }
  // Else the random cases would say little.
  EXPECT_GT(allowed, questions.size() / 10);
  EXPECT_LT(allowed, questions.size() * 9 / 10);
  EXPECT_GT(listed, questions.size() / 20);
  EXPECT_GT(lost_by_giver, questions.size() / 100);
}

}  // namespace
}  // namespace gatehouse::access
