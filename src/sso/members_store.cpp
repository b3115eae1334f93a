#include "sso/members_store.h"

#include "audit/drain.h"
#include "audit/outbox.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"
#include "tenancy/newcomer.h"

namespace gatehouse::sso {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

constexpr pg::Statement kFindLogin{"sso.find_login",
                                   "select id, user_id, manages_membership, lost_groups_at is not null as "
                                   "has_lost_groups from external_identities"
                                   " where organization_id = $1 and issuer = $2 and subject = $3"};
constexpr pg::Statement kInsertLogin{
    "sso.insert_login",
    "insert into external_identities (organization_id, id, issuer, subject, user_id, provider_id,"
    " manages_membership) values ($1, $2, $3, $4, $5, $6, $7)"
    " on conflict (organization_id, issuer, subject) do nothing"};
// Who ends the session waits for this, and then finds the login.
constexpr pg::Statement kLinkLogin{
    "sso.link_login",
    "insert into external_identities (organization_id, id, issuer, subject, user_id, provider_id)"
    " select $1, $2, $3, $4, $5, $6 from sessions s where s.organization_id = $1 and s.id = $7"
    " and s.revoked_at is null and s.expires_at > now() for share"
    " on conflict (organization_id, issuer, subject) do nothing"};
constexpr pg::Statement kTouchLogin{
    "sso.touch_login",
    "update external_identities set provider_id = $3, last_sign_in_at = now(),"
    " lost_groups_at = case $4::boolean when true then null when false then coalesce(lost_groups_at, now())"
    " else lost_groups_at end where organization_id = $1 and id = $2"};
constexpr pg::Statement kMemberByEmail{
    "sso.member_by_email",
    "select m.user_id, u.is_active as person_is_active, m.is_active, m.is_owner, m.role_code::text"
    " from users u join memberships m on m.organization_id = $1 and m.user_id = u.id where u.email = $2"};
constexpr pg::Statement kMember{
    "sso.member",
    "select m.user_id, u.is_active as person_is_active, m.is_active, m.is_owner, m.role_code::text"
    " from memberships m join users u on u.id = m.user_id where m.organization_id = $1 and m.user_id = $2"};
constexpr pg::Statement kBarred{"sso.barred", "select not is_active from users where email = $1"};
constexpr pg::Statement kGivenWorkspaces{
    "sso.given_workspaces",
    "select workspace_id from external_workspace_grants where organization_id = $1 and user_id = $2"};
constexpr pg::Statement kHeldWorkspaces{
    "sso.held_workspaces",
    "select workspace_id from workspace_users where organization_id = $1 and user_id = $2 and is_active"};
constexpr pg::Statement kHeldRoles{
    "sso.held_roles",
    "select a.id, a.role::text, a.workspace_id, g.assignment_id is not null as by_group from "
    "role_assignments a"
    " left join external_role_grants g on g.organization_id = a.organization_id and g.user_id = a.user_id"
    " and g.assignment_id = a.id where a.organization_id = $1 and a.user_id = $2"};
constexpr pg::Statement kShared{
    "sso.shared_workspaces",
    "select id from workspaces where organization_id = $1 and id = any ($2::uuid[]) and is_active"
    " and workspace_type = 'FUNCTIONAL'"};
constexpr pg::Statement kLockMember{
    "sso.lock_member",
    "select is_active from memberships where organization_id = $1 and user_id = $2 for update"};
constexpr pg::Statement kMayReturn{
    "sso.may_return",
    "select lost_groups_at is not null from external_identities where organization_id = $1 and id = $2"};
constexpr pg::Statement kUpdateMember{
    "sso.update_member",
    "update memberships set role_code = coalesce($3::text::role_code_enum, role_code),"
    " is_active = coalesce($4::boolean, is_active) where organization_id = $1 and user_id = $2"};
// What was there before, given by hand, is not taken over: it stays when the group goes.
constexpr pg::Statement kJoin{
    "sso.join_workspace",
    "with added as (insert into workspace_users (organization_id, id, workspace_id, user_id)"
    " values ($1, $3, $4, $2) on conflict do nothing returning workspace_id)"
    " insert into external_workspace_grants (organization_id, user_id, workspace_id)"
    " select $1, $2, workspace_id from added on conflict do nothing"};
constexpr pg::Statement kLeave{
    "sso.leave_workspaces",
    "with gone as (delete from external_workspace_grants where organization_id = $1 and user_id = $2"
    " and workspace_id = any ($3::uuid[]) returning workspace_id)"
    " update workspace_users w set is_active = false from gone where w.organization_id = $1 and w.user_id = "
    "$2"
    " and w.workspace_id = gone.workspace_id and w.is_active"};
constexpr pg::Statement kAssign{
    "sso.assign_role",
    "with added as (insert into role_assignments (organization_id, id, role, workspace_id, user_id)"
    " values ($1, $3, $4::text::governance_role_enum, $5, $2) on conflict do nothing returning id)"
    " insert into external_role_grants (organization_id, user_id, assignment_id) select $1, $2, id from "
    "added"};
constexpr pg::Statement kUnassign{
    "sso.unassign_roles",
    "delete from role_assignments where organization_id = $1 and user_id = $2 and id = any ($3::uuid[])"};

Task<std::vector<pg::Rows>> run(access::Reactor& reactor, Region region, pg::Batch batch) {
  co_return co_await reactor.region(region).platform->run(std::move(batch), pg::within(kDeadline));
}

}  // namespace

