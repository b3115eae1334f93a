#include "identity/directories.h"

#include "base/log.h"
#include "crypto/token.h"
#include "identity/known_credentials.h"

namespace gatehouse::identity {
namespace {

using access::Principal;
using access::Reactor;

constexpr std::chrono::seconds kTouchEvery{60};

std::unexpected<Error> unknown() {
  return fail(ErrorCode::unauthenticated, "The SCIM token is not valid");
}
std::unexpected<Error> ended() {
  return fail(ErrorCode::unauthenticated, "The SCIM token is revoked or was replaced");
}

struct Address {
  Region region = Region::us;
  OrganizationId organization;
  ScimTokenId id;
};

bool is_good(const ScimTokenRecord& token, Timestamp now) {
  return token.is_usable && (!token.expires_at || *token.expires_at > now);
}

Principal to_principal(const Address& at) {
  access::PermissionSet scope;
  scope.set(access::index_of(access::Permission::scim_provision));
  return {.type = audit::ActorType::scim_token,
          .scim_token = at.id,
          .scope = scope,
          .organization = at.organization,
          .region = at.region};
}

/// Of what this reactor remembers. Null: ask look_up().
Task<std::shared_ptr<ScimTokenRecord>> recall(Reactor& reactor, Address at) {
  auto tenant = reactor.tenants().find(at.region, at.organization);
  if (!tenant) co_return nullptr;
  auto known = co_await tenant->part<KnownCredentials>();
  co_return known->scim_token(at.id);
}

/// From the tenant's snapshot if it is there. An absent token is remembered as one that matches nothing.
Task<Result<std::shared_ptr<ScimTokenRecord>>> look_up(Reactor& reactor, Address at) {
  auto tenant = co_await reactor.tenants().get(at.region, at.organization);
  if (!tenant) co_return unknown();
  auto known = co_await (*tenant)->part<KnownCredentials>();
  auto record = known->scim_token(at.id);
  if (!record) {
    auto row = co_await find_scim_token(reactor, at.region, at.organization, at.id);
    record = std::make_shared<ScimTokenRecord>(row.value_or(ScimTokenRecord{}));
    known->put(at.id, record);
  }
  co_return record;
}

void note_use(Reactor& reactor, Address at, ScimTokenRecord& record, Timestamp now) {
  if (now - record.last_used_at < kTouchEvery) return;
  record.last_used_at = now;
  asio::co_spawn(
      reactor.executor(),
      [](Reactor& on, Address of, Timestamp when) -> Task<void> {
        try {
          co_await touch_scim_token(on, of.region, of.organization, of.id, when);
        } catch (const std::exception& error) {
          log::warn("identity.touch_failed", {{"error", error.what()}});
        }
      }(reactor, at, now),
      asio::detached);
}

}  // namespace

Task<Result<Principal>> authenticate_directory(Identity& identity, Reactor& reactor,
                                               const http::Request& request, std::string token) {
  auto presented = crypto::parse_token(crypto::TokenKind::scim, token);
  if (!presented) co_return unknown();
  auto region = parse_region(presented->address.region);
  if (!region) co_return unknown();
  if (!reactor.serves(*region)) co_return fail(identity.wrong_region(*region));
  Address at{*region, OrganizationId{presented->address.organization}, ScimTokenId{presented->address.id}};
  if (identity.revocations().contains(at.id.value)) co_return ended();

  auto record = co_await recall(reactor, at);
  if (!record) {
    // Made-up tokens cost a limited number of look-ups, as made-up API keys do.
    auto client = http::hash_of_client(request.peer.ip, 0);
    const auto& limit = identity.options().unknown_keys;
    if (auto wait = identity.unknown_keys().wait(client, limit))
      co_return fail(Error{.code = ErrorCode::rate_limited,
                           .detail = "Too many credentials from this address were not valid",
                           .retry_after = *wait});
    auto found = co_await look_up(reactor, at);
    if (!found || !crypto::matches(*presented, (*found)->hash)) identity.unknown_keys().take(client, limit);
    GH_CO_TRY(record, std::move(found));
  }
  if (!crypto::matches(*presented, record->hash)) co_return unknown();
  auto now = gatehouse::now();
  if (!is_good(*record, now)) co_return ended();
  note_use(reactor, at, *record, now);
  co_return to_principal(at);
}

Task<Result<Principal>> renew_directory(Identity& identity, Reactor& reactor, Principal who) {
  if (identity.revocations().contains(who.scim_token->value)) co_return ended();
  Address at{who.region, who.organization, *who.scim_token};
  GH_CO_TRY(auto record, co_await look_up(reactor, at));
  if (!is_good(*record, gatehouse::now())) co_return ended();
  co_return to_principal(at);
}

}  // namespace gatehouse::identity
