#include "identity/identity.h"

#include "audit/appender.h"
#include "base/log.h"
#include "crypto/encoding.h"
#include "crypto/token.h"
#include "identity/access_token.h"
#include "identity/credential.h"
#include "identity/directories.h"
#include "identity/known_credentials.h"
#include "identity/programs.h"
#include "identity/sessions_store.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using access::Principal;
using access::Reactor;

constexpr std::chrono::seconds kTouchEvery{60};
constexpr std::chrono::seconds kLongestAccessToken{600};

IdentityOptions checked(IdentityOptions options) {
  if (!options.signing_key) throw Failure("identity needs a signing key");
  if (options.access_token_lifetime > kLongestAccessToken)
    throw Failure("access tokens live ten minutes at most");
  if (!options.keys) {
    auto keys = std::make_shared<crypto::KeySet>();
    keys->add(options.signing_key->public_key());
    options.keys = std::move(keys);
  }
  return options;
}

std::unexpected<Error> unknown() {
  return fail(ErrorCode::unauthenticated, "The credential is not valid");
}
std::unexpected<Error> ended() {
  return fail(ErrorCode::session_expired, "The session has ended: sign in again");
}
std::unexpected<Error> key_ended() {
  return fail(ErrorCode::unauthenticated, "The API key is revoked or has expired");
}

bool is_good(const SessionRecord& session, Timestamp now) {
  return session.is_usable && session.expires_at > now;
}
bool is_good(const ApiKeyRecord& key, Timestamp now) {
  return key.is_usable && (!key.expires_at || *key.expires_at > now);
}

/// "Last used" is for people to read: written at most once a minute, and no request waits for it.
void in_background(Reactor& reactor, Task<void> touch) {
  asio::co_spawn(
      reactor.executor(),
      [](Task<void> work) -> Task<void> {
        try {
          co_await std::move(work);
        } catch (const std::exception& error) {
          log::warn("identity.touch_failed", {{"error", error.what()}});
        }
      }(std::move(touch)),
      asio::detached);
}

struct Found {
  std::shared_ptr<SessionRecord> record;
  std::shared_ptr<KnownCredentials> known;  // null for an operator
};

/// What this reactor knows of the tenant. Errors: unauthenticated if there is no such organization.
Task<Result<std::shared_ptr<KnownCredentials>>> known_of(Reactor& reactor, Region region,
                                                         OrganizationId organization) {
  auto tenant = co_await reactor.tenants().get(region, organization);
  if (!tenant) co_return unknown();
  co_return co_await (*tenant)->part<KnownCredentials>();
}

Task<Result<Found>> reload(Reactor& reactor, SessionAddress at, std::shared_ptr<KnownCredentials> known) {
  auto row = co_await find_session(reactor, at);
  if (!row) co_return unknown();
  Found found{std::make_shared<SessionRecord>(*row), std::move(known)};
  if (found.known) found.known->put(at.id, found.record);
  co_return found;
}

/// From the snapshot if it is there, else from the database. Operators are few: theirs is always read.
Task<Result<Found>> look_up(Reactor& reactor, SessionAddress at) {
  if (at.is_operator()) co_return co_await reload(reactor, at, nullptr);
  GH_CO_TRY(auto known, co_await known_of(reactor, at.region, at.organization));
  // One that lacks the second factor is read anew: the code may have been given on another reactor or node.
  if (auto record = known->session(at.id); record && !record->is_restricted)
    co_return Found{std::move(record), std::move(known)};
  co_return co_await reload(reactor, at, std::move(known));
}

/// An absent key is remembered as one that matches nothing and may do nothing.
Task<std::shared_ptr<ApiKeyRecord>> reload(Reactor& reactor, Region region, OrganizationId organization,
                                           ApiKeyId id, std::shared_ptr<KnownCredentials> known) {
  auto row = co_await find_api_key(reactor, region, organization, id);
  auto record = std::make_shared<ApiKeyRecord>(row.value_or(ApiKeyRecord{}));
  known->put(id, record);
  co_return record;
}

void note_use(Reactor& reactor, SessionAddress at, SessionRecord& session, Timestamp now) {
  if (now - session.last_seen_at < kTouchEvery) return;
  session.last_seen_at = now;
  in_background(reactor, touch_session(reactor, at, now));
}

Principal to_principal(Reactor& reactor, const SessionAddress& at, const SessionRecord& session) {
  return {.type = audit::ActorType::user,
          .user = session.user,
          .session = at.id,
          .organization = at.organization,
          .region = at.is_operator() ? reactor.regions().front().region : at.region,
          .role = session.role,
          .is_super_admin = at.is_operator(),
          .by_provider = session.by_provider,
          .is_restricted = session.is_restricted,
          .default_workspace = session.my_workspace};
}

Principal to_principal(Region region, OrganizationId organization, ApiKeyId id, const ApiKeyRecord& key) {
  return {.type = audit::ActorType::api_key,
          .user = key.user,
          .api_key = id,
          .scope = key.scope,
          .organization = organization,
          .region = region,
          .role = key.role,
          .default_workspace = key.workspace};
}

}  // namespace

