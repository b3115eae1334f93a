// Every tenant table under every kind of statement: as another tenant, as a colleague without access, and
// with no context. Nothing is read, nothing is written.
#include <array>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "world.h"

namespace gatehouse::isolation {
namespace {

// An administrator of another organization, with the whole reach there.
const Context kOtherTenant{.organization = kB, .user = kAdminOfB, .reach = "organization", .role = "OA"};
const Context kColleague{.organization = kA, .user = kColleagueInA, .reach = "own"};
constexpr const char* kRefused = "42501";

class IsolationAttack : public ::testing::Test {
 protected:
  struct World {
    std::string database = owned_database("product");
    Session superuser{database};
    Session app{pg::testing::as_role(database, "gatehouse_app")};
    std::vector<TenantTable> tables;
    World() {
      seed(superuser);
      tables = tenant_tables(superuser);
    }
  };
  static World& world() {
    static World made;
    return made;
  }

  /// Everything that belongs to an organization, as it stands.
  static std::map<std::string, std::string> rows_of(const std::string& organization) {
    std::map<std::string, std::string> rows;
    for (const auto& table : world().tables)
      rows[table.name] = world().superuser.texts(
          fmt::format("select coalesce(string_agg(to_jsonb(t)::text, ' ' order by to_jsonb(t)::text), '')"
                      " from {} t where {} = '{}'",
                      table.name, table.tenant_column, organization))[0];
    return rows;
  }
  static std::vector<std::string> columns_of(const std::string& table) {
    return world().superuser.texts(
        fmt::format("select attname::text from pg_attribute where attrelid = '{}'::regclass and attnum > 0"
                    " and not attisdropped and attgenerated = '' order by attnum",
                    table));
  }
  /// The organization's row as literals of the table's type, with some columns replaced.
  static std::string row_of(const std::string& table, const std::string& tenant_column,
                            const std::string& organization, const std::string& replaced = "{}") {
    auto row = world().superuser.texts(
        fmt::format("select quote_literal((to_jsonb(t) || '{}')::text) from {} t where {} = '{}' limit 1",
                    replaced, table, tenant_column, organization));
    EXPECT_EQ(row.size(), 1U) << table << " has no row: seed it in world.cpp";
    return row.empty() ? "'{}'" : row[0];
  }
  /// Of columns of which a check wants exactly one (`num_nonnulls`), the others, for a row that has this one.
  static std::string alternatives_as_null(const std::string& table, const std::string& column) {
    std::string nulls;
    for (const auto& other : world().superuser.texts(fmt::format(
             "select a.attname::text from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid"
             " and a.attnum = any (c.conkey) where c.conrelid = '{0}'::regclass and c.contype = 'c'"
             " and pg_get_constraintdef(c.oid) like '%num_nonnulls%' and a.attname <> '{1}'"
             " and exists (select from pg_attribute x where x.attrelid = c.conrelid and x.attnum = any "
             "(c.conkey)"
             " and x.attname = '{1}')",
             table, column)))
      nulls += fmt::format(R"(, "{}": null)", other);
    return nulls;
  }
  static std::string insert_of(const std::string& table, const std::string& row) {
    return fmt::format("insert into {0} select * from jsonb_populate_record(null::{0}, {1}::jsonb)", table,
                       row);
  }

  static Answer attack(const std::optional<Context>& as, const std::string& sql) {
    return world().app.ask(as, sql);
  }
  /// Refused outright, or done to no row.
  static void expect_nothing(const Answer& answer, const std::string& sql) {
    if (answer.sqlstate.empty())
      EXPECT_EQ(answer.affected, 0U) << sql;
    else
      EXPECT_EQ(answer.sqlstate, kRefused) << sql;
  }
  static void expect_refused(const Answer& answer, const std::string& sql) {
    EXPECT_EQ(answer.sqlstate, kRefused) << sql;
  }

