// Signing in through a provider: which ways there are, to it and back, and its word that a session is over.
#include "access/plans.h"
#include "http/target.h"
#include "identity/session_origin.h"
#include "json/bounded.h"
#include "oidc/id_token.h"
#include "sso/domains_store.h"
#include "sso/sign_in.h"
#include "sso/sso_api.h"
#include "tenancy/email_directory.h"

namespace gatehouse::sso {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;
using access::RawBody;
using access::RawQuery;

struct FindSignIn {
  json::Email email;
};
BOOST_DESCRIBE_STRUCT(FindSignIn, (), (email))

struct SignInProvider {
  std::string name;
  PresetName preset = PresetName::custom;
  std::string start_path;  // where the browser goes, on this origin
};
BOOST_DESCRIBE_STRUCT(SignInProvider, (), (name, preset, start_path))

/// What the address's domain offers, whether or not there is such an account. Whether a password opens
/// anything depends on where its person belongs: who has given the right one is told.
struct SignInWays {
  std::vector<SignInProvider> providers;
};
BOOST_DESCRIBE_STRUCT(SignInWays, (), (providers))

struct AddressPath {
  ProviderAddress provider_address;
};
BOOST_DESCRIBE_STRUCT(AddressPath, (), (provider_address))

struct StartQuery {
  std::optional<json::Text<1, 512>> return_to;
  std::optional<json::Text<1, 254>> login_hint;
};
BOOST_DESCRIBE_STRUCT(StartQuery, (), (return_to, login_hint))

struct LoggedOut {
  bool done = true;
};
BOOST_DESCRIBE_STRUCT(LoggedOut, (), (done))

Task<Result<SignInWays>> find_ways(SingleSignOn& sso, Call& call, const json::Email& email) {
  auto& reactor = call.reactor();
  // It changes nothing and tells nothing private: an event for each would be a flood for anybody to make.
  call.mark_audited();
  SignInWays ways;
  auto domain = std::string(email.domain());
  auto owner = co_await find_owner(reactor, domain);
  if (!owner) co_return ways;
  if (!reactor.serves(owner->region)) co_return fail(sso.identity().wrong_region(owner->region));
  auto tenant = co_await reactor.tenants().get(owner->region, owner->organization_id);
  if (!tenant || !co_await access::require_feature(**tenant, "sso")) co_return ways;
  for (auto& offered : co_await list_offered(reactor, owner->region, owner->organization_id, domain)) {
    auto address = ProviderAddress(owner->region, owner->organization_id, offered.id).to_string();
    ways.providers.push_back({.name = std::move(offered.name),
                              .preset = offered.preset,
                              .start_path = "/api/auth/sso/" + address + "/start"});
  }
  co_return ways;
}

/// `logout_token` of a form. Nothing if the body is none, or has it twice.
std::optional<std::string> token_in(const std::string& body) {
  http::Request form;
  if (body.contains('#') || !http::parse_target("/?" + body, 20, form)) return std::nullopt;
  if (std::ranges::count(form.query, "logout_token", &std::pair<std::string, std::string>::first) != 1)
    return std::nullopt;
  return std::string(*form.find_query("logout_token"));
}

Task<Judged<oidc::LogoutToken>> check_token(Call& call, const Provider& provider,
                                            std::optional<std::string> token) {
  if (!token) co_return refuse(oidc::Refusal::token_malformed);
  auto& reactor = call.reactor();
  auto& issuers = SingleSignOn::issuers(reactor);
  auto metadata = co_await issuers.metadata(reactor.http(), provider.row().issuer);
  if (!metadata) co_return refuse(metadata.error());
  auto checked = co_await issuers.check(
      reactor.http(), *metadata, std::move(*token),
      oidc::LogoutExpectation{.issuer = provider.row().issuer, .client_id = provider.row().client_id});
  if (!checked) co_return refuse(checked.error());
  co_return std::move(*checked);
}

Task<Judged<>> obey(SingleSignOn& sso, Call& call, const Provider& provider,
                    std::optional<std::string> said) {
  auto token = co_await check_token(call, provider, std::move(said));
  if (!token) co_return refuse(token.error());
  auto ended =
      co_await obey_logout_token(call.reactor(), provider.region, provider.organization, provider.row().id,
                                 std::move(*token), co_await call.make_event(audit::EventOutcome::success));
  if (!ended) co_return refuse(Refusal::state_used);
  call.mark_audited();
  for (auto id : *ended) sso.identity().revocations().add(id.value);
  co_return Judged<>{};
}

Task<Result<LoggedOut>> log_out(SingleSignOn& sso, Call& call, ProviderAddress at, std::string body) {
  auto& reactor = call.reactor();
  if (!reactor.serves(at.region)) co_return fail(sso.identity().wrong_region(at.region));
  auto provider = co_await active_provider(reactor, at);
  // Whether there is such a provider is told to nobody who has no token of it.
  auto refused = [] { return fail(ErrorCode::bad_request, "The logout token is not valid"); };
  if (!provider) co_return refused();
  auto& note = call.audit();
  note.organization = at.organization;
  note.region = at.region;
  note.payload["method"] = "backchannel";
  note.payload["provider_id"] = at.provider.to_string();
  if (auto done = co_await obey(sso, call, *provider, token_in(body)); !done) {
    note.payload["reason"] = done.error().code;
    auto event = co_await call.make_event(audit::EventOutcome::failed);
    co_await reactor.region(at.region).appender->append(std::move(event));
    call.mark_audited();
    co_return refused();
  }
  co_return LoggedOut{};
}

/// A provider of a region that other nodes serve is reached there.
Task<Result<access::Redirect>> go(SingleSignOn& sso, Call& call, ProviderAddress at, StartQuery query) {
  if (!call.reactor().serves(at.region)) {
    call.mark_audited();
    co_return fail(sso.identity().wrong_region(at.region));
  }
  co_return co_await start(sso, call, at, query.return_to ? query.return_to->str() : "/",
                           query.login_hint ? query.login_hint->str() : "");
}

Task<Result<access::Redirect>> come_back(SingleSignOn& sso, Call& call, ProviderAddress at) {
  if (!call.reactor().serves(at.region)) {
    call.mark_audited();
    co_return fail(sso.identity().wrong_region(at.region));
  }
  co_return co_await finish(sso, call, at);
}

}  // namespace

