// Sign-in and out, one's own account, the active organization, access tokens and the keys that verify them.
#include "identity/access_token.h"
#include "identity/identity_api.h"
#include "identity/me.h"
#include "identity/operation_groups.h"
#include "identity/session.h"
#include "identity/sessions_store.h"
#include "identity/sign_in.h"
#include "json/bounded.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;

struct SignIn {
  json::Email email;
  json::Text<1, 1024> password;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (email, password))

struct UpdateMe {
  std::optional<json::Name<255>> name;
  std::optional<Language> language;
  std::optional<Theme> theme;
};
BOOST_DESCRIBE_STRUCT(UpdateMe, (), (name, language, theme))

struct SwitchOrganization {
  OrganizationId organization_id;
};
BOOST_DESCRIBE_STRUCT(SwitchOrganization, (), (organization_id))

struct AccessToken {
  std::string access_token;
  std::string token_type;
  std::int64_t expires_in = 0;  // seconds
};
BOOST_DESCRIBE_STRUCT(AccessToken, (), (access_token, token_type, expires_in))

Task<Result<Me>> update_me(Identity& identity, Call& call, UpdateMe body) {
  AccountChange change;
  json::Array changed;
  if (body.name && call.principal().by_provider)
    co_return fail(ErrorCode::forbidden,
                   "A session of the organization's provider does not change a person's name");
  if (body.name) {
    change.name = std::move(*body.name).str();
    changed.emplace_back("name");
  }
  if (body.language) {
    change.language = body.language->to_string();
    changed.emplace_back("language");
  }
  if (body.theme) {
    change.theme = pg::label(*body.theme);
    changed.emplace_back("theme");
  }
  auto& reactor = call.reactor();
  call.audit().resource_type = "user";
  call.audit().resource_id = call.user().to_string();
  call.audit().payload["fields"] = changed;
  if (!changed.empty()) {
    co_await call.record_now();
    if (call.principal().has_organization())
      for (auto& served : reactor.regions())
        co_await update_account(reactor, served.region, call.user(), change);
    else
      co_await update_account(reactor, std::nullopt, call.user(), change);
  }
  co_return co_await make_me(identity, reactor, call.principal());
}

/// `logout_url`: where the browser goes next to end the provider's session as well.
struct SignedOut {
  std::optional<std::string> logout_url;
};
BOOST_DESCRIBE_STRUCT(SignedOut, (), (logout_url))

Task<Result<SignedOut>> sign_out(Identity& identity, Call& call) {
  const auto& who = call.principal();
  auto id = *who.session;
  SignedOut signed_out;
  if (who.by_provider)
    signed_out.logout_url = co_await find_logout_url(
        call.reactor(), {.organization = who.organization, .region = who.region, .id = id}, who.user);
  call.audit().resource_id = id.to_string();
  co_await revoke_own_session(call, id);
  identity.revocations().add(id.value);
  call.headers().set("set-cookie", delete_cookie(identity.options().secure_cookies));
  co_return signed_out;
}

Task<Result<Me>> switch_organization(Identity& identity, Call& call, OrganizationId target) {
  auto& reactor = call.reactor();
  auto old = call.principal();
  if (target == old.organization) co_return co_await make_me(identity, reactor, old);
  if (old.by_provider)
    co_return fail(ErrorCode::forbidden,
                   "This session was opened by one organization's provider: sign in to the other by itself");
  auto region = co_await region_of(reactor, target);
  if (region && !reactor.serves(*region)) co_return fail(identity.wrong_region(*region));
  auto memberships = co_await list_memberships(reactor, old.user);
  auto found = std::ranges::find(memberships, target, &Membership::organization_id);
  if (found == memberships.end()) co_return fail(ErrorCode::not_a_member);
  // The target's own rules: a password that it does not take is no way in; a second factor that it asks for
  // and was not shown leaves a session that can do nothing else.
  auto opened = co_await find_session(
      reactor, {.organization = old.organization, .region = old.region, .id = *old.session});
  if (!opened) co_return fail(ErrorCode::session_expired);
  if (!found->takes_passwords && opened->method != SessionMethod::sso)
    co_return fail(ErrorCode::password_sign_in_off,
                   "That organization takes no passwords: sign in by its identity provider");
  // The event stands in the organization that was entered; the one that was left is none of its business.
  auto who = co_await open_session(identity, call, old.user, &*found,
                                   {.method = opened->method,
                                    .second_factor_at = opened->second_factor_at,
                                    .ends_at = opened->expires_at});
  co_await revoke_session(reactor,
                          {.organization = old.organization, .region = old.region, .id = *old.session});
  identity.revocations().add(old.session->value);
  co_return co_await make_me(identity, reactor, who);
}

