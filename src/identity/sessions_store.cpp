#include "identity/sessions_store.h"

#include "identity/stored_hash.h"
#include "pg/enums.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kInsert{
    "sessions.insert",
    "insert into sessions (organization_id, id, user_id, token_hash, rotated_at, last_seen_at, expires_at, "
    "personal, method, second_factor_at) values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)"};
constexpr pg::Statement kInsertOperator{
    "operator_sessions.insert",
    "insert into operator_sessions (id, operator_id, token_hash, rotated_at, last_seen_at, expires_at,"
    " method, second_factor_at) values ($1, $2, $3, $4, $4, $5, $6, $7)"};

constexpr pg::Statement kFind{
    "sessions.find",
    "select s.user_id, s.token_hash, s.previous_hash, s.rotated_at, s.confirmed_at, s.last_seen_at,"
    " s.expires_at, s.revoked_at is null and m.is_active and u.is_active and o.is_active"
    " and (n.session_id is null or coalesce(p.is_active, false)) as is_usable,"
    " m.role_code::text, w.id as my_workspace, n.session_id is not null as by_provider, s.method,"
    " s.second_factor_at, s.second_factor_at is null and s.method <> 'sso'"
    " and coalesce(o.settings #> '{sign_in,second_factor_roles}' ? m.role_code::text, false) as is_restricted"
    " from sessions s join organizations o on o.id = s.organization_id"
    " join memberships m on m.organization_id = s.organization_id and m.user_id = s.user_id"
    " join users u on u.id = s.user_id"
    " left join workspaces w on w.organization_id = s.organization_id and w.owner_user_id = s.user_id"
    " and w.workspace_type = 'PERSONAL' and w.is_active"
    " left join session_origins n on n.organization_id = s.organization_id and n.session_id = s.id"
    " left join identity_providers p on p.organization_id = n.organization_id and p.id = n.provider_id"
    " where s.organization_id = $1 and s.id = $2"};
constexpr pg::Statement kFindOperator{
    "operator_sessions.find",
    "select s.operator_id as user_id, s.token_hash, s.previous_hash, s.rotated_at, s.confirmed_at,"
    " s.last_seen_at, s.expires_at, s.revoked_at is null and o.is_active as is_usable, 'MS' as role_code,"
    " null::uuid as my_workspace, false as by_provider, s.method, s.second_factor_at,"
    " false as is_restricted"
    " from operator_sessions s join operators o on o.id = s.operator_id where s.id = $1"};

// The conditions are those of standing_of(): of parallel requests one wins.
constexpr pg::Statement kRotate{
    "sessions.rotate",
    "update sessions set token_hash = $4, previous_hash = $3, rotated_at = $5, confirmed_at = null,"
    " last_seen_at = $5 where organization_id = $1 and id = $2 and revoked_at is null"
    " and ((token_hash = $3 and rotated_at <= $6)"
    " or (previous_hash = $3 and confirmed_at is null and rotated_at <= $7))"};
constexpr pg::Statement kRotateOperator{
    "operator_sessions.rotate",
    "update operator_sessions set token_hash = $3, previous_hash = $2, rotated_at = $4, confirmed_at = null,"
    " last_seen_at = $4 where id = $1 and revoked_at is null and ((token_hash = $2 and rotated_at <= $5)"
    " or (previous_hash = $2 and confirmed_at is null and rotated_at <= $6))"};

constexpr pg::Statement kConfirm{
    "sessions.confirm",
    "update sessions set confirmed_at = $4 where organization_id = $1 and id = $2 and token_hash = $3"
    " and confirmed_at is null"};
constexpr pg::Statement kConfirmOperator{"operator_sessions.confirm",
                                         "update operator_sessions set confirmed_at = $3 where id = $1 and "
                                         "token_hash = $2 and confirmed_at is null"};

