#include "identity/programs.h"

#include "base/log.h"
#include "crypto/encoding.h"
#include "identity/client_id.h"
#include "identity/known_credentials.h"
#include "identity/programs_store.h"
#include "identity/signed_request.h"
#include "tenancy/tenant_secrets.h"

namespace gatehouse::identity {
namespace {

using access::Principal;
using access::Reactor;

constexpr std::chrono::seconds kTouchEvery{60};

std::unexpected<Error> unknown() {
  return fail(ErrorCode::unauthenticated, "The credential is not valid");
}

/// Errors: rate_limited, where this address named many that are none.
Result<void> may_look_up(Identity& identity, std::uint64_t client) {
  auto wait = identity.unknown_keys().wait(client, identity.options().unknown_keys);
  if (!wait) return {};
  return fail(Error{.code = ErrorCode::rate_limited,
                    .detail = "Too many credentials from this address were not valid",
                    .retry_after = *wait});
}

/// As it is remembered; anew where it does not know the secret of a token of ours, which may have been made
/// since. One that is not there then was revoked, for good: it is not asked for again.
Task<Result<std::shared_ptr<ServiceAccountRecord>>> look_up(
    Reactor& reactor, ClientId client, std::optional<ServiceAccountSecretId> secret = std::nullopt) {
  auto tenant = co_await reactor.tenants().get(client.region, client.organization);
  if (!tenant) co_return unknown();
  auto known = co_await (*tenant)->part<KnownCredentials>();
  auto record = known->service_account(client.account);
  if (!record || (secret && !record->has_secret(*secret) && !record->has_ended(*secret))) {
    auto row = co_await find_service_account(reactor, client.region, client.organization, client.account);
    auto before = known->service_account(client.account);
    record = std::make_shared<ServiceAccountRecord>(row.value_or(ServiceAccountRecord{}));
    if (before) record->ended_secrets = before->ended_secrets;
    if (secret && !record->has_secret(*secret)) record->ended_secrets.push_back(*secret);
    known->put(client.account, record);
  }
  if (!record->is_usable) co_return unknown();
  co_return record;
}

Task<void> touch(Reactor& reactor, ClientId client, std::shared_ptr<ServiceAccountRecord> record) {
  auto now = gatehouse::now();
  if (now - record->last_used_at < kTouchEvery) co_return;
  record->last_used_at = now;
  asio::co_spawn(
      reactor.executor(),
      [](Reactor& on, ClientId who, Timestamp when) -> Task<void> {
        try {
          co_await touch_service_account(on, who.region, who.organization, who.account, std::nullopt, when);
        } catch (const std::exception& error) {
          log::warn("identity.touch_failed", {{"error", error.what()}});
        }
      }(reactor, client, now),
      asio::detached);
}

Principal to_principal(ClientId client, const ServiceAccountRecord& record, access::PermissionSet scope) {
  return {.type = audit::ActorType::service_account,
          .service_account = client.account,
          .scope = scope & record.permissions,
          .organization = client.organization,
          .region = client.region,
          .default_workspace = record.workspace};
}

Task<Result<Principal>> with_certificate(Identity& identity, Reactor& reactor, const http::Request& request,
                                         ClientId client) {
  if (!reactor.serves(client.region)) co_return fail(identity.wrong_region(client.region));
  auto address = http::hash_of_client(request.peer.ip, 0);
  GH_CO_CHECK(may_look_up(identity, address));
  auto record = co_await look_up(reactor, client);
  auto shown = crypto::from_hex(request.client_certificate->fingerprint_sha256);
  bool is_theirs = false;
  auto now = gatehouse::now();
  if (record && shown)
    for (const auto& one : (*record)->certificates)
      is_theirs = is_theirs ||
                  (crypto::equal(one.fingerprint, *shown) && one.not_before <= now && now < one.not_after);
  if (!is_theirs) {
    identity.unknown_keys().take(address, identity.options().unknown_keys);
    co_return unknown();
  }
  co_await touch(reactor, client, *record);
  auto who = to_principal(client, **record, (*record)->permissions);
  who.certificate = request.client_certificate->fingerprint_sha256;
  co_return who;
}

/// What a tenant's own server is for: it talks to the simulator, and sees what that is about.
access::PermissionSet scope_of_signed() {
  using access::Permission;
  access::PermissionSet scope;
  for (auto permission : {Permission::anyone, Permission::signed_in, Permission::simulator_run,
                          Permission::stages_read, Permission::usage_read})
    scope.set(access::index_of(permission));
  return scope;
}

/// It acts as the organization: its id is the actor's.
Task<Result<Principal>> with_signature(Identity& identity, Reactor& reactor, const http::Request& request,
                                       SignedRequest made) {
  if (!reactor.serves(made.region)) co_return fail(identity.wrong_region(made.region));
  auto address = http::hash_of_client(request.peer.ip, 0);
  GH_CO_CHECK(may_look_up(identity, address));
  auto secret =
      co_await tenancy::open_tenant_secret(reactor, made.region, made.organization, made.secret_version);
  if (!secret || !is_signed_with(made, secret->secret)) {
    identity.unknown_keys().take(address, identity.options().unknown_keys);
    co_return unknown();
  }
  if (!co_await take_signature(reactor, made.region, made.organization, made.signature))
    co_return fail(ErrorCode::unauthenticated, "This signed request was seen before");
  co_return Principal{.type = audit::ActorType::service_account,
                      .service_account = ServiceAccountId{made.organization.value},
                      .scope = scope_of_signed(),
                      .organization = made.organization,
                      .region = made.region,
                      .default_workspace = secret->default_workspace,
                      .body_digest = made.content};
}

}  // namespace

Task<Result<Principal>> authenticate_program(Identity& identity, Reactor& reactor,
                                             const http::Request& request) {
  GH_CO_TRY(auto made, find_signature(request, gatehouse::now()));
  if (made) co_return co_await with_signature(identity, reactor, request, std::move(*made));
  if (auto client = client_of_certificate(request))
    co_return co_await with_certificate(identity, reactor, request, *client);
  co_return Principal{};
}

Task<Result<Principal>> program_with(Identity& identity, Reactor& reactor, ServiceClaims claims) {
  if (!reactor.serves(claims.client.region)) co_return fail(identity.wrong_region(claims.client.region));
  GH_CO_TRY(auto record, co_await look_up(reactor, claims.client, claims.secret));
  // The account was moved to another workspace since, or the secret that the token was given for is revoked.
  if (record->workspace != claims.workspace || !record->has_secret(claims.secret)) co_return unknown();
  co_await touch(reactor, claims.client, record);
  auto who = to_principal(claims.client, *record, claims.permissions);
  who.client_secret = claims.secret;
  co_return who;
}

Task<Result<Principal>> renew_program(Reactor& reactor, Principal who) {
  // A signature is good for its one request.
  if (who.body_digest) co_return who;
  ClientId client{who.region, who.organization, *who.service_account};
  GH_CO_TRY(auto record, co_await look_up(reactor, client));
  if (who.certificate) {
    auto shown = crypto::from_hex(*who.certificate);
    if (std::ranges::none_of(record->certificates, [&](const auto& one) {
          return shown && crypto::equal(one.fingerprint, *shown);
        }))
      co_return unknown();
  }
  if (who.client_secret && !record->has_secret(*who.client_secret)) co_return unknown();
  auto renewed = to_principal(client, *record, *who.scope);
  renewed.certificate = who.certificate;
  renewed.client_secret = who.client_secret;
  co_return renewed;
}

}  // namespace gatehouse::identity
