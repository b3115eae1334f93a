// An organization's identity providers: listed, made, changed, tried.
#include "http/syntax.h"
#include "oidc/issuers.h"
#include "sso/domains_store.h"
#include "sso/provider_wire.h"
#include "sso/sign_in.h"
#include "sso/sso_api.h"

namespace gatehouse::sso {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;
using access::Whole;

constexpr std::int64_t kMostProviders = 200;

struct IdentityProviderPath {
  IdentityProviderId identity_provider_id;
};
BOOST_DESCRIBE_STRUCT(IdentityProviderPath, (), (identity_provider_id))

struct TestPath {
  SignInAttemptId test_id;
};
BOOST_DESCRIBE_STRUCT(TestPath, (), (test_id))

struct PresetView {
  PresetName name;
  std::string title;
  std::string issuer;
  std::string scopes;
  std::string groups_claim;
  oidc::ClientAuth client_auth;
  bool omits_email_verified;
  std::string documentation;
  bool was_tried = false;  // against the service itself, not from its documentation
};
BOOST_DESCRIBE_STRUCT(PresetView, (),
                      (name, title, issuer, scopes, groups_claim, client_auth, omits_email_verified,
                       documentation, was_tried))

/// `reason` when something is wrong; then there is no `authorization_url`.
struct TestStarted {
  std::optional<std::string> reason;
  std::vector<std::string> passed;               // of discovery, keys
  std::optional<std::string> authorization_url;  // where the browser goes for the rest
  std::optional<SignInAttemptId> test_id;
};
BOOST_DESCRIBE_STRUCT(TestStarted, (), (reason, passed, authorization_url, test_id))

struct TestView {
  bool is_finished = false;
  std::optional<TestOutcome> outcome;
};
BOOST_DESCRIBE_STRUCT(TestView, (), (is_finished, outcome))

struct TestRow {
  bool is_finished;
  std::optional<pg::Json> outcome;
};
BOOST_DESCRIBE_STRUCT(TestRow, (), (is_finished, outcome))

constexpr pg::Statement kSelectTest{
    "sso.select_test",
    "select used_at is not null as is_finished, outcome from sign_in_attempts where organization_id = $1"
    " and id = $2 and purpose = 'test' and user_id = $3"};

template <class T>
pg::Json stored(const T& value) {
  return {json::encode(value)};
}

std::vector<std::string> lower(const DomainNames& names) {
  std::vector<std::string> out;
  for (const auto& name : names) out.push_back(http::to_lower(name.str()));
  return out;
}

/// In the call's write transaction, as it stands there.
Task<Result<IdentityProviderView>> written(SingleSignOn& sso, Call& call, IdentityProviderId id) {
  pg::Batch batch;
  add_select_providers(batch, call.organization(), id);
  auto rows = co_await call.write(std::move(batch));
  auto found = rows[0].find_one<ProviderRow>();
  if (!found) co_return fail(ErrorCode::not_found);
  call.set_version(found->version);
  co_return view(sso, call, *found);
}

Task<Result<Created<IdentityProviderView>>> create(SingleSignOn& sso, Call& call,
                                                   CreateIdentityProvider wanted) {
  ProviderRow row{.id = IdentityProviderId::make(),
                  .name = wanted.name.str(),
                  .preset = *wanted.preset,
                  .issuer = wanted.issuer.str(),
                  .client_id = wanted.client_id.str(),
                  .client_auth = *wanted.client_auth,
                  .scopes = wanted.scopes->str(),
                  .domains = lower(*wanted.domains),
                  .claims = stored(*wanted.claims),
                  .mapping = stored(*wanted.mapping),
                  .jit = *wanted.jit,
                  .vouches_for_email = *wanted.vouches_for_email,
                  .manages_existing = *wanted.manages_existing,
                  .is_active = *wanted.is_active};
  GH_CO_TRY(auto sealed, co_await seal_secret(call, row, std::move(wanted.client_secret).str()));
  GH_CO_CHECK(co_await check_row(sso, call, row));
  pg::Batch batch;
  add_take_turn(batch, call.organization());
  add_count_providers(batch, call.organization());
  add_insert_provider(batch, call.organization(), row, sealed);
  auto rows = co_await call.write(std::move(batch));
  if (rows[1].one<std::int64_t>() >= kMostProviders)
    co_return fail(ErrorCode::conflict, "An organization has 200 identity providers at most");
  call.audit().resource_id = row.id.to_string();
  call.audit().payload["issuer"] = row.issuer;
  GH_CO_TRY(auto made, co_await written(sso, call, row.id));
  co_return Created{std::move(made)};
}

/// The names of what differs; `row` becomes what is wanted.
Result<json::Array> apply(ProviderRow& row, const UpdateIdentityProvider& wanted) {
  json::Array changed;
  auto set = [&](std::string_view name, auto& at, auto value) {
    if (at == value) return;
    at = std::move(value);
    changed.emplace_back(name);
  };
  const bool goes_elsewhere = (wanted.issuer && wanted.issuer->str() != row.issuer) ||
                              (wanted.client_id && wanted.client_id->str() != row.client_id);
  if (goes_elsewhere && !wanted.client_secret)
    return fail(invalid("/client_secret", "required", "has to be sent again for another issuer or client"));
  if (wanted.name) set("name", row.name, wanted.name->str());
  if (wanted.issuer) set("issuer", row.issuer, wanted.issuer->str());
  if (wanted.client_id) set("client_id", row.client_id, wanted.client_id->str());
  if (wanted.client_auth) set("client_auth", row.client_auth, *wanted.client_auth);
  if (wanted.scopes) set("scopes", row.scopes, wanted.scopes->str());
  if (wanted.domains) set("domains", row.domains, lower(*wanted.domains));
  if (wanted.claims) set("claims", row.claims, stored(*wanted.claims));
  if (wanted.mapping) set("mapping", row.mapping, stored(*wanted.mapping));
  if (wanted.jit) set("jit", row.jit, *wanted.jit);
  if (wanted.vouches_for_email) set("vouches_for_email", row.vouches_for_email, *wanted.vouches_for_email);
  if (wanted.manages_existing) set("manages_existing", row.manages_existing, *wanted.manages_existing);
  if (wanted.is_active) set("is_active", row.is_active, *wanted.is_active);
  if (wanted.client_secret) changed.emplace_back("client_secret");
  return changed;
}

Task<Result<IdentityProviderView>> update(SingleSignOn& sso, Call& call, IdentityProviderId id,
                                          UpdateIdentityProvider wanted) {
  GH_CO_TRY(auto version, call.if_match());
  pg::Batch lock;
  add_lock_provider(lock, call.organization(), id);
  add_select_providers(lock, call.organization(), id);
  auto rows = co_await call.write(std::move(lock));
  auto row = rows[1].find_one<ProviderRow>();
  if (!row) co_return fail(ErrorCode::not_found);
  if (row->version != version) co_return fail(ErrorCode::precondition_failed);
  GH_CO_TRY(auto changed, apply(*row, wanted));
  std::optional<crypto::Bytes> sealed;
  if (wanted.client_secret) {
    GH_CO_TRY(sealed, co_await seal_secret(call, *row, std::move(*wanted.client_secret).str()));
  }
  GH_CO_CHECK(co_await check_row(sso, call, *row));
  ++row->version;
  pg::Batch batch;
  add_update_provider(batch, call.organization(), *row, sealed);
  co_await call.write(std::move(batch));
  call.audit().resource_id = id.to_string();
  call.audit().payload["changed"] = std::move(changed);
  co_return co_await written(sso, call, id);
}

Task<Result<NoContent>> remove(Call& call, IdentityProviderId id) {
  pg::Batch batch;
  add_delete_provider(batch, call.organization(), id);
  auto rows = co_await call.write(std::move(batch));
  if (rows[0].affected() == 0) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  co_return NoContent{};
}

Task<std::optional<ProviderRow>> find(Call& call, IdentityProviderId id) {
  pg::Batch batch;
  add_select_providers(batch, call.organization(), id);
  auto rows = co_await call.read(std::move(batch));
  co_return rows[0].find_one<ProviderRow>();
}

Task<Result<IdentityProviderView>> get(SingleSignOn& sso, Call& call, IdentityProviderId id) {
  auto found = co_await find(call, id);
  if (!found) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  call.set_version(found->version);
  co_return view(sso, call, *found);
}

Task<Result<Whole<IdentityProviderView>>> list(SingleSignOn& sso, Call& call) {
  pg::Batch batch;
  add_select_providers(batch, call.organization(), std::nullopt);
  auto rows = co_await call.read(std::move(batch));
  Whole<IdentityProviderView> whole;
  for (const auto& row : rows[0].as<ProviderRow>()) whole.data.push_back(view(sso, call, row));
  call.audit().payload["count"] = whole.data.size();
  co_return whole;
}

Task<Result<TestStarted>> test(SingleSignOn& sso, Call& call, IdentityProviderId id) {
  auto& reactor = call.reactor();
  call.audit().resource_id = id.to_string();
  auto found = co_await find(call, id);
  if (!found) co_return fail(ErrorCode::not_found);
  auto usable = co_await find_provider(reactor, call.region(), call.organization(), id);
  if (!usable) co_return fail(ErrorCode::not_found);
  Provider provider{
      .region = call.region(), .organization = call.organization(), .usable = std::move(*usable)};
  TestStarted started;
  auto failed = [&](std::string_view why) {
    started.reason = std::string(why);
    call.audit().payload["reason"] = why;
    return started;
  };
  auto& issuers = SingleSignOn::issuers(reactor);
  issuers.forget(found->issuer);
  auto metadata = co_await issuers.metadata(reactor.http(), found->issuer);
  if (!metadata) co_return failed(oidc::to_string(metadata.error()));
  started.passed.emplace_back("discovery");
  auto keys = co_await issuers.keys(reactor.http(), *metadata);
  if (!keys) co_return failed(oidc::to_string(keys.error()));
  started.passed.emplace_back("keys");
  if (!found->is_active) co_return failed(Reason(Refusal::provider_inactive).code);
  Attempt attempt{.organization = call.organization(),
                  .region = call.region(),
                  .id = SignInAttemptId::make(),
                  .provider = id,
                  .purpose = Purpose::test,
                  .user = call.user()};
  attempt.return_to = "/identity-providers/" + id.to_string() + "?test=" + attempt.id.to_string();
  started.test_id = attempt.id;
  auto url = co_await begin(sso, call, provider, std::move(attempt), "");
  if (!url) co_return failed(url.error().code);
  started.authorization_url = std::move(*url);
  co_return started;
}

Task<Result<TestView>> get_test(Call& call, SignInAttemptId id) {
  auto rows = co_await call.read(kSelectTest, pg::params(call.organization(), id, call.user()));
  auto row = rows.find_one<TestRow>();
  if (!row) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  TestView shown{.is_finished = row->is_finished};
  if (row->outcome) {
    auto outcome = json::decode_text<TestOutcome>(row->outcome->text);
    if (!outcome) throw Failure("a stored outcome of a test cannot be read");
    shown.outcome = std::move(*outcome);
  }
  co_return shown;
}

Whole<PresetView> list_presets() {
  Whole<PresetView> whole;
  for (const auto& preset : presets())
    whole.data.push_back({.name = preset.name,
                          .title = std::string(preset.title),
                          .issuer = std::string(preset.issuer),
                          .scopes = std::string(preset.scopes),
                          .groups_claim = std::string(preset.groups_claim),
                          .client_auth = preset.client_auth,
                          .omits_email_verified = preset.omits_email_verified,
                          .documentation = std::string(preset.documentation)});
  return whole;
}

}  // namespace

