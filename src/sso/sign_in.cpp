#include "sso/sign_in.h"

#include <algorithm>

#include "access/plans.h"
#include "audit/appender.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/random.h"
#include "crypto/token.h"
#include "http/cookies.h"
#include "identity/sign_in.h"
#include "json/codec.h"
#include "oidc/claims.h"
#include "oidc/flow.h"
#include "tenancy/email_directory.h"

namespace gatehouse::sso {
namespace {

constexpr std::size_t kLongestPath = 512;
constexpr std::size_t kBrowserToken = 43;
constexpr std::size_t kLongestHint = 4096;

std::string derived(const access::NodeSecrets& secrets, std::string_view label, std::string_view state) {
  return crypto::to_base64url(crypto::hmac_sha256(secrets.email_hashes, crypto::aad({label, state})));
}

oidc::FlowSecrets flow_secrets(const access::NodeSecrets& secrets, std::string state) {
  return {.state = state,
          .nonce = derived(secrets, "oidc nonce", state),
          .verifier = derived(secrets, "oidc verifier", state)};
}

std::string_view cookie_name(bool secure) {
  return secure ? "__Host-gatehouse_sign_in" : "gatehouse_sign_in";
}

std::optional<std::string_view> browser_token(const access::Call& call, bool secure) {
  auto found = http::find_cookie(call.request().headers, cookie_name(secure));
  if (!found || found->size() != kBrowserToken || !crypto::from_base64url(*found)) return std::nullopt;
  return found;
}

/// One token for all attempts of a browser, so that two tabs do not end each other's.
crypto::Digest mark_browser(SingleSignOn& sso, access::Call& call) {
  const bool secure = sso.identity().options().secure_cookies;
  auto known = browser_token(call, secure);
  std::string token = known ? std::string(*known) : crypto::random_token();
  call.headers().add("set-cookie", http::to_set_cookie({.name = std::string(cookie_name(secure)),
                                                        .value = token,
                                                        .http_only = true,
                                                        .secure = secure,
                                                        .same_site = http::SameSite::lax,
                                                        .max_age = kAttemptLifetime}));
  return crypto::sha256(token);
}

json::Object describe(access::Call& call, std::optional<IdentityProviderId> provider,
                      std::optional<Reason> why) {
  json::Object payload{{"method", "provider"}};
  if (provider) payload["provider_id"] = provider->to_string();
  if (why) {
    payload["reason"] = why->code;
    payload["address_hash"] = crypto::to_hex(
        tenancy::network_address_hash(call.reactor().secrets(), call.request().peer.to_string()));
  }
  return payload;
}

struct Place {
  Region region = Region::us;
  OrganizationId organization;
};

/// On the organization's chain, or, if it is not known, the platform's.
Task<void> record(access::Call& call, std::optional<Place> where, std::string action,
                  audit::EventOutcome outcome, json::Object payload,
                  std::optional<UserId> user = std::nullopt) {
  auto& reactor = call.reactor();
  auto event = audit::make_event(std::move(action));
  if (where) event.organization = where->organization;
  event.actor_type = user ? audit::ActorType::user : audit::ActorType::anonymous;
  if (user) event.actor_id = user->value;
  event.resource_type = "session";
  event.outcome = outcome;
  event.request_id = call.request().request_id;
  event.payload = std::move(payload);
  auto region = where ? where->region : reactor.regions().front().region;
  co_await reactor.region(region).appender->append(std::move(event));
  call.mark_audited();
}

std::string with_reason(std::string_view page, const access::Call& call, Reason why) {
  return oidc::with_query(page, {{"refused", why.code}, {"request_id", call.request().request_id}});
}

/// Where somebody who is refused reads why.
std::string page_of(const Attempt& attempt) {
  switch (attempt.purpose) {
    case Purpose::sign_in:
      return "/sign-in";
    case Purpose::link:
      return "/account";
    case Purpose::test:
      return attempt.return_to;
  }
  return "/";
}

std::string_view action_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::sign_in:
      return "session.create";
    case Purpose::link:
      return "login.link";
    case Purpose::test:
      return "identity_provider.test";
  }
  return "session.create";
}

