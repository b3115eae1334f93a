#include "tenancy/provisioning_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

constexpr pg::Statement kReserve{
    "directory.reserve",
    "insert into directory (organization_id, slug, region, state)"
    " values ($1, $2, $3::text::region_enum, 'reserved') on conflict (slug) do nothing"};
constexpr pg::Statement kFindSlug{"directory.find_slug",
                                  "select organization_id, region::text, state = 'confirmed' as is_confirmed "
                                  "from directory where slug = $1"};
constexpr pg::Statement kConfirm{"directory.confirm",
                                 "update directory set state = 'confirmed' where organization_id = $1"};

constexpr pg::Statement kFindPerson{"people.find", "select id, password_hash from users where email = $1"};
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
    " values ($1, $2, $3, $4::text::region_enum, $5::text::data_mode_enum, $6) on conflict (id) do nothing"};
constexpr pg::Statement kInsertPerson{"people.insert",
                                      "insert into users (id, email, name, password_hash) values ($1, $2, "
                                      "$3, $4) on conflict (email) do nothing"};
constexpr pg::Statement kInsertMembership{
    "memberships.insert",
    "insert into memberships (organization_id, user_id, role_code, is_owner)"
    " values ($1, $2, $3::text::role_code_enum, $4) on conflict do nothing"};
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

struct SlugRow {
  OrganizationId organization_id;
  Region region;
  bool is_confirmed;
};
BOOST_DESCRIBE_STRUCT(SlugRow, (), (organization_id, region, is_confirmed))

template <class T>
Task<std::optional<T>> find(access::Reactor& reactor, Region region, pg::Statement statement,
                            pg::Params params) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(statement, std::move(params)),
                                                            pg::within(kDeadline));
  co_return rows[0].template find_one<T>();
}

}  // namespace

Task<DirectoryRow> reserve_slug(access::Reactor& reactor, OrganizationId id, std::string slug,
                                Region region) {
  pg::Batch batch;
  batch.add(kReserve, pg::params(id, slug, region)).add(kFindSlug, pg::params(slug));
  auto rows = co_await reactor.control().run(std::move(batch), pg::within(kDeadline));
  auto row = rows[1].one<SlugRow>();
  co_return DirectoryRow{row.organization_id, row.region, row.is_confirmed};
}

Task<void> confirm_organization(access::Reactor& reactor, OrganizationId id) {
  co_await reactor.control().run(pg::Batch(kConfirm, pg::params(id)), pg::within(kDeadline));
}

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

void insert_organization(pg::Batch& batch, OrganizationId id, const ProvisionOrganization& what) {
  batch.add(kInsertOrganization,
            pg::params(id, what.name, what.slug, what.region, what.data_mode, what.plan));
}

void insert_person(pg::Batch& batch, UserId id, const NewPerson& person) {
  batch.add(kInsertPerson, pg::params(id, person.email, person.name, person.password_hash));
}

void insert_member(pg::Batch& batch, OrganizationId organization, UserId user, RoleCode role, bool is_owner,
                   WorkspaceId org_workspace) {
  batch.add(kInsertMembership, pg::params(organization, user, role, is_owner))
      .add(kInsertMyWorkspace, pg::params(organization, WorkspaceId::make(), user))
      .add(kGrantMyWorkspace, pg::params(organization, Uuid::v7(), user))
      .add(kGrantOrgWorkspace, pg::params(organization, Uuid::v7(), org_workspace, user));
}

void insert_org_workspace(pg::Batch& batch, OrganizationId organization, WorkspaceId id) {
  batch.add(kInsertOrgWorkspace, pg::params(organization, id));
}

}  // namespace gatehouse::tenancy