void add_provider_operations(access::Operations& operations, SingleSignOn& sso) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/identity-provider-presets",
       .id = "listIdentityProviderPresets",
       .summary = "Starting points for well-known identity providers",
       .tag = "identity_provider",
       .permission = Permission::identity_providers_read,
       .audit_action = "identity_provider.presets",
       .rate = access::RateClass::read},
      [](Call& /*call*/, Input<>) -> Task<Result<Whole<PresetView>>> { co_return list_presets(); });
  operations.add({.method = http::Method::get,
                  .path = "/api/identity-providers",
                  .id = "listIdentityProviders",
                  .summary = "The organization's identity providers",
                  .tag = "identity_provider",
                  .permission = Permission::identity_providers_read,
                  .audit_action = "identity_provider.list",
                  .rate = access::RateClass::read},
                 [&sso](Call& call, Input<>) { return list(sso, call); });
  operations.add({.method = http::Method::post,
                  .path = "/api/identity-providers",
                  .id = "createIdentityProvider",
                  .summary = "Add an OpenID Connect provider",
                  .tag = "identity_provider",
                  .permission = Permission::identity_providers_manage,
                  .audit_action = "identity_provider.create",
                  .rate = access::RateClass::write,
                  .critical = true,
                  .idempotent = true,
                  .feature = "sso",
                  .etag = access::Etag::gives,
                  .failures = {ErrorCode::already_exists, ErrorCode::conflict}},
                 [&sso](Call& call, Input<None, None, CreateIdentityProvider> in) {
                   return create(sso, call, std::move(in.body));
                 });
  operations.add({.method = http::Method::get,
                  .path = "/api/identity-providers/{identity_provider_id}",
                  .id = "getIdentityProvider",
                  .summary = "One identity provider; its secret is never shown",
                  .tag = "identity_provider",
                  .permission = Permission::identity_providers_read,
                  .audit_action = "identity_provider.read",
                  .rate = access::RateClass::read,
                  .etag = access::Etag::gives},
                 [&sso](Call& call, Input<IdentityProviderPath> in) {
                   return get(sso, call, in.path.identity_provider_id);
                 });
  operations.add({.method = http::Method::patch,
                  .path = "/api/identity-providers/{identity_provider_id}",
                  .id = "updateIdentityProvider",
                  .summary = "Change an identity provider; disabling it ends the sessions that it opened",
                  .tag = "identity_provider",
                  .permission = Permission::identity_providers_manage,
                  .audit_action = "identity_provider.update",
                  .rate = access::RateClass::write,
                  .critical = true,
                  .etag = access::Etag::updates,
                  .failures = {ErrorCode::precondition_failed, ErrorCode::precondition_required}},
                 [&sso](Call& call, Input<IdentityProviderPath, None, UpdateIdentityProvider> in) {
                   return update(sso, call, in.path.identity_provider_id, std::move(in.body));
                 });
  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/identity-providers/{identity_provider_id}",
       .id = "deleteIdentityProvider",
       .summary = "Remove an identity provider; ends the sessions that it opened",
       .tag = "identity_provider",
       .permission = Permission::identity_providers_manage,
       .audit_action = "identity_provider.delete",
       .rate = access::RateClass::write,
       .critical = true},
      [](Call& call, Input<IdentityProviderPath> in) { return remove(call, in.path.identity_provider_id); });
  operations.add({.method = http::Method::post,
                  .path = "/api/identity-providers/{identity_provider_id}/test",
                  .id = "testIdentityProvider",
                  .summary = "Try an identity provider: its documents now, the rest in this browser",
                  .tag = "identity_provider",
                  .permission = Permission::identity_providers_manage,
                  .audit_action = "identity_provider.test",
                  .rate = access::RateClass::write,
                  .feature = "sso"},
                 [&sso](Call& call, Input<IdentityProviderPath> in) {
                   return test(sso, call, in.path.identity_provider_id);
                 });
  operations.add({.method = http::Method::get,
                  .path = "/api/identity-provider-tests/{test_id}",
                  .id = "getIdentityProviderTest",
                  .summary = "What came of one's own test of an identity provider",
                  .tag = "identity_provider",
                  .permission = Permission::identity_providers_manage,
                  .audit_action = "identity_provider.read_test",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<TestPath> in) { return get_test(call, in.path.test_id); });
}

void add_operations(access::Operations& operations, SingleSignOn& sso) {
  add_provider_operations(operations, sso);
  add_domain_operations(operations, sso);
  add_sign_in_operations(operations, sso);
  add_identity_operations(operations, sso);
}

}  // namespace gatehouse::sso