  /// Changes that name the victim's organization, column by column, and deletions.
  static void change_everything(const std::optional<Context>& as, const std::string& where) {
    for (const auto& table : world().tables) {
      auto here = fmt::format(" where {} = '{}'{}", table.tenant_column, kA, where);
      for (const auto& column : columns_of(table.name)) {
        auto sql = fmt::format("update {0} set {1} = {1}{2}", table.name, column, here);
        expect_nothing(attack(as, sql), sql);
      }
      auto sql = fmt::format("delete from {}{}", table.name, here);
      expect_nothing(attack(as, sql), sql);
    }
  }
};

TEST_F(IsolationAttack, EveryTenantTableIsSeededForBothOrganizations) {
  for (const auto& organization : {kA, kB})
    for (const auto& [table, rows] : rows_of(organization)) EXPECT_NE(rows, "") << table;
}

TEST_F(IsolationAttack, AnotherTenantReadsNothing) {
  for (const auto& table : world().tables) {
    auto named = fmt::format("select 'x' from {} where {} = '{}'", table.name, table.tenant_column, kA);
    expect_nothing(attack(kOtherTenant, named), named);
    auto all = fmt::format("select {}::text from {}", table.tenant_column, table.name);
    auto answer = attack(kOtherTenant, all);
    if (answer.sqlstate.empty())
      EXPECT_THAT(answer.texts, ::testing::Each(kB)) << all;
    else
      EXPECT_EQ(answer.sqlstate, kRefused) << all;
  }
}

TEST_F(IsolationAttack, ATenantsOwnAdministratorReadsItsRows) {
  // Else the tests above would hold for a database that shows nobody anything.
  for (std::string table : {"organizations", "memberships", "workspaces", "chats", "messages", "policy_rules",
                            "policy_hits", "models", "metering_events", "api_keys"}) {
    auto answer = attack(kOtherTenant, "select 'x' from " + table);
    EXPECT_EQ(answer.sqlstate, "") << table;
    EXPECT_GE(answer.affected, 1U) << table;
  }
}

TEST_F(IsolationAttack, AnotherTenantChangesAndDeletesNothing) {
  auto before = rows_of(kA);
  change_everything(kOtherTenant, "");
  EXPECT_EQ(rows_of(kA), before);
}

TEST_F(IsolationAttack, AnotherTenantInsertsNothing) {
  auto before = rows_of(kA);
  for (const auto& table : world().tables) {
    auto exact = insert_of(table.name, row_of(table.name, table.tenant_column, kA));
    auto fresh =
        insert_of(table.name, row_of(table.name, table.tenant_column, kA,
                                     table.name == "organizations"
                                         ? R"({"slug": "fresh"})"
                                         : fmt::format(R"({{"id": "{}"}})", Uuid::v7().to_string())));
    for (const auto& sql : {exact, fresh}) {
      expect_refused(attack(kOtherTenant, sql), sql);
      // With and without a conflict the answer is the same: it does not tell whether the row exists.
      expect_refused(attack(kOtherTenant, sql + " on conflict do nothing"), sql);
    }
  }
  EXPECT_EQ(rows_of(kA), before);
}

TEST_F(IsolationAttack, AConflictIsNoWayIntoAnotherTenant) {
  auto before = rows_of(kA);
  for (const auto& table : world().tables) {
    auto key = world().superuser.texts(
        fmt::format("select string_agg(quote_ident(a.attname), ', ') from pg_index x, pg_attribute a"
                    " where x.indrelid = '{0}'::regclass and x.indisprimary and a.attrelid = x.indrelid"
                    " and a.attnum = any (x.indkey::int2[])",
                    table.name))[0];
    auto sql = insert_of(table.name, row_of(table.name, table.tenant_column, kA)) +
               fmt::format(" on conflict ({}) do update set {} = '{}'", key, table.tenant_column, kB);
    expect_refused(attack(kOtherTenant, sql), sql);
  }
  EXPECT_EQ(rows_of(kA), before);
}

TEST_F(IsolationAttack, RowsMoveNeitherInNorOut) {
  auto a = rows_of(kA), b = rows_of(kB);
  for (const auto& table : world().tables) {
    auto give =
        fmt::format("update {0} set {1} = '{2}' where {1} = '{3}'", table.name, table.tenant_column, kA, kB);
    expect_refused(attack(kOtherTenant, give), give);
    auto take =
        fmt::format("update {0} set {1} = '{2}' where {1} = '{3}'", table.name, table.tenant_column, kB, kA);
    expect_nothing(attack(kOtherTenant, take), take);
  }
  EXPECT_EQ(rows_of(kA), a);
  EXPECT_EQ(rows_of(kB), b);
}

TEST_F(IsolationAttack, ForeignKeysDoNotTellWhetherAnotherTenantsRowExists) {
  // As superuser, so that nothing but the foreign key can refuse.
  auto keys = world().superuser.texts(
      "select f.conrelid::regclass::text || ' ' || a.attname || ' ' || f.confrelid::regclass::text || ' '"
      " || b.attname from pg_constraint f join pg_class c on c.oid = f.conrelid and not c.relispartition,"
      " generate_subscripts(f.conkey, 1) k"
      " join lateral (select attname from pg_attribute where attrelid = f.conrelid and attnum = f.conkey[k]) "
      "a on true"
      " join lateral (select attname from pg_attribute where attrelid = f.confrelid and attnum = "
      "f.confkey[k]) b"
      " on true where f.contype = 'f' and cardinality(f.conkey) > 1 and a.attname <> 'organization_id'"
      " and f.conparentid = 0");
  EXPECT_GE(keys.size(), 15U);
  for (const auto& key : keys) {
    std::array<std::string, 4> part;
    std::istringstream(key) >> part[0] >> part[1] >> part[2] >> part[3];
    auto foreign = world().superuser.texts(
        fmt::format("select {}::text from {} where organization_id = '{}' limit 1", part[3], part[2], kA))[0];
    for (const auto& id : {foreign, Uuid::v7().to_string()}) {
      auto replaced = fmt::format(R"({{"id": "{}", "{}": "{}"{}}})", Uuid::v7().to_string(), part[1], id,
                                  alternatives_as_null(part[0], part[1]));
      auto sql = insert_of(part[0], row_of(part[0], "organization_id", kB, replaced));
      // Without the rows that are there, so that no unique index answers first.
      auto probe = fmt::format(
          "begin; delete from {} where organization_id = '{}'; do $$ begin {};"
          " raise exception 'inserted'; exception when foreign_key_violation then null; end $$; rollback",
          part[0], kB, sql);
      EXPECT_NO_THROW(world().superuser.script(probe)) << sql;
      world().superuser.script("rollback");
    }
  }
}

TEST_F(IsolationAttack, AColleagueReadsOnlyTheirOwnRowsAndWhatTheWholeOrganizationShares) {
  // What everyone needs who calls a model. This list may only become shorter.
  const std::set<std::string> shared{"models", "organizations", "policy_rules", "providers",
                                     "tenant_versions"};
  std::set<std::string> seen;
  for (const auto& table : world().tables) {
    auto sql = fmt::format("select to_jsonb(t)::text from {} t where {} = '{}'", table.name,
                           table.tenant_column, kA);
    auto answer = attack(kColleague, sql);
    if (!answer.sqlstate.empty()) {
      EXPECT_EQ(answer.sqlstate, kRefused) << sql;
      continue;
    }
    if (!answer.texts.empty()) seen.insert(table.name);
    if (!shared.contains(table.name))
      EXPECT_THAT(answer.texts, ::testing::Each(::testing::HasSubstr(kColleagueInA))) << sql;
  }
  EXPECT_THAT(shared, ::testing::IsSubsetOf(seen)) << "shared by nobody: take it off the list";
  EXPECT_THAT(attack(kColleague, "select id::text from users").texts, ::testing::ElementsAre(kColleagueInA));
}

TEST_F(IsolationAttack, AColleagueChangesNothingOfOthersOrOfTheOrganization) {
  auto before = rows_of(kA);
  change_everything(kColleague, "");
  EXPECT_EQ(rows_of(kA), before);
}

TEST_F(IsolationAttack, AColleagueInsertsNothingForOthersOrForTheOrganization) {
  auto before = rows_of(kA);
  for (const auto& table : world().tables) {
    // Whoever is in a context may record what they did.
    if (table.name == "audit_outbox") continue;
    auto sql = insert_of(
        table.name, row_of(table.name, table.tenant_column, kA,
                           fmt::format(R"({{"{}": "{}"}})", table.name == "organizations" ? "slug" : "id",
                                       table.name == "organizations" ? "fresh" : Uuid::v7().to_string())));
    expect_refused(attack(kColleague, sql), sql);
  }
  EXPECT_EQ(rows_of(kA), before);
}

TEST_F(IsolationAttack, AColleagueCannotWriteIntoAWorkspaceWithoutAccess) {
  auto chat = insert_of("chats", row_of("chats", "organization_id", kA,
                                        fmt::format(R"({{"id": "{}", "user_id": "{}"}})",
                                                    Uuid::v7().to_string(), kColleagueInA)));
  expect_refused(attack(kColleague, chat), chat);
  auto message = insert_of("messages", row_of("messages", "organization_id", kA,
                                              fmt::format(R"({{"id": "{}", "user_id": "{}"}})",
                                                          Uuid::v7().to_string(), kColleagueInA)));
  expect_refused(attack(kColleague, message), message);
}

TEST_F(IsolationAttack, AColleagueOfTheSameWorkspaceStillSeesAndWritesOnlyTheirOwnChats) {
  // The seeded workspace is personal, which a trigger keeps to its owner.
  auto membership = Uuid::v7().to_string();
  world().superuser.script(fmt::format(
      "set session_replication_role = replica;"
      "insert into workspace_users (organization_id, id, workspace_id, user_id)"
      " select organization_id, '{}', workspace_id, '{}' from workspace_users where organization_id = '{}';"
      "reset session_replication_role",
      membership, kColleagueInA, kA));
  for (std::string table : {"chats", "messages"}) {
    EXPECT_EQ(attack(kColleague, "select 'x' from " + table).affected, 0U) << table;
    auto sql = insert_of(table, row_of(table, "organization_id", kA,
                                       fmt::format(R"({{"id": "{}"}})", Uuid::v7().to_string())));
    expect_refused(attack(kColleague, sql), sql);
  }
  auto own = insert_of("chats", row_of("chats", "organization_id", kA,
                                       fmt::format(R"({{"id": "{}", "user_id": "{}"}})",
                                                   Uuid::v7().to_string(), kColleagueInA)));
  EXPECT_EQ(attack(kColleague, own).sqlstate, "");
  auto give = fmt::format("update chats set user_id = '{}'", kAdminOfA);
  expect_refused(attack(kColleague, give), give);
  auto into_anothers = insert_of("messages", row_of("messages", "organization_id", kA,
                                                    fmt::format(R"({{"id": "{}", "user_id": "{}"}})",
                                                                Uuid::v7().to_string(), kColleagueInA)));
  expect_refused(attack(kColleague, into_anothers), into_anothers);
  world().superuser.script(
      fmt::format("delete from chats where user_id = '{0}';"
                  "delete from workspace_users where id = '{1}'",
                  kColleagueInA, membership));
}

TEST_F(IsolationAttack, WhoHasLeftAWorkspaceSeesAndChangesNothingOfTheirOwnInIt) {
  const Context owner{.organization = kA, .user = kAdminOfA, .reach = "own"};
  const auto membership = [](bool active) {
    world().superuser.script(
        fmt::format("update workspace_users set is_active = {} where user_id = '{}'", active, kAdminOfA));
  };
  for (std::string table : {"chats", "messages"})
    EXPECT_EQ(attack(owner, "select 'x' from " + table).affected, 1U) << table;
  membership(false);
  for (std::string table : {"chats", "messages"}) {
    EXPECT_EQ(attack(owner, "select 'x' from " + table).affected, 0U) << table;
    auto change = fmt::format("update {} set model = model", table);
    expect_nothing(attack(owner, change), change);
    auto remove = fmt::format("delete from {}", table);
    expect_nothing(attack(owner, remove), remove);
  }
  membership(true);
}

TEST_F(IsolationAttack, WithoutAContextThereIsNoRow) {
  auto before = rows_of(kA);
  for (const std::optional<Context>& as :
       {std::optional<Context>{}, std::optional(Context{.organization = "", .user = "", .reach = ""}),
        std::optional(
            Context{.organization = "", .user = kAdminOfA, .reach = "organization", .role = "OA"})}) {
    for (const auto& table : world().tables) {
      auto read = "select 'x' from " + table.name;
      expect_nothing(attack(as, read), read);
      auto write = insert_of(table.name, row_of(table.name, table.tenant_column, kA));
      expect_refused(attack(as, write), write);
    }
    change_everything(as, "");
  }
  EXPECT_EQ(rows_of(kA), before);
}

TEST_F(IsolationAttack, PartitionsAreClosedToTheTenantsRole) {
  for (const auto& part :
       world().superuser.texts("select relname::text from pg_class where relispartition and relkind = 'r'")) {
    EXPECT_EQ(attack(kOtherTenant, "select 'x' from " + part).sqlstate, kRefused) << part;
    EXPECT_EQ(attack(kOtherTenant, "delete from " + part).sqlstate, kRefused) << part;
  }
}

TEST_F(IsolationAttack, NobodyTruncates) {
  for (const auto& table : world().tables)
    EXPECT_EQ(attack(kOtherTenant, "truncate " + table.name + " cascade").sqlstate, kRefused) << table.name;
}

}  // namespace
}  // namespace gatehouse::isolation