AccessToken make_access_token(const Identity& identity, Call& call) {
  const auto& who = call.principal();
  const auto& options = identity.options();
  AccessClaims claims{.user = who.user,
                      .organization = who.organization,
                      .region = who.has_organization() ? std::optional(who.region) : std::nullopt,
                      .session = *who.session,
                      .role = who.role,
                      .is_super_admin = who.is_super_admin};
  call.audit().resource_id = who.session->to_string();
  return AccessToken{.access_token = issue_access_token(*options.signing_key, options.issuer, claims,
                                                        options.access_token_lifetime),
                     .token_type = "Bearer",
                     .expires_in = options.access_token_lifetime.count()};
}

}  // namespace

void add_auth_operations(access::Operations& operations, Identity& identity) {
  operations.add({.method = http::Method::post,
                  .path = "/api/auth/sign-in",
                  .id = "signIn",
                  .summary = "Sign in with e-mail and password; sets the session cookie",
                  .tag = "session",
                  .permission = Permission::anyone,
                  .audit_action = "session.create",
                  .rate = access::RateClass::sign_in,
                  .body_limit = 8 * 1024,
                  .failures = {ErrorCode::invalid_credentials, ErrorCode::second_factor_required,
                               ErrorCode::not_a_member, ErrorCode::password_sign_in_off}},
                 [&identity](Call& call, Input<None, None, SignIn> in) -> Task<Result<Me>> {
                   auto email = tenancy::normalize_email(in.body.email.to_string());
                   if (!email) co_return fail(ErrorCode::invalid_credentials);
                   auto password = crypto::Secret::take(std::move(in.body.password).str());
                   GH_CO_TRY(auto who,
                             co_await sign_in(identity, call, std::move(*email), std::move(password)));
                   co_return co_await make_me(identity, call.reactor(), std::move(who));
                 });

  operations.add({.method = http::Method::post,
                  .path = "/api/auth/sign-out",
                  .id = "signOut",
                  .summary = "End the current session; tells where to end the provider's, if one opened it",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "session.revoke",
                  .rate = access::RateClass::write},
                 [&identity](Call& call, Input<> /*in*/) { return sign_out(identity, call); });

  operations.add({.method = http::Method::get,
                  .path = "/api/auth/me",
                  .id = "getMe",
                  .summary = "Who is signed in, where, and what they may do",
                  .tag = "session",
                  .permission = Permission::signed_in,
                  .audit_action = "account.read",
                  .rate = access::RateClass::read},
                 [&identity](Call& call, Input<> /*in*/) -> Task<Result<Me>> {
                   call.audit().resource_type = "user";
                   call.audit().resource_id = call.user().to_string();
                   co_return co_await make_me(identity, call.reactor(), call.principal(), call.workspace());
                 });

  operations.add({.method = http::Method::patch,
                  .path = "/api/auth/me",
                  .id = "updateMe",
                  .summary = "Change one's own name, language or theme",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "account.update",
                  .rate = access::RateClass::write},
                 [&identity](Call& call, Input<None, None, UpdateMe> in) -> Task<Result<Me>> {
                   co_return co_await update_me(identity, call, std::move(in.body));
                 });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/auth/switch",
       .id = "switchOrganization",
       .summary = "Make another of one's organizations the active one; replaces the session",
       .tag = "session",
       .permission = Permission::account_manage,
       .audit_action = "session.switch",
       .rate = access::RateClass::write,
       .failures = {ErrorCode::not_a_member, ErrorCode::wrong_region, ErrorCode::password_sign_in_off}},
      [&identity](Call& call, Input<None, None, SwitchOrganization> in) -> Task<Result<Me>> {
        co_return co_await switch_organization(identity, call, in.body.organization_id);
      });

  operations.add({.method = http::Method::post,
                  .path = "/api/auth/token",
                  .id = "createToken",
                  .summary = "A short-lived signed bearer token for the current session",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "token.create",
                  .rate = access::RateClass::write},
                 [&identity](Call& call, Input<> /*in*/) -> Task<Result<AccessToken>> {
                   co_return make_access_token(identity, call);
                 });

  operations.add({.method = http::Method::get,
                  .path = "/.well-known/jwks.json",
                  .id = "getJwks",
                  .summary = "The public keys that verify bearer tokens (RFC 7517)",
                  .tag = "session",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read},
                 [&identity](Call& /*call*/, Input<> /*in*/) -> Task<Result<json::Raw>> {
                   co_return json::Raw{crypto::jwks(identity.keys())};
                 });
}

void add_operations(access::Operations& operations, Identity& identity) {
  add_auth_operations(operations, identity);
  add_session_operations(operations, identity);
  add_api_key_operations(operations, identity);
  add_service_account_operations(operations);
  add_token_operations(operations, identity);
  add_organization_session_operations(operations, identity);
  add_invitation_operations(operations, identity);
  add_invitation_acceptance(operations, identity);
  add_second_factor_operations(operations, identity);
  add_password_operations(operations, identity);
  add_sign_up_operations(operations, identity);
}

}  // namespace gatehouse::identity