void add_sign_in_operations(access::Operations& operations, SingleSignOn& sso) {
  operations.add(
      {.method = http::Method::post,
       .path = "/api/auth/sso/start",
       .id = "findSignIn",
       .summary = "How people with addresses of this domain can sign in; the same for unknown ones",
       .tag = "session",
       .permission = Permission::anyone,
       .audit_action = "session.find",
       .rate = access::RateClass::write,
       .body_limit = 2 * 1024,
       .failures = {ErrorCode::wrong_region}},
      [&sso](Call& call, Input<None, None, FindSignIn> in) { return find_ways(sso, call, in.body.email); });
  operations.add({.method = http::Method::get,
                  .path = "/api/auth/sso/{provider_address}/start",
                  .id = "startSignIn",
                  .summary = "On to the provider, or back to the sign-in page with the reason",
                  .tag = "session",
                  .permission = Permission::anyone,
                  .audit_action = "session.create",
                  .rate = access::RateClass::write,
                  .failures = {ErrorCode::wrong_region}},
                 [&sso](Call& call, Input<AddressPath, StartQuery> in) {
                   return go(sso, call, in.path.provider_address, std::move(in.query));
                 });
  operations.add({.method = http::Method::get,
                  .path = "/api/auth/sso/callback/{provider_address}",
                  .id = "finishSignIn",
                  .summary = "Back from the provider: opens the session, or tells the sign-in page why not",
                  .tag = "session",
                  .permission = Permission::anyone,
                  .audit_action = "session.create",
                  .rate = access::RateClass::write,
                  .failures = {ErrorCode::wrong_region}},
                 [&sso](Call& call, Input<AddressPath, RawQuery> in) {
                   return come_back(sso, call, in.path.provider_address);
                 });
  operations.add(
      {.method = http::Method::post,
       .path = "/api/auth/sso/backchannel-logout/{provider_address}",
       .id = "backchannelLogout",
       .summary = "The provider's word that sessions are over (OpenID Connect Back-Channel Logout)",
       .tag = "session",
       .permission = Permission::anyone,
       .audit_action = "session.revoke",
       .rate = access::RateClass::write,
       .body_limit = 128 * 1024,
       .body_type = "application/x-www-form-urlencoded",
       .failures = {ErrorCode::bad_request, ErrorCode::wrong_region}},
      [&sso](Call& call, Input<AddressPath, None, RawBody> in) {
        return log_out(sso, call, in.path.provider_address, std::move(in.body.text));
      });
}

}  // namespace gatehouse::sso
