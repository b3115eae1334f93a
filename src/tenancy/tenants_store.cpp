#include "tenancy/tenants_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

constexpr std::size_t kMostWords = 8;

#define GH_TENANT                                                                                  \
  "select o.id, o.name, o.slug, o.region::text, o.data_mode::text, o.status::text, o.plan_id,"     \
  " requests_used(o.id, m.month) as used, m.month,"                                                \
  " (select count(*) from memberships x where x.organization_id = o.id and x.is_active) as users," \
  " o.created_at, o.activated_at, o.suspended_at from organizations o"                             \
  " cross join (select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM') as month) m"
// $1 after, $2 status, $3 plan, $4 limit
#define GH_FILTERED                                                          \
  " where ($1::uuid is null or o.id < $1) and ($2::text is null or o.status" \
  " = $2::tenant_status_enum) and ($3::uuid is null or o.plan_id = $3)"

constexpr pg::Statement kList{"tenants.list", GH_TENANT GH_FILTERED " order by o.id desc limit $4"};
// The words by themselves first: beside an order by id the planner would rather walk all tenants than use the
// index of words. Of more matches than that, some are not found; a longer text tells them apart.
constexpr pg::Statement kSearch{"tenants.search", GH_TENANT GH_FILTERED
                                " and o.id = any (array(select x.id from organizations x"
                                " where words_of(x.name || ' ' || x.slug) @@ lower($5)::tsquery limit 5000))"
                                " order by o.id desc limit $4"};
constexpr pg::Statement kGet{"tenants.show", GH_TENANT " where o.id = $1"};
constexpr pg::Statement kOwners{
    "tenants.owners",
    "select u.id, u.email, u.name from memberships m join users u on u.id = m.user_id"
    " where m.organization_id = $1 and m.is_owner and m.is_active order by m.created_at limit 20"};
constexpr pg::Statement kSecrets{
    "tenants.secrets",
    "select version, last_four, created_at, expires_at from tenant_secrets where organization_id = $1"
    " and (expires_at is null or expires_at > now()) order by version desc limit 20"};
constexpr pg::Statement kLock{"tenants.lock",
                              "select status::text from organizations where id = $1 for update"};
constexpr pg::Statement kSetStatus{
    "tenants.set_status", "update organizations set status = $2::text::tenant_status_enum where id = $1"};
constexpr pg::Statement kRename{"tenants.rename", "update organizations set name = $2 where id = $1"};
constexpr pg::Statement kSetPlan{"tenants.set_plan", "update organizations set plan_id = $2 where id = $1"};
constexpr pg::Statement kLockSecret{"tenant_secrets.lock",
                                    "select version from tenant_secrets where organization_id = $1"
                                    " order by version desc limit 1 for update"};
constexpr pg::Statement kExpireSecret{
    "tenant_secrets.expire",
    "update tenant_secrets set expires_at = now() + make_interval(hours => $2::int)"
    " where organization_id = $1 and expires_at is null returning expires_at"};

}  // namespace

std::string words_query(std::string_view text) {
  std::string query;
  std::size_t words = 0;
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  for (std::size_t at = 0; at < text.size() && words < kMostWords; ++words) {
    while (at < text.size() && !is_plain(text[at])) ++at;
    auto from = at;
    while (at < text.size() && is_plain(text[at])) ++at;
    if (from == at) break;
    if (!query.empty()) query += " & ";
    query += '\'';
    query += text.substr(from, at - from);
    query += "':*";
  }
  return query;
}

void add_list_tenants(pg::Batch& batch, const TenantFilter& filter, std::optional<OrganizationId> after,
                      std::int64_t limit) {
  std::optional<std::string> status;
  if (filter.status) status = std::string(to_string(*filter.status));
  auto words = words_query(filter.words);
  if (words.empty())
    batch.add(kList, pg::params(after, status, filter.plan, limit));
  else
    batch.add(kSearch, pg::params(after, status, filter.plan, limit, words));
}

void add_get_tenant(pg::Batch& batch, OrganizationId id) {
  batch.add(kGet, pg::params(id)).add(kOwners, pg::params(id)).add(kSecrets, pg::params(id));
}

void add_lock_tenant(pg::Batch& batch, OrganizationId id) {
  batch.add(kLock, pg::params(id));
}

void add_set_status(pg::Batch& batch, OrganizationId id, TenantStatus status) {
  batch.add(kSetStatus, pg::params(id, status));
}

void add_rename_tenant(pg::Batch& batch, OrganizationId id, const std::string& name) {
  batch.add(kRename, pg::params(id, name));
}

void add_set_plan(pg::Batch& batch, OrganizationId id, PlanId plan) {
  batch.add(kSetPlan, pg::params(id, plan));
}

void add_lock_secret(pg::Batch& batch, OrganizationId id) {
  batch.add(kLockSecret, pg::params(id));
}

void add_expire_secret(pg::Batch& batch, OrganizationId id, std::int64_t overlap_hours) {
  batch.add(kExpireSecret, pg::params(id, overlap_hours));
}

}  // namespace gatehouse::tenancy
