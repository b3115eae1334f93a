// What the database itself keeps of rights: who gives them, how far they are passed on, where an Auditor
// writes, and what ends with what.
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "world.h"

namespace gatehouse::isolation {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kRefused = "42501";
constexpr const char* kFound = "FOUND";
constexpr const char* kNothing = "";
const std::string kMine = "00000000-0000-7000-8000-0000000a0001";   // seeded: the administrator's, with rows
const std::string kChat = "00000000-0000-7000-8000-0000000a0010";   // seeded: the administrator's, in kMine
const std::string kTeam = "00000000-0000-7000-8000-0000000000c1";   // the colleague is one of its people
const std::string kKnown = "00000000-0000-7000-8000-0000000000c2";  // known to all, the colleague's not
const std::string kGroup = "00000000-0000-7000-8000-0000000000d1";
const std::string kDirectorys = "00000000-0000-7000-8000-0000000000d2";

const Context kManager{.organization = kA, .user = kColleagueInA, .reach = "workspaces", .role = "WM"};
const Context kPerson{.organization = kA, .user = kColleagueInA, .reach = "own"};
const Context kAdmin{.organization = kA, .user = kAdminOfA, .reach = "organization", .role = "OA"};

class Rights : public ::testing::Test {
 protected:
  std::string database = owned_database("product");
  Session superuser{database};
  Session app{pg::testing::as_role(database, "gatehouse_app")};

  Rights() {
    seed(superuser);
    superuser.script(fmt::format(
        "insert into workspaces (organization_id, id, name, workspace_type, is_default)"
        " values ('{0}', '{1}', 'Team', 'FUNCTIONAL', true), ('{0}', '{2}', 'Known', 'FUNCTIONAL', false);"
        "insert into workspace_users (organization_id, id, workspace_id, user_id) values ('{0}', '{1}', "
        "'{1}', '{3}');"
        "insert into groups (organization_id, id, name, is_provisioned) values ('{0}', '{4}', 'Ours', false),"
        " ('{0}', '{5}', 'Theirs', true);"
        "insert into group_members (organization_id, group_id, user_id) values ('{0}', '{4}', '{3}'),"
        " ('{0}', '{5}', '{3}');"
        "update memberships set role_code = 'WM' where user_id = '{3}'",
        kA, kTeam, kKnown, kColleagueInA, kGroup, kDirectorys));
  }