Identity::Identity(IdentityOptions options)
    : options_(checked(std::move(options))), passwords_(options_.passwords) {}

Error Identity::wrong_region(Region region) const {
  return access::wrong_region(region, options_.base_urls);
}

Task<Result<Principal>> Identity::authenticate(Reactor& reactor, const http::Request& request) {
  GH_CO_TRY(auto credential, find_credential(request, cookie_name(options_.secure_cookies)));
  switch (credential.kind) {
    case Credential::Kind::session:
      co_return co_await from_session(reactor, request, std::move(credential.text));
    case Credential::Kind::api_key:
      co_return co_await from_api_key(reactor, request, std::move(credential.text));
    case Credential::Kind::access_token:
      co_return co_await from_access_token(reactor, std::move(credential.text));
    case Credential::Kind::scim_token:
      co_return co_await authenticate_directory(*this, reactor, request, std::move(credential.text));
    case Credential::Kind::none:
      break;
  }
  co_return co_await authenticate_program(*this, reactor, request);
}

Task<Result<Principal>> Identity::renew(Reactor& reactor, Principal who) {
  if (who.session) {
    SessionAddress at{.organization = who.organization, .region = who.region, .id = *who.session};
    if (revocations_.contains(at.id.value)) co_return ended();
    GH_CO_TRY(auto found, co_await look_up(reactor, at));
    if (!is_good(*found.record, now())) co_return ended();
    auto renewed = to_principal(reactor, at, *found.record);
    renewed.csrf = who.csrf;
    co_return renewed;
  }
  if (who.api_key) {
    if (revocations_.contains(who.api_key->value)) co_return key_ended();
    GH_CO_TRY(auto known, co_await known_of(reactor, who.region, who.organization));
    auto record = known->api_key(*who.api_key);
    if (!record) record = co_await reload(reactor, who.region, who.organization, *who.api_key, known);
    if (!is_good(*record, now())) co_return key_ended();
    co_return to_principal(who.region, who.organization, *who.api_key, *record);
  }
  if (who.service_account) co_return co_await renew_program(reactor, who);
  if (who.scim_token) co_return co_await renew_directory(*this, reactor, who);
  co_return who;
}

Task<Result<Principal>> Identity::from_session(Reactor& reactor, const http::Request& request,
                                               std::string token) {
  auto presented = crypto::parse_token(crypto::TokenKind::session, token);
  if (!presented) co_return unknown();
  SessionAddress at{.organization = OrganizationId{presented->address.organization},
                    .id = SessionId{presented->address.id}};
  if (!at.is_operator()) {
    auto region = parse_region(presented->address.region);
    if (!region) co_return unknown();
    if (!reactor.serves(*region)) co_return fail(wrong_region(*region));
    at.region = *region;
  }
  if (!crypto::carries_seal(token, reactor.secrets().email_hashes)) co_return unknown();
  if (revocations_.contains(at.id.value)) co_return ended();

  RotationRules rules{options_.rotate_after, options_.rotation_grace};
  GH_CO_TRY(auto found, co_await look_up(reactor, at));
  auto now = gatehouse::now();
  auto standing = standing_of(*found.record, *presented, rules, now);
  // The row may have moved since it was remembered: another reactor or node rotated the token.
  if (standing == Standing::refused && found.known) {
    GH_CO_TRY(found, co_await reload(reactor, at, found.known));
    standing = standing_of(*found.record, *presented, rules, now);
  }
  if (!is_good(*found.record, now)) co_return ended();
  if (standing == Standing::refused)
    co_return fail(co_await revoke_replayed(reactor, request, at, found.record->user));

  std::optional<std::string> new_cookie;
  if (standing == Standing::due) {
    auto successor = issue_session_token(reactor.secrets().email_hashes, at);
    if (co_await rotate_session(reactor, at, presented->digest, successor.stored, rules, now)) {
      auto rest = std::chrono::floor<std::chrono::seconds>(found.record->expires_at - now);
      new_cookie = set_cookie(options_.secure_cookies, successor.text, rest);
      auto rotated = std::make_shared<SessionRecord>(*found.record);
      rotated->previous = presented->digest;
      rotated->token = successor.stored;
      rotated->rotated_at = rotated->last_seen_at = now;
      rotated->confirmed_at.reset();
      if (found.known) found.known->put(at.id, rotated);
      found.record = std::move(rotated);
    } else {
      // Another request was first. Whether this token is still good is in the row.
      GH_CO_TRY(found, co_await reload(reactor, at, found.known));
      standing = standing_of(*found.record, *presented, rules, now);
      if (!found.record->is_usable) co_return ended();
      if (standing == Standing::refused)
        co_return fail(co_await revoke_replayed(reactor, request, at, found.record->user));
    }
  } else if (standing == Standing::first_seen) {
    co_await confirm_rotation(reactor, at, presented->digest, now);
    found.record->confirmed_at = now;
  }
  note_use(reactor, at, *found.record, now);

  auto principal = to_principal(reactor, at, *found.record);
  principal.csrf = crypto::sha256(csrf_token(reactor.secrets().email_hashes, at.id));
  principal.new_cookie = std::move(new_cookie);
  co_return principal;
}