/// The attempt that the request's `state` names, used up by this. It has to be of the provider whose callback
/// was called. Refusals: those of the way back.
Task<Judged<Attempt>> take_attempt(SingleSignOn& sso, access::Call& call,
                                   const crypto::PresentedToken& presented, Place at,
                                   ProviderAddress called) {
  auto& reactor = call.reactor();
  auto used = co_await use_attempt(reactor, at.region, at.organization, SignInAttemptId{presented.address.id},
                                   presented.digest);
  if (!used) co_return refuse(Refusal::state_unknown);
  if (used->was_used) co_return refuse(Refusal::state_used);
  if (used->has_expired) co_return refuse(Refusal::state_expired);
  auto browser = browser_token(call, sso.identity().options().secure_cookies);
  if (!browser || !crypto::equal(crypto::sha256(*browser), used->browser))
    co_return refuse(Refusal::other_browser);
  if (ProviderAddress(at.region, at.organization, used->attempt.provider) != called)
    co_return refuse(Refusal::other_provider);
  co_return std::move(used->attempt);
}

struct Proven {
  Claimed claimed;
  std::optional<std::string> sid;
  std::optional<std::string> logout_url;
  std::vector<std::string> claim_names;  // of a test
};

Task<Judged<oidc::Tokens>> exchange_code(SingleSignOn& sso, access::Call& call, const Provider& provider,
                                         std::shared_ptr<const oidc::Metadata> metadata,
                                         oidc::FlowSecrets secrets) {
  auto& reactor = call.reactor();
  auto response = oidc::read_authorization_response(*metadata, call.request());
  if (!response) co_return refuse(response.error());
  const auto& row = provider.row();
  auto sealed = vault::Sealed::from_bytes(provider.usable.sealed_secret);
  if (!sealed) throw Failure("a client secret is not sealed as it says");
  auto secret = co_await reactor.region(provider.region)
                    .keyring->open(secret_context(provider.organization, row.id), std::move(*sealed));
  if (!secret) throw Failure("a client secret does not open");
  auto redirect_uri = sso.callback_url(reactor, provider.address());
  auto request =
      oidc::token_request(*metadata, {.id = row.client_id, .auth = row.client_auth, .secret = &*secret},
                          response->code, redirect_uri, secrets.verifier);
  auto answer = co_await oidc::ask(reactor.http(), std::move(request));
  if (!answer) co_return refuse(answer.error());
  auto tokens = oidc::read_token_response(answer->status, answer->body);
  if (!tokens) co_return refuse(tokens.error());
  co_return std::move(*tokens);
}

Task<Judged<Proven>> prove(SingleSignOn& sso, access::Call& call, const Provider& provider,
                           std::string state) {
  auto& reactor = call.reactor();
  auto& issuers = SingleSignOn::issuers(reactor);
  const auto& row = provider.row();
  auto metadata = co_await issuers.metadata(reactor.http(), row.issuer);
  if (!metadata) co_return refuse(metadata.error());
  auto secrets = flow_secrets(reactor.secrets(), std::move(state));
  auto tokens = co_await exchange_code(sso, call, provider, *metadata, secrets);
  if (!tokens) co_return refuse(tokens.error());
  auto claims = co_await issuers.check(reactor.http(), *metadata, tokens->id_token,
                                       oidc::IdTokenExpectation{.issuer = row.issuer,
                                                                .client_id = row.client_id,
                                                                .nonce = secrets.nonce,
                                                                .access_token = tokens->access_token});
  if (!claims) co_return refuse(claims.error());
  json::Object userinfo;
  if (lacks_claims(row, *claims) && (*metadata)->userinfo && !tokens->access_token.empty()) {
    auto answer = co_await oidc::ask(reactor.http(),
                                     oidc::userinfo_request(*(*metadata)->userinfo, tokens->access_token));
    if (!answer) co_return refuse(answer.error());
    auto read = oidc::read_userinfo(answer->status, answer->body, claims->at("sub").get_string());
    if (!read) co_return refuse(read.error());
    userinfo = std::move(*read);
  }
  auto claimed = read_claims(row, *claims, userinfo);
  if (!claimed) co_return refuse(claimed.error());
  Proven proven{.claimed = std::move(*claimed), .sid = oidc::find_text(*claims, "sid")};
  if (proven.sid && proven.sid->size() > oidc::kMaxSubject) proven.sid.reset();
  // A hint that makes the address too long for browsers and servers is worse than none.
  const auto hint = tokens->id_token.size() <= kLongestHint ? std::string_view(tokens->id_token) : "";
  proven.logout_url =
      oidc::logout_url(**metadata, row.client_id, hint, sso.base_url(reactor, provider.region) + "/sign-in");
  for (const auto& claim : *claims) proven.claim_names.emplace_back(claim.key());
  for (const auto& claim : userinfo) proven.claim_names.emplace_back(claim.key());
  co_return proven;
}