Task<std::optional<KnownLogin>> find_login(access::Reactor& reactor, Region region,
                                           OrganizationId organization, std::string issuer,
                                           std::string subject) {
  auto rows = co_await run(reactor, region, pg::Batch(kFindLogin, pg::params(organization, issuer, subject)));
  co_return rows[0].find_one<KnownLogin>();
}

Task<KnownLogin> insert_login(access::Reactor& reactor, Region region, OrganizationId organization,
                              std::string issuer, std::string subject, UserId user,
                              IdentityProviderId provider, bool manages_membership) {
  pg::Batch batch;
  batch
      .add(kInsertLogin, pg::params(organization, ExternalIdentityId::make(), issuer, subject, user, provider,
                                    manages_membership))
      .add(kFindLogin, pg::params(organization, issuer, subject));
  auto rows = co_await run(reactor, region, std::move(batch));
  co_return rows[1].one<KnownLogin>();
}

Task<std::optional<KnownLogin>> link_login(access::Reactor& reactor, Region region,
                                           OrganizationId organization, std::string issuer,
                                           std::string subject, UserId user, IdentityProviderId provider,
                                           SessionId session) {
  pg::Batch batch;
  batch
      .add(kLinkLogin,
           pg::params(organization, ExternalIdentityId::make(), issuer, subject, user, provider, session))
      .add(kFindLogin, pg::params(organization, issuer, subject));
  auto rows = co_await run(reactor, region, std::move(batch));
  co_return rows[1].find_one<KnownLogin>();
}

Task<std::optional<MemberRow>> find_member_by_email(access::Reactor& reactor, Region region,
                                                    OrganizationId organization, std::string email) {
  auto rows = co_await run(reactor, region, pg::Batch(kMemberByEmail, pg::params(organization, email)));
  co_return rows[0].find_one<MemberRow>();
}

Task<std::optional<MemberRow>> find_member_row(access::Reactor& reactor, Region region,
                                               OrganizationId organization, UserId user) {
  auto rows = co_await run(reactor, region, pg::Batch(kMember, pg::params(organization, user)));
  co_return rows[0].find_one<MemberRow>();
}

Task<bool> is_barred(access::Reactor& reactor, Region region, std::string email) {
  auto rows = co_await run(reactor, region, pg::Batch(kBarred, pg::params(email)));
  co_return rows[0].find_one<bool>().value_or(false);
}

Task<Held> list_held(access::Reactor& reactor, Region region, OrganizationId organization, UserId user) {
  pg::Batch batch;
  batch.add(kHeldWorkspaces, pg::params(organization, user))
      .add(kGivenWorkspaces, pg::params(organization, user))
      .add(kHeldRoles, pg::params(organization, user));
  auto rows = co_await run(reactor, region, std::move(batch));
  Held held{.roles = rows[2].as<HeldRole>()};
  for (auto id : rows[0].as<WorkspaceId>()) held.workspaces.insert(id);
  for (auto id : rows[1].as<WorkspaceId>()) held.workspaces_by_group.insert(id);
  co_return held;
}

Task<std::set<WorkspaceId>> shared_workspaces(access::Reactor& reactor, Region region,
                                              OrganizationId organization, std::set<WorkspaceId> wanted) {
  std::vector<WorkspaceId> ids(wanted.begin(), wanted.end());
  auto rows = co_await run(reactor, region, pg::Batch(kShared, pg::params(organization, ids)));
  auto found = rows[0].as<WorkspaceId>();
  co_return std::set<WorkspaceId>(found.begin(), found.end());
}

Task<bool> change_member(access::Reactor& reactor, Region region, OrganizationId organization,
                         MemberRow member, MemberChange change, ExternalIdentityId login,
                         IdentityProviderId provider, std::optional<audit::Event> event) {
  const auto user = member.user_id;
  const bool returns = change.is_active == true;
  pg::Batch batch;
  if (returns) batch = co_await tenancy::seat_guard(reactor, region, organization);
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await reactor.region(region).platform->acquire(deadline), deadline);
  // Whoever ends the membership holds the lock until their word is there to be read.
  pg::Batch first(kLockMember, pg::params(organization, user));
  first.add(kMayReturn, pg::params(organization, login));
  auto rows = co_await transaction.run(std::move(first));
  if (rows[0].find_one<bool>() != member.is_active) co_return false;
  if (returns && !rows[1].find_one<bool>().value_or(false)) co_return false;
  if (change.role || change.is_active)
    batch.add(kUpdateMember, pg::params(organization, user, change.role, change.is_active));
  for (auto workspace : change.join) batch.add(kJoin, pg::params(organization, user, Uuid::v7(), workspace));
  if (!change.leave.empty()) batch.add(kLeave, pg::params(organization, user, change.leave));
  for (const auto& grant : change.assign)
    batch.add(kAssign,
              pg::params(organization, user, RoleAssignmentId::make(), grant.role, grant.workspace_id));
  if (!change.unassign.empty()) batch.add(kUnassign, pg::params(organization, user, change.unassign));
  batch.add(kTouchLogin, pg::params(organization, login, provider, change.is_active));
  if (event) batch.add(audit::kInsertOutbox, audit::outbox_params(*event));
  co_await transaction.commit(std::move(batch));
  if (auto* drain = reactor.region(region).drain; drain && event) drain->notify_local();
  co_return true;
}

}  // namespace gatehouse::sso
