#include "identity/passwords_store.h"

#include "audit/outbox.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"
#include "tenancy/adoption.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

constexpr pg::Statement kVoid{
    "password_resets.void",
    "update password_resets set used_at = now() where user_id = $1 and used_at is null"};
// Who changes the address waits for this, and then ends the link; of two for one person, the later ends the
// other.
constexpr pg::Statement kInsert{
    "password_resets.insert",
    "insert into password_resets (id, user_id, token_hash, issued_in, issued_by, is_mailed, expires_at)"
    " select $1, u.id, $3, $4, $5, $6, $7 from users u where u.id = $2 and u.email = $8 for no key update"};
constexpr pg::Statement kVoidOthers{
    "password_resets.void_others",
    "update password_resets set used_at = now() where user_id = $1 and used_at is null and id <> $2"};
constexpr pg::Statement kFind{
    "password_resets.find",
    "select r.user_id, r.issued_in, r.issued_by, r.is_mailed from password_resets r"
    " join users u on u.id = r.user_id where r.id = $1 and r.token_hash = $2 and r.used_at is null"
    " and r.expires_at > now() and u.is_active"};
constexpr pg::Statement kUse{"password_resets.use",
                             "update password_resets set used_at = now() where id = $1 and token_hash = $2"
                             " and used_at is null and expires_at > now()"
                             " returning user_id, issued_in, issued_by, is_mailed"};
constexpr pg::Statement kUnconfirm{"passwords.unconfirm",
                                   "update users set email_confirmed_at = null where id = $1"};
constexpr pg::Statement kSet{"passwords.set", "update users set password_hash = $2 where id = $1"};
constexpr pg::Statement kSetOperator{"operators.set_password",
                                     "update operators set password_hash = $2 where id = $1"};
constexpr pg::Statement kEndSessions{
    "passwords.end_sessions",
    "update sessions set revoked_at = now() where user_id = $1 and revoked_at is null and id is distinct "
    "from $2"
    " and organization_id in (select organization_id from memberships where user_id = $1) returning id"};
constexpr pg::Statement kEndOperatorSessions{
    "operators.end_sessions",
    "update operator_sessions set revoked_at = now() where operator_id = $1 and revoked_at is null"
    " and id is distinct from $2 returning id"};
constexpr pg::Statement kOrganizations{"passwords.organizations",
                                       "select organization_id from memberships where user_id = $1"};

struct ResetRow {
  UserId user_id;
  std::optional<OrganizationId> issued_in;
  std::optional<UserId> issued_by;
  bool is_mailed;
};
BOOST_DESCRIBE_STRUCT(ResetRow, (), (user_id, issued_in, issued_by, is_mailed))

std::optional<OpenReset> read_reset(const pg::Rows& rows) {
  auto row = rows.find_one<ResetRow>();
  if (!row) return std::nullopt;
  OpenReset reset{.user = row->user_id, .is_mailed = row->is_mailed};
  if (row->issued_in) reset.issuer = Issuer{*row->issued_in, *row->issued_by};
  return reset;
}

/// Its first result are the sessions that it ends.
pg::Batch password_by_link(const OpenReset& reset, const std::string& password_hash) {
  pg::Batch batch(kEndSessions, pg::params(reset.user, std::optional<SessionId>{}));
  if (reset.is_mailed)
    tenancy::begin_anew(batch, reset.user, password_hash, true);
  else
    batch.add(kUnconfirm, pg::params(reset.user));
  batch.add(kSet, pg::params(reset.user, password_hash)).add(kVoid, pg::params(reset.user));
  return batch;
}

}  // namespace

Task<bool> insert_reset(access::Reactor& reactor, Region region, NewReset reset, pg::Batch letter) {
  std::optional<OrganizationId> issued_in;
  std::optional<UserId> issued_by;
  if (reset.issuer) {
    issued_in = reset.issuer->organization;
    issued_by = reset.issuer->user;
  }
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await reactor.region(region).platform->acquire(deadline), deadline);
  auto inserted =
      co_await transaction.query(kInsert, pg::params(reset.id, reset.user, reset.token, issued_in, issued_by,
                                                     reset.is_mailed, reset.expires_at, reset.email));
  if (inserted.affected() == 0) {
    co_await transaction.rollback();
    co_return false;
  }
  letter.add(kVoidOthers, pg::params(reset.user, reset.id));
  co_await transaction.commit(std::move(letter));
  co_return true;
}

Task<std::optional<OpenReset>> find_reset(access::Reactor& reactor, Region region, Uuid id,
                                          crypto::Digest token) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(kFind, pg::params(id, token)),
                                                            pg::within(kDeadline));
  co_return read_reset(rows[0]);
}

Task<std::optional<std::vector<SessionId>>> use_reset(access::Reactor& reactor, Region region, Uuid id,
                                                      crypto::Digest token, std::string password_hash,
                                                      std::vector<audit::Event> events) {
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await reactor.region(region).platform->acquire(deadline), deadline);
  auto used = co_await transaction.query(kUse, pg::params(id, token));
  auto reset = read_reset(used);
  if (!reset) {
    co_await transaction.rollback();
    co_return std::nullopt;
  }
  auto batch = password_by_link(*reset, password_hash);
  for (const auto& event : events) batch.add(audit::kInsertOutbox, audit::outbox_params(event));
  auto rows = co_await transaction.commit(std::move(batch));
  if (auto* drain = reactor.region(region).drain) drain->notify_local();
  co_return rows[0].as<SessionId>();
}

Task<std::vector<SessionId>> spread_reset(access::Reactor& reactor, Region region, OpenReset reset,
                                          std::string password_hash) {
  auto rows = co_await reactor.region(region).platform->run(password_by_link(reset, password_hash),
                                                            pg::within(kDeadline));
  co_return rows[0].as<SessionId>();
}

Task<std::vector<SessionId>> set_password(access::Reactor& reactor, std::optional<Region> region, UserId user,
                                          std::string password_hash, std::optional<SessionId> kept) {
  auto& pool = region ? *reactor.region(*region).platform : reactor.control();
  pg::Batch batch;
  batch.add(region ? kEndSessions : kEndOperatorSessions, pg::params(user, kept))
      .add(region ? kSet : kSetOperator, pg::params(user, password_hash));
  if (region) batch.add(kVoid, pg::params(user));
  auto rows = co_await pool.run(std::move(batch), pg::within(kDeadline));
  co_return rows[0].as<SessionId>();
}

Task<std::vector<OrganizationId>> organizations_of(access::Reactor& reactor, Region region, UserId user) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(kOrganizations, pg::params(user)),
                                                            pg::within(kDeadline));
  co_return rows[0].as<OrganizationId>();
}

}  // namespace gatehouse::identity
