#include "identity/session_origin.h"

#include "identity/sessions_store.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "vault/data_key.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kInsert{
    "session_origins.insert",
    "insert into session_origins (organization_id, session_id, provider_id, subject, sid, sealed_logout)"
    " values ($1, $2, $3, $4, $5, $6)"};
constexpr pg::Statement kFindLogout{
    "session_origins.find_logout",
    "select sealed_logout from session_origins where organization_id = $1 and session_id = $2"};
constexpr pg::Statement kListSessions{
    "session_origins.list_sessions",
    "select s.id from session_origins n"
    " join sessions s on s.organization_id = n.organization_id and s.id = n.session_id"
    " where n.organization_id = $1 and n.provider_id = $2 and ($3::text is null or n.sid = $3)"
    " and ($4::text is null or n.subject = $4) and s.revoked_at is null and s.expires_at > now()"};
constexpr pg::Statement kEndSessions{
    "session_origins.end_sessions",
    "update sessions s set revoked_at = now() from session_origins n"
    " where n.organization_id = $1 and n.provider_id = $2 and ($3::text is null or n.sid = $3)"
    " and ($4::text is null or n.subject = $4) and s.organization_id = n.organization_id"
    " and s.id = n.session_id and s.revoked_at is null and s.expires_at > now() returning s.id"};

vault::SealContext context_of(const SessionAddress& at) {
  return {.organization = at.organization.value,
          .table = "session_origins",
          .row = at.id.to_string(),
          .field = "sealed_logout"};
}

}  // namespace

Task<pg::Batch> session_origin_rows(access::Reactor& reactor, SessionAddress at, UserId user,
                                    SessionOrigin origin) {
  std::optional<crypto::Bytes> sealed;
  if (origin.logout_url)
    if (auto key = co_await reactor.region(at.region).keyring->person_key(at.organization, user))
      sealed = vault::seal_field(*key, context_of(at), crypto::ByteView(*origin.logout_url)).bytes;
  co_return pg::Batch(
      kInsert, pg::params(at.organization, at.id, origin.provider, origin.subject, origin.sid, sealed));
}

Task<std::optional<std::string>> find_logout_url(access::Reactor& reactor, SessionAddress at, UserId user) {
  auto rows = co_await reactor.region(at.region).platform->run(
      pg::Batch(kFindLogout, pg::params(at.organization, at.id)), pg::within(kDeadline));
  if (rows[0].empty()) co_return std::nullopt;
  auto bytes = rows[0].at(0, 0).get<std::optional<crypto::Bytes>>();
  auto key = co_await reactor.region(at.region).keyring->person_key(at.organization, user);
  if (!bytes || !key) co_return std::nullopt;
  auto sealed = vault::Sealed::from_bytes(std::move(*bytes));
  if (!sealed) co_return std::nullopt;
  auto opened = vault::open_field(*key, context_of(at), *sealed);
  if (!opened) co_return std::nullopt;
  co_return std::string(opened->reveal());
}

Task<std::vector<SessionId>> list_sessions_of(access::Reactor& reactor, Region region,
                                              OrganizationId organization, IdentityProviderId provider,
                                              std::optional<std::string> sid,
                                              std::optional<std::string> subject) {
  auto rows = co_await reactor.region(region).platform->run(
      pg::Batch(kListSessions, pg::params(organization, provider, sid, subject)), pg::within(kDeadline));
  co_return rows[0].as<SessionId>();
}

void add_end_sessions_of(pg::Batch& batch, OrganizationId organization, IdentityProviderId provider,
                         std::optional<std::string> sid, std::optional<std::string> subject) {
  batch.add(kEndSessions, pg::params(organization, provider, sid, subject));
}

Task<void> end_own_session(Identity& identity, access::Call& call, SessionId id) {
  co_await revoke_own_session(call, id);
  identity.revocations().add(id.value);
}

}  // namespace gatehouse::identity