// The event first: no transaction holds both it and an operator's session, and a replay that comes again is
// revoked again.
Task<Error> Identity::revoke_replayed(Reactor& reactor, const http::Request& request, SessionAddress at,
                                      UserId user) {
  auto event = audit::make_event("session.replay");
  if (!at.is_operator()) event.organization = at.organization;
  event.resource_type = "session";
  event.resource_id = at.id.to_string();
  event.outcome = audit::EventOutcome::denied;
  event.request_id = request.request_id;
  event.payload = json::Object{{"user_id", user.to_string()},
                               {"address_hash", crypto::to_hex(tenancy::network_address_hash(
                                                    reactor.secrets(), request.peer.to_string()))}};
  auto region = at.is_operator() ? reactor.regions().front().region : at.region;
  co_await reactor.region(region).appender->append(std::move(event));
  co_await revoke_session(reactor, at);
  revocations_.add(at.id.value);
  co_return Error{.code = ErrorCode::session_expired,
                  .detail = "The session was used from two places and has ended: sign in again"};
}

Task<Result<Principal>> Identity::from_access_token(Reactor& reactor, std::string token) {
  auto claims = read_access_token(*options_.keys, options_.issuer, token);
  if (!claims) {
    // Each region may have a key of its own, so a stranger's signature can be another region's.
    if (auto region = region_in(token); region && !reactor.serves(*region))
      co_return fail(wrong_region(*region));
    co_return std::unexpected(std::move(claims).error());
  }
  if (const auto* service = std::get_if<ServiceClaims>(&*claims))
    co_return co_await program_with(*this, reactor, *service);
  const auto& person = std::get<AccessClaims>(*claims);
  if (person.region && !reactor.serves(*person.region)) co_return fail(wrong_region(*person.region));
  SessionAddress at{.organization = person.organization,
                    .region = person.region.value_or(Region::us),
                    .id = person.session};
  if (revocations_.contains(at.id.value)) co_return ended();
  GH_CO_TRY(auto found, co_await look_up(reactor, at));
  auto now = gatehouse::now();
  if (found.record->user != person.user || !is_good(*found.record, now)) co_return ended();
  note_use(reactor, at, *found.record, now);
  co_return to_principal(reactor, at, *found.record);
}

Task<Result<Principal>> Identity::from_api_key(Reactor& reactor, const http::Request& request,
                                               std::string key) {
  auto presented = crypto::parse_token(crypto::TokenKind::api_key, key);
  if (!presented) co_return fail(ErrorCode::unauthenticated, "The API key is not valid");
  auto region = parse_region(presented->address.region);
  if (!region) co_return unknown();
  if (!reactor.serves(*region)) co_return fail(wrong_region(*region));
  OrganizationId organization{presented->address.organization};
  ApiKeyId id{presented->address.id};
  if (revocations_.contains(id.value)) co_return key_ended();

  auto client = http::hash_of_client(request.peer.ip, 0);
  auto may_look_up = [&]() -> Result<void> {
    auto wait = unknown_keys_.wait(client, options_.unknown_keys);
    if (!wait) return {};
    return fail(Error{.code = ErrorCode::rate_limited,
                      .detail = "Too many API keys from this address were not valid",
                      .retry_after = *wait});
  };
  if (!reactor.tenants().find(*region, organization)) GH_CO_CHECK(may_look_up());
  auto known = co_await known_of(reactor, *region, organization);
  if (!known) {
    unknown_keys_.take(client, options_.unknown_keys);
    co_return std::unexpected(std::move(known).error());
  }
  auto record = (*known)->api_key(id);
  if (!record) {
    GH_CO_CHECK(may_look_up());
    auto turn = co_await (*known)->turn_for(id);
    record = (*known)->api_key(id);
    if (!record) {
      record = co_await reload(reactor, *region, organization, id, *known);
      if (!crypto::matches(*presented, record->hash)) unknown_keys_.take(client, options_.unknown_keys);
    }
  }
  auto now = gatehouse::now();
  if (!crypto::matches(*presented, record->hash)) co_return unknown();
  if (!is_good(*record, now)) co_return key_ended();
  if (!record->allowed_addresses.empty() && !http::any_contains(record->allowed_addresses, request.peer.ip))
    co_return fail(ErrorCode::forbidden, "This API key may not be used from this address");
  if (now - record->last_used_at >= kTouchEvery) {
    record->last_used_at = now;
    in_background(reactor, touch_api_key(reactor, *region, organization, id, now));
  }
  co_return to_principal(*region, organization, id, *record);
}

}  // namespace gatehouse::identity