  struct Given {
    std::string kind, resource, action, by, to;
    std::string parent = {};
    std::string id = Uuid::v7().to_string();
  };
  static std::string insert_of(const Given& given) {
    return fmt::format(
        "insert into permissions_acl (organization_id, id, resource_kind, resource_id, action,"
        " created_by_user_id, created_for_user_id, parent_id)"
        " values ('{}', '{}', '{}', '{}', '{}', '{}', '{}', {})",
        kA, given.id, given.kind, given.resource, given.action, given.by, given.to,
        given.parent.empty() ? "null" : "'" + given.parent + "'");
  }
  std::string state_of(const Context& as, const std::string& sql) { return app.ask(as, sql).sqlstate; }
  /// How a statement ends, which is undone: kFound where it would change rows, kNothing where there are none.
  std::string outcome_of(const Context& as, const std::string& sql) {
    return state_of(
        as, fmt::format("do $$ begin {}; if found then raise exception using errcode = '{}'; end if; end $$",
                        sql, kFound));
  }
  void set_active(bool active) {
    superuser.script(
        fmt::format("update memberships set is_active = {} where user_id = '{}'", active, kColleagueInA));
  }
  std::vector<std::string> in_force() {
    return superuser.texts(
        fmt::format("select id::text from permissions_acl where revoked_at is null and created_for_user_id = "
                    "'{}' order by id",
                    kColleagueInA));
  }
};

TEST_F(Rights, ToAWorkspaceAreGivenByWhoMayChangeItAndNotByWhoKnowsOfIt) {
  Given own{"WSP", kTeam, "MNG", kColleagueInA, kAdminOfA};
  EXPECT_EQ(state_of(kManager, insert_of(own)), "");
  EXPECT_EQ(app.ask(kManager, fmt::format("select 'x' from workspaces where id = '{}'", kKnown)).affected,
            1U);
  for (const auto& other : {kKnown, kMine})
    EXPECT_EQ(state_of(kManager, insert_of({"WSP", other, "MNG", kColleagueInA, kAdminOfA})), kRefused);
  // One's own by membership, without the reach to change it.
  EXPECT_EQ(state_of(kPerson, insert_of({"WSP", kTeam, "REA", kColleagueInA, kAdminOfA})), kRefused);
  for (const auto* action : {"REA", "MNG"}) {
    EXPECT_EQ(state_of(kManager, insert_of({"CHT", kChat, action, kColleagueInA, kAdminOfA})), kRefused);
    EXPECT_EQ(state_of(kManager, insert_of({"PRL", kAdminOfA, action, kColleagueInA, kAdminOfA})), kRefused);
  }
  EXPECT_EQ(state_of(kAdmin, insert_of({"WSP", kMine, "REA", kAdminOfA, kColleagueInA})), kRefused);
}

TEST_F(Rights, ArePassedOnFromAGrantToManageTheThingAndEndWithIt) {
  Given parent{"WSP", kKnown, "MNG", kAdminOfA, kColleagueInA};
  ASSERT_EQ(state_of(kAdmin, insert_of(parent)), "");
  Given child{"WSP", kKnown, "UPD", kColleagueInA, kAdminOfA, parent.id};
  EXPECT_EQ(state_of(kPerson, insert_of({"WSP", kKnown, "UPD", kColleagueInA, kAdminOfA})), kRefused);
  EXPECT_EQ(state_of(kPerson, insert_of({"WSP", kKnown, "MNG", kColleagueInA, kAdminOfA, parent.id})),
            "23514");
  EXPECT_EQ(state_of(kPerson, insert_of({"WSP", kTeam, "UPD", kColleagueInA, kAdminOfA, parent.id})),
            "23503");
  EXPECT_EQ(state_of(kPerson, insert_of(child)), "");
  auto revoke = fmt::format("update permissions_acl set revoked_at = now() where id = '{}'", parent.id);
  EXPECT_EQ(app.ask(kAdmin, revoke).affected, 1U);
  EXPECT_THAT(superuser.texts(fmt::format(
                  "select 'x' from permissions_acl where id = '{}' and revoked_at is null", child.id)),
              IsEmpty());
  EXPECT_EQ(state_of(kPerson, insert_of({"WSP", kKnown, "REA", kColleagueInA, kAdminOfA, parent.id})),
            kRefused);
}

TEST_F(Rights, AreBoundedForAThingAndForAGiver) {
  auto many = [](const std::string& resource, int count) {
    return fmt::format(
        "insert into permissions_acl (organization_id, id, resource_kind, resource_id, action, "
        "created_by_user_id, created_for_user_id)"
        " select '{}', gen_random_uuid(), 'PRL', {}, 'REA', '{}', '{}' from generate_series(1, {})",
        kA, resource, kAdminOfA, kColleagueInA, count);
  };
  auto thing = "'" + kAdminOfA + "'";
  EXPECT_EQ(state_of(kAdmin, many(thing, 201)), "GH020");
  EXPECT_EQ(state_of(kAdmin, many(thing, 200)), "");
  EXPECT_EQ(state_of(kAdmin, many(thing, 1)), "GH020");
  EXPECT_EQ(app.ask(kAdmin, fmt::format("update permissions_acl set revoked_at = now() where id = (select id "
                                        "from permissions_acl where resource_id = {} limit 1)",
                                        thing))
                .affected,
            1U);
  EXPECT_EQ(state_of(kAdmin, many(thing, 1)), "");
  EXPECT_EQ(state_of(kAdmin, many("gen_random_uuid()", 801)), "GH020");
}

TEST_F(Rights, OfAnAuditorWriteNothingInWhatTheyAudit) {
  // What an administrator changes anywhere in the organization, and not as the Auditor of all its workspaces.
  superuser.script(
      fmt::format("insert into role_assignments (organization_id, id, role, workspace_id, user_id)"
                  " values ('{}', '{}', 'Operator', '{}', '{}')",
                  kA, Uuid::v7().to_string(), kTeam, kColleagueInA));
  auto auditor = kAdmin;
  auditor.audited = fmt::format("{{{},{},{}}}", kMine, kTeam, kKnown);
  std::set<std::string> changeable;
  for (const auto& table : superuser.texts(
           "select distinct c.relname::text from pg_policy p join pg_class c on c.oid = p.polrelid"
           " where p.polname = 'audited_update'")) {
    // Roles for the whole organization are in no workspace.
    auto here = fmt::format(" where organization_id = '{}'{}", kA,
                            table == "role_assignments" ? " and workspace_id is not null" : "");
    std::vector statements = {fmt::format("delete from {}{}", table, here)};
    for (const auto& column : superuser.texts(fmt::format(
             "select attname::text from pg_attribute where attrelid = '{}'::regclass and attnum > 0"
             " and not attisdropped and attgenerated = ''",
             table)))
      statements.push_back(fmt::format("update {0} set {1} = {1}{2}", table, column, here));
    for (const auto& sql : statements) {
      auto usual = outcome_of(kAdmin, sql);
      EXPECT_THAT(usual, AnyOf(kFound, kRefused)) << sql;
      EXPECT_EQ(outcome_of(auditor, sql), usual == kFound ? kNothing : kRefused) << sql;
      if (usual == kFound) changeable.insert(table);
    }
  }
  EXPECT_THAT(changeable, ::testing::IsSupersetOf({"api_keys", "chats", "invitations", "messages",
                                                   "permissions_acl", "policy_rules", "role_assignments",
                                                   "service_account_certificates", "service_account_secrets",
                                                   "service_accounts", "workspace_users", "workspaces"}));
  auto rename = [&](const Context& as, const std::string& id) {
    return app.ask(as, fmt::format("update workspaces set name = 'Renamed' where id = '{}'", id)).affected;
  };
  auditor.audited = "{" + kTeam + "}";
  EXPECT_EQ(rename(auditor, kTeam), 0U);
  EXPECT_EQ(rename(auditor, kKnown), 1U);
  EXPECT_EQ(rename(kAdmin, kTeam), 1U);
  auto let_in = fmt::format(
      "insert into workspace_users (organization_id, id, workspace_id, user_id) values ('{}', '{}', '{}', "
      "'{}')",
      kA, Uuid::v7().to_string(), kTeam, kAdminOfA);
  EXPECT_EQ(state_of(auditor, let_in), kRefused);
  EXPECT_EQ(state_of(auditor, insert_of({"WSP", kTeam, "REA", kAdminOfA, kColleagueInA})), kRefused);
  EXPECT_EQ(state_of(kAdmin, let_in), "");
  // A person's own chat, in a workspace of theirs.
  auto person = kPerson;
  auto chat = fmt::format(
      "insert into chats (organization_id, id, user_id, workspace_id, model) values ('{}', '{}', '{}', '{}', "
      "'m')",
      kA, Uuid::v7().to_string(), kColleagueInA, kTeam);
  person.audited = "{" + kTeam + "}";
  EXPECT_EQ(state_of(person, chat), kRefused);
  EXPECT_EQ(state_of(kPerson, chat), "");
  EXPECT_EQ(app.ask(person, "update chats set is_pinned = true").affected, 0U);
  EXPECT_EQ(app.ask(kPerson, "update chats set is_pinned = true").affected, 1U);
}

TEST_F(Rights, OfAPersonEndWithTheMembershipAndDoNotComeBackWithIt) {
  superuser.script(
      fmt::format("insert into role_assignments (organization_id, id, role, user_id) values ('{0}', '{1}', "
                  "'Approver', '{1}');"
                  "insert into role_assignments (organization_id, id, role, workspace_id, user_id)"
                  " values ('{0}', '{2}', 'WorkspaceAdmin', '{2}', '{1}')",
                  kA, kColleagueInA, kTeam));
  ASSERT_EQ(state_of(kAdmin, insert_of({"WSP", kKnown, "MNG", kAdminOfA, kColleagueInA})), "");
  ASSERT_FALSE(in_force().empty());
  set_active(false);
  set_active(true);
  EXPECT_THAT(in_force(), IsEmpty());
  EXPECT_THAT(superuser.texts(
                  fmt::format("select role::text from role_assignments where user_id = '{}'", kColleagueInA)),
              IsEmpty());
  // The directory's groups are its own word; the workspace is where the person's work is.
  EXPECT_THAT(superuser.texts(fmt::format("select group_id::text from group_members where user_id = '{}'",
                                          kColleagueInA)),
              ElementsAre(kDirectorys));
  EXPECT_THAT(superuser.texts(fmt::format(
                  "select workspace_id::text from workspace_users where user_id = '{}' and is_active",
                  kColleagueInA)),
              ElementsAre(kTeam));
}

TEST_F(Rights, OfWhoReachesTheOrganizationWithoutAdministeringItAreNotAnAdministrators) {
  // A workspace's administrator, of all of them.
  const Context of_all{.organization = kA, .user = kColleagueInA, .reach = "organization"};
  auto assignment = [](const std::string& workspace) {
    return fmt::format(
        "insert into role_assignments (organization_id, id, role, workspace_id, user_id) values ('{}', '{}', "
        "'Operator', {}, '{}')",
        kA, Uuid::v7().to_string(), workspace, kColleagueInA);
  };
  auto invitation = [](const std::string& by, const char* role) {
    return fmt::format(
        "insert into invitations (organization_id, id, code_hash, last_four, role_code, invited_by_user_id, "
        "max_uses, expires_at) values ('{}', '{}', sha256('x'), 'abcd', '{}', '{}', 1, now() + interval '1 "
        "day')",
        kA, Uuid::v7().to_string(), role, by);
  };
  for (const Given& above : {Given{"CHT", kChat, "REA", kColleagueInA, kAdminOfA},
                             Given{"PRL", kAdminOfA, "UPD", kColleagueInA, kAdminOfA},
                             Given{"ORG", kA, "REA", kColleagueInA, kAdminOfA}})
    EXPECT_EQ(state_of(of_all, insert_of(above)), kRefused) << above.kind;
  EXPECT_EQ(state_of(of_all, insert_of({"WSP", kKnown, "REA", kColleagueInA, kAdminOfA})), "");
  EXPECT_EQ(state_of(of_all, assignment("null")), kRefused);
  EXPECT_EQ(state_of(of_all, assignment("'" + kTeam + "'")), "");
  for (const auto* role : {"WM", "OA"})
    EXPECT_EQ(state_of(of_all, invitation(kColleagueInA, role)), kRefused);
  EXPECT_EQ(state_of(of_all, invitation(kColleagueInA, "UR")), "");

  // Nor is what an administrator gave theirs to take back.
  Given shared{"CHT", kChat, "REA", kAdminOfA, kColleagueInA};
  ASSERT_EQ(state_of(kAdmin, insert_of(shared)), "");
  ASSERT_EQ(state_of(kAdmin, assignment("null")), "");
  ASSERT_EQ(state_of(kAdmin, invitation(kAdminOfA, "OA")), "");
  for (const auto& take :
       {fmt::format("update permissions_acl set revoked_at = now() where id = '{}'", shared.id),
        fmt::format("update invitations set revoked_at = now() where invited_by_user_id = '{}' and role_code "
                    "= 'OA'",
                    kAdminOfA),
        std::string(
            "delete from role_assignments where workspace_id is null and role = 'Operator' and user_id = '" +
            kColleagueInA + "'")}) {
    EXPECT_EQ(app.ask(of_all, take).affected, 0U) << take;
    EXPECT_EQ(app.ask(kAdmin, take).affected, 1U) << take;
  }
}

TEST_F(Rights, OfAnAuditorByAGroupStayAsTheGroupDoes) {
  superuser.script(
      fmt::format("insert into role_assignments (organization_id, id, role, workspace_id, group_id)"
                  " values ('{0}', '{1}', 'Auditor', '{3}', '{1}'), ('{0}', '{2}', 'Auditor', '{3}', '{2}')",
                  kA, kGroup, kDirectorys, kTeam));
  auto auditor = kAdmin;
  auditor.user = kColleagueInA;
  auto changed = [&](const Context& as, const std::string& sql) { return app.ask(as, sql).affected; };
  auto ends = [&](const std::string& group) {
    return fmt::format("delete from group_members where group_id = '{}' and user_id = '{}'", group,
                       kColleagueInA);
  };
  for (const auto& group : {kGroup, kDirectorys}) {
    EXPECT_EQ(changed(auditor, ends(group)), 0U);
    for (const auto* sql :
         {"update groups set is_active = false where id = '{}'",
          "update groups set name = 'Other' where id = '{}'", "delete from groups where id = '{}'"})
      EXPECT_EQ(changed(auditor, fmt::format(fmt::runtime(sql), group)), 0U) << sql;
  }
  // Another administrator's to change, and the directory's own to the directory.
  EXPECT_EQ(changed(kAdmin, ends(kGroup)), 1U);
  Context directory{.organization = kA, .reach = "organization"};
  EXPECT_EQ(changed(directory, ends(kDirectorys)), 1U);
  EXPECT_EQ(changed(auditor, fmt::format("update groups set name = 'Other' where id = '{}'", kGroup)), 1U);
}

TEST_F(Rights, OfAManagerWhoJoinedByThemselvesBeginWhenTheyAreMadeItsAdministrator) {
  superuser.script(fmt::format("update workspaces set visibility = 'public' where id = '{}'", kKnown));
  auto join = [](const std::string& granted_by) {
    return fmt::format(
        "insert into workspace_users (organization_id, id, workspace_id, user_id, granted_by_user_id)"
        " values ('{0}', '{1}', '{2}', '{3}', {4})",
        kA, Uuid::v7().to_string(), kKnown, kColleagueInA, granted_by);
  };
  auto manages = [&](const std::string& workspace) {
    return app.ask(kManager, fmt::format("update workspaces set name = 'Renamed' where id = '{}'", workspace))
               .affected == 1;
  };
  // Nobody passes for one who was put there.
  for (const auto& another : {std::string("null"), "'" + kAdminOfA + "'"})
    EXPECT_EQ(state_of(kManager, join(another)), kRefused);
  EXPECT_EQ(state_of(kManager, join("'" + kColleagueInA + "'")), "");
  EXPECT_FALSE(manages(kKnown));
  EXPECT_TRUE(manages(kTeam));
  EXPECT_EQ(state_of(kManager, insert_of({"WSP", kKnown, "REA", kColleagueInA, kAdminOfA})), kRefused);
  superuser.script(
      fmt::format("insert into role_assignments (organization_id, id, role, workspace_id, group_id)"
                  " values ('{0}', '{1}', 'WorkspaceAdmin', '{2}', '{1}')",
                  kA, kGroup, kKnown));
  EXPECT_TRUE(manages(kKnown));
}

TEST_F(Rights, ToInviteAreAskedOfWhoInvitesAsTheyAreNow) {
  auto invitation = Uuid::v7().to_string();
  superuser.script(fmt::format(
      "insert into invitations (organization_id, id, code_hash, last_four, role_code, invited_by_user_id, "
      "max_uses, expires_at)"
      " values ('{0}', '{1}', sha256('x'), 'abcd', 'UR', '{2}', 1, now() + interval '1 day');"
      "insert into invitation_workspaces (organization_id, invitation_id, workspace_id, role)"
      " values ('{0}', '{1}', '{3}', 'Operator')",
      kA, invitation, kColleagueInA, kTeam));
  auto is_good = [&] {
    return superuser.texts(fmt::format("select 'x' from invitations i where id = '{}' and may_invite(i)",
                                       invitation)) == std::vector<std::string>{"x"};
  };
  auto run = [&](const std::string& sql) {
    superuser.script(fmt::format(fmt::runtime(sql), kA, kColleagueInA, kTeam, kGroup, kAdminOfA));
  };
  const std::string in_team = " where workspace_id = '{2}' and user_id = '{1}'";
  auto give = [&](const char* role, const char* workspace, const char* holder) {
    run(
        fmt::format("insert into role_assignments (organization_id, id, role, workspace_id, {0})"
                    " values ('{{0}}', gen_random_uuid(), '{1}', {2}, '{{{3}}}')",
                    holder, role, workspace, holder == std::string("user_id") ? 1 : 3));
  };
  auto take_all = [&] { run("delete from role_assignments where organization_id = '{0}'"); };

  EXPECT_TRUE(is_good());
  run("update invitation_workspaces set role = 'WorkspaceAdmin' where workspace_id = '{2}'");
  EXPECT_TRUE(is_good());
  run("update workspace_users set granted_by_user_id = user_id" + in_team);
  EXPECT_FALSE(is_good());
  run("update workspace_users set granted_by_user_id = '{4}'" + in_team);
  EXPECT_TRUE(is_good());
  run("update invitation_workspaces set role = 'Auditor' where workspace_id = '{2}'");
  EXPECT_FALSE(is_good());
  run("update invitation_workspaces set role = 'Operator' where workspace_id = '{2}'");
  for (const auto* holder : {"user_id", "group_id"})
    for (const auto* workspace : {"null", "'{2}'"}) {
      give("Auditor", workspace, holder);
      EXPECT_FALSE(is_good());
      take_all();
      EXPECT_TRUE(is_good());
    }
  run("update invitations set role_code = 'WM' where invited_by_user_id = '{1}'");
  EXPECT_FALSE(is_good());
  run("update invitations set role_code = 'UR' where invited_by_user_id = '{1}'");
  run("update workspace_users set is_active = false" + in_team);
  EXPECT_FALSE(is_good());
  run("update workspace_users set is_active = true" + in_team);

  run("update memberships set role_code = 'UR' where user_id = '{1}'");
  EXPECT_FALSE(is_good());
  give("WorkspaceAdmin", "'{2}'", "group_id");
  EXPECT_TRUE(is_good());
  run("update invitation_workspaces set role = 'WorkspaceAdmin' where workspace_id = '{2}'");
  EXPECT_FALSE(is_good());
  run("update invitation_workspaces set role = null where workspace_id = '{2}'");
  run("update workspace_users set is_active = false" + in_team);
  EXPECT_FALSE(is_good());
  give("WorkspaceAdmin", "null", "group_id");
  EXPECT_TRUE(is_good());  // of every workspace, also from outside
  run("update groups set is_active = false where id = '{3}'");
  EXPECT_FALSE(is_good());

  run("update memberships set role_code = 'OA' where user_id = '{1}'");
  EXPECT_TRUE(is_good());
  give("Auditor", "'{2}'", "user_id");
  EXPECT_FALSE(is_good());
  take_all();
  run("update users set is_active = false where id = '{1}'");
  EXPECT_FALSE(is_good());
  run("update users set is_active = true where id = '{1}'");
  set_active(false);
  EXPECT_FALSE(is_good());
}

TEST_F(Rights, OfAServiceAccountAreReadAnewWhenItGetsASecret) {
  auto version = [&] {
    return superuser.texts(
        fmt::format("select version::text from tenant_versions where organization_id = '{}'", kA))[0];
  };
  auto before = version();
  superuser.script(fmt::format(
      "insert into service_account_secrets (organization_id, id, service_account_id, secret_hash, "
      "last_four) select organization_id, '{}', service_account_id, sha256('new'), 'abcd'"
      " from service_account_secrets where organization_id = '{}'",
      Uuid::v7().to_string(), kA));
  EXPECT_NE(version(), before);
}

}  // namespace
}  // namespace gatehouse::isolation