Task<Judged<>> open(SingleSignOn& sso, access::Call& call, const Provider& provider, Proven proven) {
  auto member = co_await find_member(call, provider, proven.claimed);
  if (!member) co_return refuse(member.error());
  auto here = co_await identity::find_membership(call.reactor(), *member, provider.organization);
  if (!here) co_return refuse(Refusal::membership_inactive);
  call.audit().payload = describe(call, provider.row().id, std::nullopt);
  co_await identity::open_session(sso.identity(), call, *member, &*here, {},
                                  identity::SessionOrigin{.provider = provider.row().id,
                                                          .subject = proven.claimed.subject,
                                                          .sid = std::move(proven.sid),
                                                          .logout_url = std::move(proven.logout_url)});
  co_return Judged<>{};
}

Task<void> tell(access::Call& call, const Provider& provider, const Attempt& attempt, Proven proven) {
  auto granted = evaluate(mapping_of(provider.row()), proven.claimed.groups);
  std::ranges::sort(proven.claim_names);
  auto same = std::ranges::unique(proven.claim_names);
  proven.claim_names.erase(same.begin(), same.end());
  constexpr std::size_t kMostNames = 100;
  if (proven.claim_names.size() > kMostNames) proven.claim_names.resize(kMostNames);
  TestOutcome outcome{.claims = std::move(proven.claim_names),
                      .has_email = proven.claimed.email.has_value(),
                      .email_is_verified = proven.claimed.email_verified,
                      .matched_groups = std::move(granted.groups),
                      .group_count = static_cast<std::int64_t>(proven.claimed.groups.size()),
                      .role_code = granted.role};
  auto address = co_await check_address(call.reactor(), provider, proven.claimed);
  if (!address) outcome.address_refusal = std::string(address.error().code);
  co_await store_outcome(call.reactor(), attempt, {json::encode(outcome)});
}

/// Once it is known whose attempt it is.
Task<Judged<>> complete(SingleSignOn& sso, access::Call& call, const Attempt& attempt, std::string state) {
  auto provider = co_await usable_provider(
      call.reactor(), ProviderAddress(attempt.region, attempt.organization, attempt.provider));
  if (!provider) co_return refuse(provider.error());
  auto proven = co_await prove(sso, call, *provider, std::move(state));
  if (!proven) co_return refuse(proven.error());
  if (attempt.purpose == Purpose::sign_in) co_return co_await open(sso, call, *provider, std::move(*proven));
  if (attempt.purpose == Purpose::link) {
    // Recorded by link_member, if there was anything to do.
    call.mark_audited();
    co_return co_await link_member(call, *provider, std::move(proven->claimed), *attempt.user,
                                   attempt.session.value());
  }
  co_await record(call, Place{attempt.region, attempt.organization}, std::string(action_of(attempt.purpose)),
                  audit::EventOutcome::success, describe(call, attempt.provider, std::nullopt), attempt.user);
  co_await tell(call, *provider, attempt, std::move(*proven));
  co_return Judged<>{};
}

}  // namespace