constexpr pg::Statement kTouch{"sessions.touch",
                               "update sessions set last_seen_at = $3 where organization_id = $1 and id = $2"
                               " and last_seen_at < $3 - interval '55 s'"};
constexpr pg::Statement kTouchOperator{"operator_sessions.touch",
                                       "update operator_sessions set last_seen_at = $2 where id = $1"
                                       " and last_seen_at < $2 - interval '55 s'"};

constexpr pg::Statement kRevoke{"sessions.revoke",
                                "update sessions set revoked_at = coalesce(revoked_at, now())"
                                " where organization_id = $1 and id = $2"};
constexpr pg::Statement kRevokeOperator{
    "operator_sessions.revoke",
    "update operator_sessions set revoked_at = coalesce(revoked_at, now()) where id = $1"};

constexpr pg::Statement kMark{
    "sessions.mark_second_factor",
    "update sessions set second_factor_at = $3 where organization_id = $1 and id = $2"};
constexpr pg::Statement kMarkOperator{"operator_sessions.mark_second_factor",
                                      "update operator_sessions set second_factor_at = $2 where id = $1"};

constexpr pg::Statement kListOwn{
    "sessions.list_own",
    "select id, created_at, last_seen_at, expires_at, personal, method, second_factor_at from sessions"
    " where organization_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()"
    " and ($3::uuid is null or id < $3) order by id desc limit $4"};
constexpr pg::Statement kRevokeOwn{"sessions.revoke_own",
                                   "update sessions set revoked_at = coalesce(revoked_at, now())"
                                   " where organization_id = $1 and id = $2 and user_id = $3"};

constexpr pg::Statement kListOperator{
    "operator_sessions.list",
    "select id, created_at, last_seen_at, expires_at, null::bytea as personal, method,"
    " second_factor_at from operator_sessions"
    " where operator_id = $1"
    " and revoked_at is null and expires_at > now() and ($2::uuid is null or id < $2) order by id desc limit "
    "$3"};

struct SessionRow {
  UserId user_id;
  crypto::Bytes token_hash;
  std::optional<crypto::Bytes> previous_hash;
  Timestamp rotated_at;
  std::optional<Timestamp> confirmed_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
  bool is_usable;
  RoleCode role_code;
  std::optional<WorkspaceId> my_workspace;
  bool by_provider;
  SessionMethod method;
  std::optional<Timestamp> second_factor_at;
  bool is_restricted;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (),
                      (user_id, token_hash, previous_hash, rotated_at, confirmed_at, last_seen_at, expires_at,
                       is_usable, role_code, my_workspace, by_provider, method, second_factor_at,
                       is_restricted))

/// Runs the tenant's or the operator's form of a statement where its table is.
Task<pg::Rows> run(access::Reactor& reactor, SessionAddress at, pg::Statement tenant,
                   pg::Params tenant_params, pg::Statement of_operator, pg::Params operator_params) {
  auto& pool = at.is_operator() ? reactor.control() : *reactor.region(at.region).platform;
  auto batch = at.is_operator() ? pg::Batch(of_operator, std::move(operator_params))
                                : pg::Batch(tenant, std::move(tenant_params));
  auto rows = co_await pool.run(std::move(batch), pg::within(kDeadline));
  co_return std::move(rows[0]);
}

}  // namespace

Task<void> insert_session(access::Reactor& reactor, SessionAddress at, UserId user, crypto::Digest token,
                          Timestamp expires_at, crypto::Bytes personal, SessionMethod method,
                          std::optional<Timestamp> second_factor_at, pg::Batch more) {
  auto now = gatehouse::now();
  std::optional<crypto::Bytes> sealed;
  if (!personal.empty()) sealed = std::move(personal);
  auto label = pg::label(method);
  auto& pool = at.is_operator() ? reactor.control() : *reactor.region(at.region).platform;
  auto batch = at.is_operator() ? pg::Batch(kInsertOperator, pg::params(at.id, user, token, now, expires_at,
                                                                        label, second_factor_at))
                                : pg::Batch(kInsert, pg::params(at.organization, at.id, user, token, now,
                                                                expires_at, sealed, label, second_factor_at));
  batch.append(std::move(more));
  co_await pool.run(std::move(batch), pg::within(kDeadline));
}

