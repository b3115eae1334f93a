// The logins of one's own account: listed, added, removed.
#include "identity/session_origin.h"
#include "sso/sign_in.h"
#include "sso/sso_api.h"

namespace gatehouse::sso {
namespace {

using access::Call;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;
using access::Whole;

struct LoginView {
  ExternalIdentityId id;
  std::string issuer;
  std::optional<std::string> provider_name;  // null: the organization has removed it
  Timestamp created_at;
  std::optional<Timestamp> last_sign_in_at;
};
BOOST_DESCRIBE_STRUCT(LoginView, (), (id, issuer, provider_name, created_at, last_sign_in_at))

struct Logins {
  std::vector<LoginView> logins;
  std::vector<OfferedProvider> providers;  // that a login can be added of
};
BOOST_DESCRIBE_STRUCT(Logins, (), (logins, providers))

struct LinkLogin {
  IdentityProviderId identity_provider_id;
};
BOOST_DESCRIBE_STRUCT(LinkLogin, (), (identity_provider_id))

struct LinkStarted {
  std::string authorization_url;  // where the browser goes
};
BOOST_DESCRIBE_STRUCT(LinkStarted, (), (authorization_url))

struct LoginPath {
  ExternalIdentityId login_id;
};
BOOST_DESCRIBE_STRUCT(LoginPath, (), (login_id))

constexpr pg::Statement kListLogins{
    "sso.list_logins",
    "select e.id, e.issuer, p.name as provider_name, e.created_at, e.last_sign_in_at from "
    "external_identities e"
    " left join identity_providers p on p.organization_id = e.organization_id and p.id = e.provider_id"
    " where e.organization_id = $1 and e.user_id = $2 order by e.id limit 100"};
constexpr pg::Statement kListActive{"sso.list_active",
                                    "select id, name, preset from identity_providers where organization_id = "
                                    "$1 and is_active order by name, id"};
constexpr pg::Statement kDeleteLogin{
    "sso.delete_login",
    "delete from external_identities where organization_id = $1 and id = $2 and user_id = $3"
    " returning provider_id, subject"};

struct DeletedLogin {
  std::optional<IdentityProviderId> provider_id;
  std::string subject;
};
BOOST_DESCRIBE_STRUCT(DeletedLogin, (), (provider_id, subject))

Task<Result<Logins>> list(Call& call) {
  Logins shown;
  call.audit().resource_type = "user";
  call.audit().resource_id = call.user().to_string();
  // An operator has none.
  if (!call.principal().has_organization()) co_return shown;
  pg::Batch batch;
  batch.add(kListLogins, pg::params(call.organization(), call.user()))
      .add(kListActive, pg::params(call.organization()));
  auto rows = co_await call.read(std::move(batch));
  shown.logins = rows[0].as<LoginView>();
  shown.providers = rows[1].as<OfferedProvider>();
  call.audit().payload["count"] = shown.logins.size();
  co_return shown;
}

Task<Result<LinkStarted>> link(SingleSignOn& sso, Call& call, IdentityProviderId id) {
  call.audit().resource_type = "user";
  call.audit().resource_id = call.user().to_string();
  call.audit().payload["provider_id"] = id.to_string();
  if (!call.principal().has_organization()) co_return fail(ErrorCode::not_found);
  auto provider =
      co_await usable_provider(call.reactor(), ProviderAddress(call.region(), call.organization(), id));
  if (!provider) co_return fail(ErrorCode::not_found);
  auto url = co_await begin(sso, call, *provider,
                            {.organization = call.organization(),
                             .region = call.region(),
                             .id = SignInAttemptId::make(),
                             .provider = id,
                             .purpose = Purpose::link,
                             .user = call.user(),
                             .session = call.principal().session,
                             .return_to = "/account?linked=true"},
                            "");
  if (!url)
    co_return fail(ErrorCode::upstream_failed,
                   "The provider cannot be used: " + std::string(url.error().code));
  co_return LinkStarted{std::move(*url)};
}

Task<Result<NoContent>> unlink(SingleSignOn& sso, Call& call, ExternalIdentityId id) {
  call.audit().resource_type = "user";
  call.audit().resource_id = call.user().to_string();
  call.audit().payload["login_id"] = id.to_string();
  if (!call.principal().has_organization()) co_return fail(ErrorCode::not_found);
  auto rows = co_await call.write(kDeleteLogin, pg::params(call.organization(), id, call.user()));
  auto gone = rows.find_one<DeletedLogin>();
  if (!gone) co_return fail(ErrorCode::not_found);
  if (!gone->provider_id) co_return NoContent{};
  // What the login opened ends with it.
  for (auto session : co_await identity::list_sessions_of(call.reactor(), call.region(), call.organization(),
                                                          *gone->provider_id, std::nullopt, gone->subject)) {
    co_await identity::end_own_session(sso.identity(), call, session);
  }
  co_return NoContent{};
}

}  // namespace

void add_identity_operations(access::Operations& operations, SingleSignOn& sso) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/auth/logins",
       .id = "listLogins",
       .summary = "The logins at identity providers with which one signs in here, and which could be added",
       .tag = "session",
       .permission = Permission::account_manage,
       .audit_action = "login.list",
       .rate = access::RateClass::read},
      [](Call& call, Input<>) { return list(call); });
  operations.add({.method = http::Method::post,
                  .path = "/api/auth/logins",
                  .id = "linkLogin",
                  .summary = "Add a login: the browser goes to the provider and comes back",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "login.start",
                  .rate = access::RateClass::write,
                  .feature = "sso",
                  .failures = {ErrorCode::upstream_failed}},
                 [&sso](Call& call, Input<None, None, LinkLogin> in) {
                   return link(sso, call, in.body.identity_provider_id);
                 });
  operations.add({.method = http::Method::delete_,
                  .path = "/api/auth/logins/{login_id}",
                  .id = "unlinkLogin",
                  .summary = "Remove a login of one's own, and end the sessions that it opened",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "login.unlink",
                  .rate = access::RateClass::write},
                 [&sso](Call& call, Input<LoginPath> in) { return unlink(sso, call, in.path.login_id); });
}

}  // namespace gatehouse::sso
