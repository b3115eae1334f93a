// The audit database attacked: as another tenant, as a colleague, as the roles that write and own it.
#include <tuple>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace gatehouse::isolation {
namespace {

constexpr const char* kRefused = "42501";
// An administrator of another organization, with the whole reach there.
const Context kOtherTenant{.organization = kB, .user = kAdminOfB, .reach = "organization", .role = "OA"};

/// One event of each organization's administrator, and the heads.
std::string recorded_database() {
  auto database = owned_database("audit");
  Session superuser(database);
  for (auto [number, organization, admin] : {std::tuple(1, kA, kAdminOfA), std::tuple(2, kB, kAdminOfB)})
    superuser.script(fmt::format(
        "insert into audit_events (region_sequence, org_sequence, org_id, id, ts, sealed_at, actor_type, "
        "actor_id, action,"
        " resource_type, resource_id, outcome, request_id, payload_json, prev_hash, hash, record)"
        " values ({0}, 1, '{1}', '{1}', now(), now(), 'user', '{2}', 'chat.create', 'chat', '7', 'success', "
        "'r', "
        "'{{}}',"
        " sha256('p'), sha256('h'), '{{}}');"
        "insert into audit_chain_heads (org_id, org_sequence, hash) values ('{1}', 1, sha256('h'))",
        number, organization, admin));
  superuser.script("update audit_head set region = 'us', region_sequence = 2, sealed_at = now()");
  return database;
}

TEST(AuditIsolation, ATenantReadsItsOwnChainAndWritesNothing) {
  auto database = recorded_database();
  Session app(pg::testing::as_role(database, "gatehouse_app"));
  for (std::string table : {"audit_events", "audit_chain_heads"}) {
    EXPECT_THAT(app.ask(kOtherTenant, "select org_id::text from " + table).texts, ::testing::ElementsAre(kB));
    EXPECT_THAT(app.ask(std::nullopt, "select org_id::text from " + table).texts, ::testing::IsEmpty());
  }
  EXPECT_EQ(app.ask(kOtherTenant, "select 'x' from audit_head").sqlstate, kRefused);
  for (std::string table : {"audit_events", "audit_chain_heads", "audit_head"}) {
    EXPECT_EQ(app.ask(kOtherTenant, "delete from " + table).sqlstate, kRefused);
    EXPECT_EQ(app.ask(kOtherTenant, "truncate " + table).sqlstate, kRefused);
  }
  EXPECT_EQ(app.ask(kOtherTenant, "insert into audit_events (id) values (null)").sqlstate, kRefused);
  EXPECT_EQ(app.ask(kOtherTenant, "insert into audit_chain_heads select * from audit_chain_heads").sqlstate,
            kRefused);
  EXPECT_EQ(app.ask(kOtherTenant, "insert into audit_head default values").sqlstate, kRefused);
  EXPECT_EQ(app.ask(kOtherTenant, "update audit_events set outcome = outcome").sqlstate, kRefused);
  EXPECT_EQ(app.ask(kOtherTenant, "update audit_chain_heads set hash = hash").sqlstate, kRefused);
  EXPECT_EQ(app.ask(kOtherTenant, "update audit_head set region = region").sqlstate, kRefused);
}

TEST(AuditIsolation, WithoutTheOrganizationsReachAPersonReadsOnlyTheirOwnActs) {
  auto database = recorded_database();
  Session app(pg::testing::as_role(database, "gatehouse_app"));
  for (std::string reach : {"own", "workspaces", ""}) {
    const Context colleague{.organization = kA, .user = kColleagueInA, .reach = reach};
    const Context nobody{.organization = kA, .user = "", .reach = reach};
    for (const auto& as : {colleague, nobody}) {
      EXPECT_THAT(app.ask(as, "select id::text from audit_events").texts, ::testing::IsEmpty()) << reach;
      EXPECT_THAT(app.ask(as, "select org_id::text from audit_chain_heads").texts, ::testing::IsEmpty());
    }
    const Context actor{.organization = kA, .user = kAdminOfA, .reach = reach};
    EXPECT_THAT(app.ask(actor, "select org_id::text from audit_events").texts, ::testing::ElementsAre(kA));
    const Context elsewhere{.organization = kB, .user = kAdminOfA, .reach = reach};
    EXPECT_THAT(app.ask(elsewhere, "select org_id::text from audit_events").texts, ::testing::IsEmpty());
  }
}

TEST(AuditIsolation, NotEvenTheWriterOrTheOwnerChangesWhatIsRecorded) {
  auto database = recorded_database();
  Session superuser(database);
  for (std::string role : {"gatehouse_audit", "gatehouse_platform", "gatehouse_backup"}) {
    Session session(pg::testing::as_role(database, role));
    EXPECT_EQ(session.ask(std::nullopt, "update audit_events set outcome = 'denied'").sqlstate, kRefused)
        << role;
    EXPECT_EQ(session.ask(std::nullopt, "delete from audit_events").sqlstate, kRefused) << role;
    EXPECT_EQ(session.ask(std::nullopt, "truncate audit_events").sqlstate, kRefused) << role;
  }
  // A superuser is above privileges, but not above the triggers.
  EXPECT_EQ(superuser.ask(std::nullopt, "update audit_events set outcome = 'denied'").sqlstate, "23001");
  EXPECT_EQ(superuser.ask(std::nullopt, "delete from audit_events").sqlstate, "23001");
  EXPECT_EQ(superuser.ask(std::nullopt, "truncate audit_events").sqlstate, "23001");
}

}  // namespace
}  // namespace gatehouse::isolation
