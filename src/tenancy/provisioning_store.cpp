#include "tenancy/provisioning_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

constexpr pg::Statement kFindPerson{
    "people.find",
    "select id, password_hash, email_confirmed_at is not null as is_confirmed from users where email = $1"};
constexpr pg::Statement kOrgWorkspace{"workspaces.org",
                                      "select id from workspaces where organization_id = $1 and is_default"};
constexpr pg::Statement kMyWorkspace{"workspaces.my",
                                     "select id from workspaces where organization_id = $1 and "
                                     "owner_user_id = $2 and workspace_type = 'PERSONAL'"};
constexpr pg::Statement kOwner{"memberships.owner",
                               "select user_id from memberships where organization_id = $1 and is_owner"
                               " order by created_at limit 1"};

constexpr pg::Statement kInsertOrganization{
    "organizations.insert",
    "insert into organizations (id, name, slug, region, data_mode, plan_id)"
    " values ($1, $2, $3, $4::text::region_enum, $5::text::data_mode_enum, $6)"};
constexpr pg::Statement kInsertUsage{
    "usage.insert",
    "insert into tenant_usage (organization_id, month)"
    " values ($1, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM')) on conflict do nothing"};
constexpr pg::Statement kInsertSecret{"tenant_secrets.insert",
                                      "insert into tenant_secrets (organization_id, version, sealed_secret, "
                                      "last_four) values ($1, $2, $3, $4)"};
constexpr pg::Statement kUserGuard{"memberships.guard", "select refuse_beyond_users($1, $2)"};
constexpr pg::Statement kPlanOf{"organizations.plan",
                                "select plan_id from organizations where id = $1 and plan_id is not null"};
constexpr pg::Statement kInsertPerson{
    "people.insert",
    "insert into users (id, email, name, password_hash, email_confirmed_at)"
    " values ($1, $2, $3, $4, case when $5 then now() end) on conflict (email) do nothing"};
constexpr pg::Statement kInsertMembership{
    "memberships.insert",
    "insert into memberships (organization_id, user_id, role_code, is_owner)"
    " values ($1, $2, $3::text::role_code_enum, $4) on conflict do nothing"};
constexpr pg::Statement kEndMembership{
    "memberships.end",
    "update memberships set is_active = false where organization_id = $1 and user_id = $2"};
constexpr pg::Statement kInsertOrgWorkspace{
    "workspaces.insert_org",
    "insert into workspaces (organization_id, id, name, workspace_type, is_default, visibility)"
    " values ($1, $2, 'OrgWorkspace', 'FUNCTIONAL', true, 'public') on conflict do nothing"};
constexpr pg::Statement kInsertMyWorkspace{
    "workspaces.insert_my",
    "insert into workspaces (organization_id, id, name, workspace_type, owner_user_id, visibility)"
    " values ($1, $2, 'MyWorkspace', 'PERSONAL', $3, 'private') on conflict do nothing"};
constexpr pg::Statement kGrantOrgWorkspace{
    "workspace_users.grant_org",
    "insert into workspace_users (organization_id, id, workspace_id, user_id) values ($1, $2, $3, $4)"
    " on conflict do nothing"};
// By owner and not by id: MyWorkspace may have been there before.
constexpr pg::Statement kGrantMyWorkspace{
    "workspace_users.grant_my",
    "insert into workspace_users (organization_id, id, workspace_id, user_id)"
    " select organization_id, $2, id, owner_user_id from workspaces"
    " where organization_id = $1 and owner_user_id = $3 and workspace_type = 'PERSONAL'"
    " on conflict do nothing"};

template <class T>
Task<std::optional<T>> find(access::Reactor& reactor, Region region, pg::Statement statement,
                            pg::Params params) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(statement, std::move(params)),
                                                            pg::within(kDeadline));
  co_return rows[0].template find_one<T>();
}

}  // namespace

Task<std::optional<PersonRow>> find_person(access::Reactor& reactor, Region region, std::string email) {
  co_return co_await find<PersonRow>(reactor, region, kFindPerson, pg::params(email));
}

Task<std::optional<WorkspaceId>> find_org_workspace(access::Reactor& reactor, Region region,
                                                    OrganizationId organization) {
  co_return co_await find<WorkspaceId>(reactor, region, kOrgWorkspace, pg::params(organization));
}

Task<std::optional<WorkspaceId>> find_my_workspace(access::Reactor& reactor, Region region,
                                                   OrganizationId organization, UserId user) {
  co_return co_await find<WorkspaceId>(reactor, region, kMyWorkspace, pg::params(organization, user));
}

Task<std::optional<UserId>> find_owner(access::Reactor& reactor, Region region, OrganizationId organization) {
  co_return co_await find<UserId>(reactor, region, kOwner, pg::params(organization));
}

void insert_organization(pg::Batch& batch, OrganizationId id, const ProvisionOrganization& what,
                         const std::string& slug) {
  batch.add(kInsertOrganization, pg::params(id, what.name, slug, what.region, what.data_mode, what.plan))
      .add(kInsertUsage, pg::params(id));
}

vault::SealContext tenant_secret_context(OrganizationId organization, int version) {
  return {.organization = organization.value,
          .table = "tenant_secrets",
          .row = std::to_string(version),
          .field = "secret"};
}

void insert_tenant_secret(pg::Batch& batch, OrganizationId organization, int version,
                          const vault::Sealed& sealed, const std::string& last_four) {
  batch.add(kInsertSecret, pg::params(organization, version, sealed.bytes, last_four));
}

void add_user_guard(pg::Batch& batch, OrganizationId organization, std::optional<std::int64_t> most) {
  if (most) batch.add(kUserGuard, pg::params(organization, *most));
}

Task<std::optional<std::int64_t>> most_users(access::Reactor& reactor, Region region,
                                             OrganizationId organization) {
  if (!reactor.plans) co_return std::nullopt;
  auto id = co_await find<PlanId>(reactor, region, kPlanOf, pg::params(organization));
  if (!id) co_return std::nullopt;
  auto plan = co_await reactor.plans->get(reactor, *id);
  co_return plan->features.number("max_users");
}

void insert_person(pg::Batch& batch, UserId id, const NewPerson& person) {
  batch.add(kInsertPerson,
            pg::params(id, person.email, person.name, person.password_hash, person.is_confirmed));
}

void insert_member(pg::Batch& batch, OrganizationId organization, UserId user, RoleCode role, bool is_owner,
                   std::optional<WorkspaceId> org_workspace) {
  batch.add(kInsertMembership, pg::params(organization, user, role, is_owner))
      .add(kInsertMyWorkspace, pg::params(organization, WorkspaceId::make(), user))
      .add(kGrantMyWorkspace, pg::params(organization, Uuid::v7(), user));
  if (org_workspace)
    batch.add(kGrantOrgWorkspace, pg::params(organization, Uuid::v7(), *org_workspace, user));
}

void end_member(pg::Batch& batch, OrganizationId organization, UserId user) {
  batch.add(kEndMembership, pg::params(organization, user));
}

void insert_org_workspace(pg::Batch& batch, OrganizationId organization, WorkspaceId id) {
  batch.add(kInsertOrgWorkspace, pg::params(organization, id));
}

}  // namespace gatehouse::tenancy