Task<std::optional<SessionRecord>> find_session(access::Reactor& reactor, SessionAddress at) {
  auto rows =
      co_await run(reactor, at, kFind, pg::params(at.organization, at.id), kFindOperator, pg::params(at.id));
  auto row = rows.find_one<SessionRow>();
  if (!row) co_return std::nullopt;
  co_return SessionRecord{.user = row->user_id,
                          .token = read_hash(row->token_hash),
                          .previous = row->previous_hash.transform(read_hash),
                          .rotated_at = row->rotated_at,
                          .confirmed_at = row->confirmed_at,
                          .last_seen_at = row->last_seen_at,
                          .expires_at = row->expires_at,
                          .is_usable = row->is_usable,
                          .role = row->role_code,
                          .my_workspace = row->my_workspace.value_or(WorkspaceId{}),
                          .by_provider = row->by_provider,
                          .method = row->method,
                          .second_factor_at = row->second_factor_at,
                          .is_restricted = row->is_restricted};
}

Task<bool> rotate_session(access::Reactor& reactor, SessionAddress at, crypto::Digest presented,
                          crypto::Digest successor, RotationRules rules, Timestamp now) {
  Timestamp due = now - rules.rotate_after, lost = now - rules.grace;
  auto rows = co_await run(reactor, at, kRotate,
                           pg::params(at.organization, at.id, presented, successor, now, due, lost),
                           kRotateOperator, pg::params(at.id, presented, successor, now, due, lost));
  co_return rows.affected() == 1;
}

Task<void> confirm_rotation(access::Reactor& reactor, SessionAddress at, crypto::Digest token,
                            Timestamp now) {
  co_await run(reactor, at, kConfirm, pg::params(at.organization, at.id, token, now), kConfirmOperator,
               pg::params(at.id, token, now));
}

Task<void> touch_session(access::Reactor& reactor, SessionAddress at, Timestamp now) {
  co_await run(reactor, at, kTouch, pg::params(at.organization, at.id, now), kTouchOperator,
               pg::params(at.id, now));
}

Task<void> revoke_session(access::Reactor& reactor, SessionAddress at) {
  co_await run(reactor, at, kRevoke, pg::params(at.organization, at.id), kRevokeOperator, pg::params(at.id));
}

Task<void> mark_second_factor(access::Reactor& reactor, SessionAddress at, Timestamp now) {
  co_await run(reactor, at, kMark, pg::params(at.organization, at.id, now), kMarkOperator,
               pg::params(at.id, now));
}

Task<std::vector<LiveSession>> list_own_sessions(access::Call& call, std::optional<SessionId> before,
                                                 std::int64_t limit) {
  if (!call.principal().has_organization()) {
    auto rows = co_await call.reactor().control().run(
        pg::Batch(kListOperator, pg::params(call.user(), before, limit)), pg::within(kDeadline));
    co_return rows[0].as<LiveSession>();
  }
  auto rows = co_await call.read(kListOwn, pg::params(call.organization(), call.user(), before, limit));
  co_return rows.as<LiveSession>();
}

Task<bool> revoke_own_session(access::Call& call, SessionId id) {
  if (!call.principal().has_organization()) {
    auto session = co_await find_session(call.reactor(), {.id = id});
    if (!session || session->user != call.user()) co_return false;
    co_await call.record_now();
    co_await revoke_session(call.reactor(), {.id = id});
    co_return true;
  }
  auto rows = co_await call.write(kRevokeOwn, pg::params(call.organization(), id, call.user()));
  co_return rows.affected() == 1;
}

}  // namespace gatehouse::identity
