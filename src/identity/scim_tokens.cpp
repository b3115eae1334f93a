#include "identity/scim_tokens.h"

#include "identity/stored_hash.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kFind{
    "scim_tokens.find",
    "select t.token_hash, t.expires_at, t.last_used_at, t.revoked_at is null and o.is_active as is_usable"
    " from scim_tokens t join organizations o on o.id = t.organization_id"
    " where t.organization_id = $1 and t.id = $2"};
constexpr pg::Statement kTouch{
    "scim_tokens.touch",
    "update scim_tokens set last_used_at = $3 where organization_id = $1 and id = $2"
    " and (last_used_at is null or last_used_at < $3 - interval '55 s')"};
constexpr pg::Statement kList{
    "scim_tokens.list",
    "select id, last_four, created_by_user_id, created_at, expires_at, last_used_at from scim_tokens"
    " where organization_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())"
    " order by expires_at is not null, id desc"};
constexpr pg::Statement kInsert{
    "scim_tokens.insert",
    "insert into scim_tokens (organization_id, id, token_hash, last_four, created_by_user_id)"
    " values ($1, $2, $3, $4, $5)"};
constexpr pg::Statement kEndReplaced{
    "scim_tokens.end_replaced",
    "update scim_tokens set revoked_at = now()"
    " where organization_id = $1 and revoked_at is null and expires_at is not null returning id"};
constexpr pg::Statement kReplace{
    "scim_tokens.replace",
    "update scim_tokens set expires_at = now() + $2 * interval '1 s', revoked_at = case when $2 = 0 then "
    "now() end"
    " where organization_id = $1 and revoked_at is null and expires_at is null returning id"};
constexpr pg::Statement kRevoke{"scim_tokens.revoke",
                                "update scim_tokens set revoked_at = now() where organization_id = $1 and id "
                                "= $2 and revoked_at is null"};

struct TokenRow {
  crypto::Bytes token_hash;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
  bool is_usable;
};
BOOST_DESCRIBE_STRUCT(TokenRow, (), (token_hash, expires_at, last_used_at, is_usable))

}  // namespace

Task<std::optional<ScimTokenRecord>> find_scim_token(access::Reactor& reactor, Region region,
                                                     OrganizationId organization, ScimTokenId id) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(kFind, pg::params(organization, id)),
                                                            pg::within(kDeadline));
  auto row = rows[0].find_one<TokenRow>();
  if (!row) co_return std::nullopt;
  ScimTokenRecord record{.expires_at = row->expires_at,
                         .is_usable = row->is_usable,
                         .last_used_at = row->last_used_at.value_or(Timestamp{})};
  record.hash = read_hash(row->token_hash);
  co_return record;
}

Task<void> touch_scim_token(access::Reactor& reactor, Region region, OrganizationId organization,
                            ScimTokenId id, Timestamp now) {
  co_await reactor.region(region).platform->run(pg::Batch(kTouch, pg::params(organization, id, now)),
                                                pg::within(kDeadline));
}

pg::Batch select_scim_tokens(OrganizationId organization) {
  return {kList, pg::params(organization)};
}

Task<void> insert_scim_token(access::Call& call, ScimTokenId id, crypto::Digest hash, std::string last_four) {
  co_await call.write(kInsert, pg::params(call.organization(), id, hash, last_four, call.user()));
}

Task<std::optional<std::vector<ScimTokenId>>> replace_scim_token(access::Call& call,
                                                                 std::chrono::seconds overlap) {
  pg::Batch batch(kEndReplaced, pg::params(call.organization()));
  batch.add(kReplace, pg::params(call.organization(), std::int64_t{overlap.count()}));
  auto rows = co_await call.write(std::move(batch));
  auto replaced = rows[1].as<ScimTokenId>();
  if (replaced.empty()) co_return std::nullopt;
  auto ended = rows[0].as<ScimTokenId>();
  if (overlap == 0s) ended.insert(ended.end(), replaced.begin(), replaced.end());
  co_return ended;
}

Task<bool> revoke_scim_token(access::Call& call, ScimTokenId id) {
  auto rows = co_await call.write(kRevoke, pg::params(call.organization(), id));
  co_return rows.affected() == 1;
}

}  // namespace gatehouse::identity
