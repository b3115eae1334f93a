#include "identity/api_keys_store.h"

#include "identity/programs_store.h"
#include "identity/stored_hash.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kFind{
    "api_keys.find",
    "select k.user_id, k.workspace_id, k.key_hash, m.role_code::text, k.expires_at, k.last_used_at,"
    " k.permissions, k.allowed_addresses, k.revoked_at is null and m.is_active and u.is_active and "
    "o.is_active and w.is_active"
    " and (m.role_code = 'OA' or exists (select from workspace_users x where x.organization_id = $1"
    " and x.workspace_id = k.workspace_id and x.user_id = k.user_id and x.is_active)) as is_usable"
    " from api_keys k join organizations o on o.id = k.organization_id"
    " join memberships m on m.organization_id = k.organization_id and m.user_id = k.user_id"
    " join users u on u.id = k.user_id"
    " join workspaces w on w.organization_id = k.organization_id and w.id = k.workspace_id"
    " where k.organization_id = $1 and k.id = $2"};
constexpr pg::Statement kTouch{"api_keys.touch",
                               "update api_keys set last_used_at = $3 where organization_id = $1 and id = $2"
                               " and (last_used_at is null or last_used_at < $3 - interval '55 s')"};

#define GH_KEY                                                                                         \
  "id, name, workspace_id, user_id, last_four, coalesce(permissions, '{models_read,gateway_call}') as" \
  " permissions, allowed_addresses, created_at, expires_at, last_used_at, revoked_at"
constexpr pg::Statement kList{
    "api_keys.list",
    "select " GH_KEY
    " from api_keys where organization_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"};
constexpr pg::Statement kInsert{
    "api_keys.insert",
    "insert into api_keys (organization_id, id, workspace_id, user_id, name, key_hash, last_four, expires_at,"
    " permissions, allowed_addresses) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning " GH_KEY};
#undef GH_KEY
constexpr pg::Statement kRevoke{"api_keys.revoke",
                                "update api_keys set revoked_at = coalesce(revoked_at, now())"
                                " where organization_id = $1 and id = $2"};

struct KeyRow {
  UserId user_id;
  WorkspaceId workspace_id;
  crypto::Bytes key_hash;
  RoleCode role_code;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
  std::optional<std::vector<std::string>> permissions;
  std::vector<std::string> allowed_addresses;
  bool is_usable;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (),
                      (user_id, workspace_id, key_hash, role_code, expires_at, last_used_at, permissions,
                       allowed_addresses, is_usable))

}  // namespace

Task<std::optional<ApiKeyRecord>> find_api_key(access::Reactor& reactor, Region region,
                                               OrganizationId organization, ApiKeyId id) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(kFind, pg::params(organization, id)),
                                                            pg::within(kDeadline));
  auto row = rows[0].find_one<KeyRow>();
  if (!row) co_return std::nullopt;
  ApiKeyRecord record{.user = row->user_id,
                      .workspace = row->workspace_id,
                      .role = row->role_code,
                      .scope = access::default_key_scope(),
                      .expires_at = row->expires_at,
                      .last_used_at = row->last_used_at.value_or(Timestamp{}),
                      .is_usable = row->is_usable};
  if (row->permissions) {
    record.scope = to_permissions(*row->permissions);
    for (auto always : {access::Permission::anyone, access::Permission::signed_in})
      record.scope.set(access::index_of(always));
  }
  for (const auto& text : row->allowed_addresses)
    if (auto network = http::Cidr::parse(text))
      record.allowed_addresses.push_back(std::move(*network));
    else
      record.is_usable = false;
  record.hash = read_hash(row->key_hash);
  co_return record;
}

Task<void> touch_api_key(access::Reactor& reactor, Region region, OrganizationId organization, ApiKeyId id,
                         Timestamp now) {
  co_await reactor.region(region).platform->run(pg::Batch(kTouch, pg::params(organization, id, now)),
                                                pg::within(kDeadline));
}

Task<std::vector<ApiKeyView>> list_api_keys(access::Call& call, std::optional<ApiKeyId> before,
                                            std::int64_t limit) {
  auto rows = co_await call.read(kList, pg::params(call.organization(), before, limit));
  co_return rows.as<ApiKeyView>();
}

Task<ApiKeyView> insert_api_key(access::Call& call, NewApiKey key) {
  auto rows = co_await call.write(
      kInsert, pg::params(call.organization(), key.id, key.workspace, call.user(), key.name, key.hash,
                          key.last_four, key.expires_at, key.permissions, key.allowed_addresses));
  co_return rows.one<ApiKeyView>();
}

Task<bool> revoke_api_key(access::Call& call, ApiKeyId id) {
  auto rows = co_await call.write(kRevoke, pg::params(call.organization(), id));
  co_return rows.affected() == 1;
}

}  // namespace gatehouse::identity