std::string local_path(std::string_view path) {
  const bool is_local = path.starts_with('/') && !path.starts_with("//") && path.size() <= kLongestPath &&
                        !path.starts_with("/api/") &&
                        std::ranges::all_of(path, [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  return is_local ? std::string(path) : "/";
}

Task<Judged<Provider>> active_provider(access::Reactor& reactor, ProviderAddress at) {
  auto tenant = co_await reactor.tenants().get(at.region, at.organization);
  if (!tenant) co_return refuse(Refusal::provider_inactive);
  auto found = co_await find_provider(reactor, at.region, at.organization, at.provider);
  if (!found || !found->row.is_active) co_return refuse(Refusal::provider_inactive);
  if ((*tenant)->tenant().status == TenantStatus::cancelled) co_return refuse(Refusal::tenant_cancelled);
  co_return Provider{.region = at.region, .organization = at.organization, .usable = std::move(*found)};
}

Task<Judged<Provider>> usable_provider(access::Reactor& reactor, ProviderAddress at) {
  auto provider = co_await active_provider(reactor, at);
  if (!provider) co_return refuse(provider.error());
  auto tenant = co_await reactor.tenants().get(at.region, at.organization);
  if (!tenant || !co_await access::require_feature(**tenant, "sso")) co_return refuse(Refusal::not_in_plan);
  co_return std::move(*provider);
}

Task<Judged<std::string>> begin(SingleSignOn& sso, access::Call& call, const Provider& provider,
                                Attempt attempt, std::string login_hint) {
  auto& reactor = call.reactor();
  const auto& row = provider.row();
  auto metadata = co_await SingleSignOn::issuers(reactor).metadata(reactor.http(), row.issuer);
  if (!metadata) co_return refuse(metadata.error());
  auto state = crypto::issue_sealed_token({.kind = crypto::TokenKind::sign_in_state,
                                           .region = std::string(to_string(attempt.region)),
                                           .organization = attempt.organization.value,
                                           .id = attempt.id.value},
                                          reactor.secrets().email_hashes);
  auto secrets = flow_secrets(reactor.secrets(), std::string(state.text.reveal()));
  const auto redirect_uri = sso.callback_url(reactor, provider.address());
  // A test and a link are of the account that the administrator or the person chooses now.
  auto url = oidc::authorization_url(
      **metadata,
      {.client_id = row.client_id,
       .redirect_uri = redirect_uri,
       .scope = row.scopes,
       .login_hint = login_hint,
       .prompt = attempt.purpose == Purpose::sign_in ? std::string_view{} : std::string_view("login")},
      secrets);
  // A sign-in has its event when it ends.
  if (attempt.purpose == Purpose::sign_in)
    call.mark_audited();
  else
    co_await call.record_now();
  co_await insert_attempt(reactor, std::move(attempt), state.stored, mark_browser(sso, call));
  co_return url;
}

Task<access::Redirect> start(SingleSignOn& sso, access::Call& call, ProviderAddress at, std::string return_to,
                             std::string login_hint) {
  auto provider = co_await usable_provider(call.reactor(), at);
  Judged<std::string> url = refuse(Refusal::provider_inactive);
  if (provider)
    url = co_await begin(sso, call, *provider,
                         {.organization = at.organization,
                          .region = at.region,
                          .id = SignInAttemptId::make(),
                          .provider = at.provider,
                          .return_to = local_path(return_to)},
                         std::move(login_hint));
  else
    url = refuse(provider.error());
  if (url) co_return access::Redirect{std::move(*url)};
  // An address that names no organization of ours is the platform's affair.
  std::optional<Place> where;
  if (co_await call.reactor().tenants().get(at.region, at.organization)) where = {at.region, at.organization};
  co_await record(call, where, "session.create", audit::EventOutcome::failed,
                  describe(call, at.provider, url.error()));
  co_return access::Redirect{with_reason("/sign-in", call, url.error())};
}

Task<access::Redirect> finish(SingleSignOn& sso, access::Call& call, ProviderAddress called) {
  auto& reactor = call.reactor();
  auto stated = call.request().find_query("state");
  auto presented = stated ? crypto::parse_token(crypto::TokenKind::sign_in_state, *stated) : std::nullopt;
  auto region = presented ? parse_region(presented->address.region) : std::nullopt;
  if (!region || !reactor.serves(*region) || !crypto::carries_seal(*stated, reactor.secrets().email_hashes)) {
    Reason why = Refusal::state_invalid;
    co_await record(call, std::nullopt, "session.create", audit::EventOutcome::failed,
                    describe(call, std::nullopt, why));
    co_return access::Redirect{with_reason("/sign-in", call, why)};
  }
  Place at{*region, OrganizationId{presented->address.organization}};
  std::string state(*stated);
  auto attempt = co_await take_attempt(sso, call, *presented, at, called);
  if (!attempt) {
    co_await record(call, at, "session.create", audit::EventOutcome::failed,
                    describe(call, std::nullopt, attempt.error()));
    co_return access::Redirect{with_reason("/sign-in", call, attempt.error())};
  }
  auto done = co_await complete(sso, call, *attempt, std::move(state));
  if (done) co_return access::Redirect{attempt->return_to};
  co_await record(call, at, std::string(action_of(attempt->purpose)), audit::EventOutcome::failed,
                  describe(call, attempt->provider, done.error()), attempt->user);
  co_return access::Redirect{with_reason(page_of(*attempt), call, done.error())};
}

}  // namespace gatehouse::sso
