#include "sso/attempts_store.h"

#include <algorithm>

#include "audit/drain.h"
#include "audit/outbox.h"
#include "crypto/bytes.h"
#include "identity/session_origin.h"
#include "pg/statement.h"
#include "pg/transaction.h"

namespace gatehouse::sso {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kInsert{"sso.insert_attempt",
                                "insert into sign_in_attempts (organization_id, id, provider_id, purpose, "
                                "state_hash, browser_hash, user_id, session_id,"
                                " return_to, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
constexpr pg::Statement kUse{
    "sso.use_attempt",
    "with old as (select * from sign_in_attempts a where organization_id = $1 and id = $2 and state_hash = $3"
    " and (purpose <> 'link' or exists (select from sessions s where s.organization_id = $1"
    " and s.id = a.session_id and s.revoked_at is null and s.expires_at > now())) for update), used as "
    "(update sign_in_attempts a set used_at = coalesce(a.used_at, now()) from old"
    " where a.organization_id = old.organization_id and a.id = old.id)"
    " select provider_id, purpose, user_id, session_id, return_to, browser_hash, used_at is not null as "
    "was_used,"
    " expires_at <= now() as has_expired from old"};
constexpr pg::Statement kOutcome{
    "sso.store_outcome", "update sign_in_attempts set outcome = $3 where organization_id = $1 and id = $2"};
constexpr pg::Statement kLogoutToken{"sso.remember_logout_token",
                                     "insert into logout_tokens (organization_id, provider_id, jti_hash) "
                                     "values ($1, $2, $3) on conflict do nothing"};
constexpr pg::Statement kForgetAttempts{
    "sso.forget_attempts", "delete from sign_in_attempts where expires_at < now() - interval '1 hour'"};
constexpr pg::Statement kForgetTokens{"sso.forget_logout_tokens",
                                      "delete from logout_tokens where seen_at < now() - interval '1 day'"};

struct AttemptRow {
  IdentityProviderId provider_id;
  Purpose purpose;
  std::optional<UserId> user_id;
  std::optional<SessionId> session_id;
  std::string return_to;
  crypto::Bytes browser_hash;
  bool was_used;
  bool has_expired;
};
BOOST_DESCRIBE_STRUCT(AttemptRow, (),
                      (provider_id, purpose, user_id, session_id, return_to, browser_hash, was_used,
                       has_expired))

Task<pg::Rows> run(access::Reactor& reactor, Region region, pg::Statement statement, pg::Params params) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(statement, std::move(params)),
                                                            pg::within(kDeadline));
  co_return std::move(rows[0]);
}

}  // namespace

Task<void> insert_attempt(access::Reactor& reactor, Attempt attempt, crypto::Digest state,
                          crypto::Digest browser) {
  co_await run(
      reactor, attempt.region, kInsert,
      pg::params(attempt.organization, attempt.id, attempt.provider, attempt.purpose, state, browser,
                 attempt.user, attempt.session, attempt.return_to, gatehouse::now() + kAttemptLifetime));
}

Task<std::optional<UsedAttempt>> use_attempt(access::Reactor& reactor, Region region,
                                             OrganizationId organization, SignInAttemptId id,
                                             crypto::Digest state) {
  auto rows = co_await run(reactor, region, kUse, pg::params(organization, id, state));
  auto row = rows.find_one<AttemptRow>();
  if (!row) co_return std::nullopt;
  UsedAttempt used{.attempt = {.organization = organization,
                               .region = region,
                               .id = id,
                               .provider = row->provider_id,
                               .purpose = row->purpose,
                               .user = row->user_id,
                               .session = row->session_id,
                               .return_to = std::move(row->return_to)},
                   .was_used = row->was_used,
                   .has_expired = row->has_expired};
  std::ranges::copy(row->browser_hash, used.browser.begin());
  co_return used;
}

Task<void> store_outcome(access::Reactor& reactor, Attempt attempt, pg::Json outcome) {
  co_await run(reactor, attempt.region, kOutcome, pg::params(attempt.organization, attempt.id, outcome));
}

Task<std::optional<std::vector<SessionId>>> obey_logout_token(access::Reactor& reactor, Region region,
                                                              OrganizationId organization,
                                                              IdentityProviderId provider,
                                                              oidc::LogoutToken token, audit::Event event) {
  auto& place = reactor.region(region);
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await place.platform->acquire(deadline), deadline);
  auto jti = crypto::sha256(crypto::ByteView(token.jti));
  pg::Batch batch(kLogoutToken, pg::params(organization, provider, jti));
  identity::add_end_sessions_of(batch, organization, provider, std::move(token.sid),
                                std::move(token.subject));
  auto rows = co_await transaction.run(std::move(batch));
  if (rows[0].affected() == 0) co_return std::nullopt;
  auto ended = rows[1].as<SessionId>();
  event.payload.as_object()["sessions"] = ended.size();
  co_await transaction.commit(pg::Batch(audit::kInsertOutbox, audit::outbox_params(event)));
  if (place.drain) place.drain->notify_local();
  co_return ended;
}

Task<void> forget_old(access::Reactor& reactor, Region region) {
  co_await run(reactor, region, kForgetAttempts, {});
  co_await run(reactor, region, kForgetTokens, {});
}

}  // namespace gatehouse::sso
