// What the catalogue must say of every tenant table, partitions included.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace gatehouse::isolation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

// Tables with a tenant's rows, as a common table expression.
constexpr const char* kTables =
    "with tenant as (select c.oid, c.relname, c.relispartition,"
    " case c.relname when 'organizations' then 'id' else 'organization_id' end as tenant_column"
    " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
    " and (c.relname = 'organizations' or exists (select from pg_attribute a where a.attrelid = c.oid"
    " and a.attname = 'organization_id' and not a.attisdropped))) ";

class IsolationCatalogue : public ::testing::Test {
 protected:
  static std::vector<std::string> find(const std::string& sql) {
    static Session product(owned_database("product"));
    return product.texts(std::string(kTables) + sql);
  }
};

TEST_F(IsolationCatalogue, KnowsTheTenantTablesAndTheirPartitions) {
  EXPECT_THAT(find("select relname::text from tenant"),
              IsSupersetOf({"organizations", "memberships", "chats", "messages", "messages_default",
                            "metering_events_default", "policy_rules", "audit_outbox"}));
}

TEST_F(IsolationCatalogue, EveryTenantTableEnablesAndForcesRowLevelSecurity) {
  EXPECT_THAT(find("select relname::text from tenant join pg_class c using (oid, relname)"
                   " where not (c.relrowsecurity and c.relforcerowsecurity)"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, EveryTableOfPeopleIsUnderRowLevelSecurityToo) {
  EXPECT_THAT(find("select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace"
                   " and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)"
                   " and c.relname <> 'schema_migrations'"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, EveryTenantTableHasAUsingPolicyForTheRolesThatMayReadIt) {
  EXPECT_THAT(
      find("select t.relname || ' ' || r.rolname from tenant t cross join pg_roles r"
           " where r.rolname like 'gatehouse\\_%'"
           " and has_any_column_privilege(r.oid, t.oid, 'select')"
           " and not exists (select from pg_policy p where p.polrelid = t.oid and r.oid = any (p.polroles)"
           " and p.polcmd in ('r', '*') and p.polqual is not null)"),
      IsEmpty());
}

TEST_F(IsolationCatalogue, EveryPolicyThatLetsRowsInChecksThem) {
  EXPECT_THAT(find("select t.relname || ' ' || p.polname from tenant t join pg_policy p on p.polrelid = t.oid"
                   " where p.polcmd in ('a', 'w', '*') and p.polwithcheck is null"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, EveryPolicyOfTheTenantsRoleComparesTheOrganizationOncePerStatement) {
  EXPECT_THAT(find("select t.relname || ' ' || p.polname from tenant t join pg_policy p on p.polrelid = t.oid"
                   " where 'gatehouse_app'::regrole = any (p.polroles) and exists (select from unnest(array["
                   " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)]) e"
                   " where e is not null and e !~ (t.tenant_column"
                   " || ' = \\( SELECT current_organization\\(\\) AS current_organization\\)'))"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, WhatAnAuditorAuditsIsSparedInEveryTableOfAWorkspace) {
  // A count of calls is nothing of the workspace's. This list may only become shorter.
  EXPECT_THAT(find("select t.relname::text from tenant t join pg_attribute a on a.attrelid = t.oid"
                   " and a.attname = 'workspace_id' where not t.relispartition"
                   " and (has_any_column_privilege('gatehouse_app', t.oid, 'insert, update')"
                   " or has_table_privilege('gatehouse_app', t.oid, 'delete'))"
                   " and (select count(*) from pg_policy p where p.polrelid = t.oid and not p.polpermissive"
                   " and p.polname like 'audited\\_%' and p.polcmd in ('a', 'w', 'd')) < 3"),
              ElementsAre("write_counts"));
}

TEST_F(IsolationCatalogue, TheOrganizationLeadsEveryKeyAndIndex) {
  // Four look-ups cross tenants by design: whose memberships a person signing in has, whose version moved,
  // which stored answers are old, and the drain's queue. This list may only become shorter.
  EXPECT_THAT(find("select i.relname::text from tenant t join pg_index x on x.indrelid = t.oid"
                   " join pg_class i on i.oid = x.indexrelid join pg_attribute a on a.attrelid = t.oid"
                   " and a.attnum = x.indkey[0] where a.attname <> t.tenant_column"
                   " and t.relname <> 'organizations' order by 1"),
              ElementsAre("audit_outbox_pkey", "idempotency_keys_age", "memberships_user",
                          "tenant_versions_changed"));
}

TEST_F(IsolationCatalogue, EveryForeignKeyStaysInsideTheOrganization) {
  EXPECT_THAT(find("select f.conname::text from pg_constraint f join tenant t on t.oid = f.conrelid"
                   " join tenant r on r.oid = f.confrelid where f.contype = 'f' and not exists ("
                   " select from generate_subscripts(f.conkey, 1) k"
                   " join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[k]"
                   " join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[k]"
                   " where a.attname = t.tenant_column and b.attname = r.tenant_column)"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, EveryForeignKeyHasAnIndex) {
  // A partial index serves if its predicate follows from the comparison: the columns are not null.
  EXPECT_THAT(
      find("select f.conname::text from pg_constraint f where f.contype = 'f'"
           " and f.connamespace = 'public'::regnamespace and not exists ("
           " select from pg_index x where x.indrelid = f.conrelid"
           " and (x.indpred is null or pg_get_expr(x.indpred, x.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')"
           " and (select array_agg(k order by k) from"
           " unnest((x.indkey::int2[])[0:cardinality(f.conkey) - 1]) k)"
           " = (select array_agg(k order by k) from unnest(f.conkey) k))"),
      IsEmpty());
}

TEST_F(IsolationCatalogue, EveryForeignKeySaysWhatADeletionDoes) {
  EXPECT_THAT(find("select f.conname::text from pg_constraint f where f.contype = 'f'"
                   " and f.connamespace = 'public'::regnamespace and f.confdeltype = 'a'"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, NobodyButTheOwnerMayTruncateReferenceOrAddTriggers) {
  EXPECT_THAT(find("select c.relname || ' ' || r.rolname from pg_class c cross join pg_roles r"
                   " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
                   " and r.rolname like 'gatehouse\\_%' and r.rolname <> 'gatehouse_owner'"
                   " and (has_table_privilege(r.oid, c.oid, 'truncate')"
                   " or has_table_privilege(r.oid, c.oid, 'references')"
                   " or has_table_privilege(r.oid, c.oid, 'trigger'))"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, PublicMayDoNothing) {
  EXPECT_THAT(find("select c.relname::text from pg_class c, aclexplode(c.relacl) a"
                   " where c.relnamespace = 'public'::regnamespace and a.grantee = 0"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, FunctionsAreOpenToNobodyByDefault) {
  EXPECT_THAT(find("select p.proname::text from pg_proc p left join aclexplode(p.proacl) a on a.grantee = 0"
                   " where p.pronamespace = 'public'::regnamespace and (p.proacl is null or a.grantee = 0)"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, NoRoleIsAboveRowLevelSecurity) {
  auto roles = find("select rolname::text from pg_roles where rolname like 'gatehouse\\_%'");
  EXPECT_THAT(roles, SizeIs(5));
  EXPECT_THAT(find("select rolname::text from pg_roles where rolname like 'gatehouse\\_%'"
                   " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, NoRoleIsAMemberOfAnother) {
  EXPECT_THAT(find("select m.member::regrole::text from pg_auth_members m"
                   " where m.member::regrole::text like 'gatehouse\\_%'"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, DefinerFunctionsPinTheirSearchPathAndTakeNoTenant) {
  EXPECT_THAT(find("select p.proname::text from pg_proc p where p.pronamespace = 'public'::regnamespace"
                   " and p.prosecdef and (not exists (select from unnest(p.proconfig) c"
                   " where c like 'search_path=%') or 'uuid'::regtype = any (p.proargtypes::oid[]))"),
              IsEmpty());
}

TEST_F(IsolationCatalogue, ViewsSeeWithTheEyesOfTheirReader) {
  EXPECT_THAT(find("select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace"
                   " and (c.relkind = 'm' or c.relkind = 'v' and not coalesce("
                   " 'security_invoker=true' = any (c.reloptions), false))"),
              IsEmpty());
}

}  // namespace
}  // namespace gatehouse::isolation
