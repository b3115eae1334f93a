#include "tenancy/organization_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

#define GH_ORGANIZATION_COLUMNS                                                                             \
  "id, name, slug, region::text, data_mode::text, status::text, settings, attributes, version, created_at," \
  " updated_at"

constexpr pg::Statement kGet{"organization.get",
                             "select " GH_ORGANIZATION_COLUMNS " from organizations where id = $1"};
constexpr pg::Statement kLock{
    "organization.lock", "select " GH_ORGANIZATION_COLUMNS " from organizations where id = $1 for update"};
constexpr pg::Statement kUpdate{"organization.update",
                                "update organizations set name = $2, data_mode = $3::text::data_mode_enum, "
                                "settings = $4, attributes = $5,"
                                " version = version + 1 where id = $1 returning " GH_ORGANIZATION_COLUMNS};

constexpr pg::Statement kLockGuests{
    "organization.lock_guests",
    "select pg_advisory_xact_lock(hashtextextended('guests ' || $1::uuid::text, 0))"};
constexpr pg::Statement kWithoutGuests{
    "organization.without_guests",
    "select exists (select from workspaces where organization_id = $1 and is_active"
    " and settings ->> 'allow_guests' = 'false')"};

#undef GH_ORGANIZATION_COLUMNS

}  // namespace

Task<std::optional<OrganizationRow>> find_organization(access::Call& call) {
  auto rows = co_await call.read(kGet, pg::params(call.organization()));
  co_return rows.find_one<OrganizationRow>();
}

Task<std::optional<OrganizationRow>> lock_organization(access::Call& call) {
  auto rows = co_await call.write(kLock, pg::params(call.organization()));
  co_return rows.find_one<OrganizationRow>();
}

void lock_guests(pg::Batch& batch, const access::Call& call) {
  batch.add(kLockGuests, pg::params(call.organization()));
}

Task<bool> has_workspace_without_guests(access::Call& call) {
  pg::Batch batch;
  lock_guests(batch, call);
  batch.add(kWithoutGuests, pg::params(call.organization()));
  auto rows = co_await call.write(std::move(batch));
  co_return rows.back().one<bool>();
}

Task<OrganizationRow> update_organization(access::Call& call, OrganizationRow row) {
  auto rows =
      co_await call.write(kUpdate, pg::params(row.id, row.name, row.data_mode, row.settings, row.attributes));
  co_return rows.one<OrganizationRow>();
}

}  // namespace gatehouse::tenancy
