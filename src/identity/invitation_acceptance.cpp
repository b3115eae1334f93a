// Invitations as their holders meet them: look, come as a new person, come as somebody who is signed in.
//
// A code says region and organization, so a wrong region is refused before any look-up. What is unknown,
// expired, revoked or used up looks the same. Coming makes no session: whoever came signs in, by the rules of
// that.
#include "crypto/token.h"
#include "domain/password_policy.h"
#include "identity/accounts_store.h"
#include "identity/identity_api.h"
#include "identity/invitations.h"
#include "identity/operation_groups.h"
#include "json/bounded.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::None;
using access::Permission;

using Code = json::Text<1, 200>;

struct PreviewInvitation {
  Code code;
};
BOOST_DESCRIBE_STRUCT(PreviewInvitation, (), (code))

struct InvitationPreview {
  std::string organization_name;
  std::optional<std::string> logo_url;
  RoleCode role_code;
  std::vector<std::string> workspaces;
  std::string invited_by_name;
  /// For one address alone; the hint is its first letter and its domain.
  std::optional<std::string> email_hint;
  /// False: whoever comes signs in by the organization's identity provider.
  bool takes_passwords;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(InvitationPreview, (),
                      (organization_name, logo_url, role_code, workspaces, invited_by_name, email_hint,
                       takes_passwords, expires_at))

struct AcceptInvitation {
  Code code;
  json::Email email;
  json::Name<255> name;
  json::Text<12, 1024> password;
};
BOOST_DESCRIBE_STRUCT(AcceptInvitation, (), (code, email, name, password))

struct JoinByInvitation {
  Code code;
};
BOOST_DESCRIBE_STRUCT(JoinByInvitation, (), (code))

struct AcceptedInvitation {
  OrganizationId organization_id;
  std::string organization_name;
};
BOOST_DESCRIBE_STRUCT(AcceptedInvitation, (), (organization_id, organization_name))

std::unexpected<Error> not_open() {
  return fail(ErrorCode::not_found, "This invitation is not valid, or not any more");
}

struct Found {
  InvitationAddress at;
  OpenInvitation invitation;
};

Task<Result<Found>> find(const Identity& identity, Call& call, std::string code) {
  auto presented = crypto::parse_token(crypto::TokenKind::invitation, code);
  if (!presented) co_return not_open();
  auto region = parse_region(presented->address.region);
  if (!region) co_return not_open();
  if (!call.reactor().serves(*region)) co_return fail(identity.wrong_region(*region));
  InvitationAddress at{.region = *region,
                       .organization = OrganizationId{presented->address.organization},
                       .id = InvitationId{presented->address.id},
                       .code = presented->digest};
  auto invitation = co_await find_open(call.reactor(), at);
  if (!invitation) co_return not_open();
  auto& note = call.audit();
  note.resource_id = at.id.to_string();
  note.organization = at.organization;
  note.region = at.region;
  co_return Found{at, std::move(*invitation)};
}

std::string hint_of(std::string_view email) {
  auto at = email.find('@');
  return std::string(email.substr(0, 1)) + "…" + std::string(email.substr(at));
}

Result<void> check_address(const OpenInvitation& invitation, std::string_view email) {
  if (invitation.email && *invitation.email != email)
    return fail(ErrorCode::forbidden, "This invitation is for another e-mail address");
  return {};
}

Task<Result<AcceptedInvitation>> finish(Call& call, Found found, Newcomer who) {
  auto& reactor = call.reactor();
  // Not Call::make_event(): address and browser are sealed under a key that belongs to the membership to
  // come.
  auto event = audit::make_event(std::string(call.operation().audit_action));
  event.organization = found.at.organization;
  event.actor_type = audit::ActorType::user;
  event.actor_id = who.id.value;
  event.resource_type = "invitation";
  event.resource_id = found.at.id.to_string();
  event.request_id = call.request().request_id;
  co_await tenancy::add_email_region(reactor, tenancy::email_hash(reactor.secrets(), who.person.email),
                                     found.at.region);
  GH_CO_CHECK(co_await accept_invitation(reactor, found.at, std::move(who), std::move(event)));
  call.mark_audited();
  co_return AcceptedInvitation{found.at.organization, std::move(found.invitation.organization_name)};
}

Task<Result<Created<AcceptedInvitation>>> accept(Identity& identity, Call& call, AcceptInvitation body) {
  GH_CO_TRY(auto found, co_await find(identity, call, body.code.str()));
  auto email = tenancy::normalize_email(body.email.to_string());
  if (!email) co_return not_open();
  GH_CO_CHECK(check_address(found.invitation, *email));
  if (!found.invitation.takes_passwords)
    co_return fail(ErrorCode::forbidden, "People of this organization sign in by its identity provider");
  // In whichever region: a person has one id and one password.
  if (co_await tenancy::is_known(call.reactor(), *email) || co_await find_operator(call.reactor(), *email))
    co_return fail(ErrorCode::already_exists, "There is an account of this address: sign in, then accept");
  auto password = crypto::Secret::take(std::move(body.password).str());
  GH_CO_CHECK(check_new_password(password.reveal(), {.email = *email, .name = body.name.str()}));
  GH_CO_TRY(auto password_hash, co_await identity.passwords().hash(std::move(password)));
  bool is_confirmed = found.invitation.proves_address;
  GH_CO_TRY(auto accepted, co_await finish(call, std::move(found),
                                           {.id = UserId::make(),
                                            .person = {.email = std::move(*email),
                                                       .name = body.name.str(),
                                                       .password_hash = std::move(password_hash),
                                                       .is_confirmed = is_confirmed}}));
  co_return Created<AcceptedInvitation>{std::move(accepted)};
}

Task<Result<AcceptedInvitation>> join(Identity& identity, Call& call, std::string code) {
  const auto& who = call.principal();
  if (!who.has_organization()) co_return fail(ErrorCode::forbidden, "Operators belong to no organization");
  GH_CO_TRY(auto found, co_await find(identity, call, std::move(code)));
  // What a provider says of somebody counts in its own organization alone.
  if (who.by_provider && found.at.organization != who.organization)
    co_return fail(ErrorCode::forbidden, "Sign in with your password to join another organization");
  auto account = co_await get_account(call.reactor(), who.region, who.user);
  if (!account || !account->is_active) co_return fail(ErrorCode::unauthenticated);
  GH_CO_CHECK(check_address(found.invitation, account->email));
  bool is_proved = found.invitation.proves_address;
  GH_CO_TRY(auto joined, co_await finish(call, std::move(found),
                                         {.id = account->id,
                                          .person = {.email = std::move(account->email),
                                                     .name = std::move(account->name),
                                                     .password_hash = std::move(account->password_hash),
                                                     .is_confirmed = account->is_confirmed}}));
  if (is_proved) co_await confirm_address(call.reactor(), account->id);
  co_return joined;
}

}  // namespace

void add_invitation_acceptance(access::Operations& operations, Identity& identity) {
  operations.add(
      {.method = http::Method::post,
       .path = "/api/invitations/preview",
       .id = "previewInvitation",
       .summary = "What an invitation's code opens; its holder need not be signed in",
       .tag = "invitation",
       .permission = Permission::anyone,
       .audit_action = "invitation.preview",
       .rate = access::RateClass::sign_in,
       .body_limit = 8 * 1024,
       .failures = {ErrorCode::not_found, ErrorCode::wrong_region}},
      [&identity](Call& call, Input<None, None, PreviewInvitation> in) -> Task<Result<InvitationPreview>> {
        GH_CO_TRY(auto found, co_await find(identity, call, in.body.code.str()));
        auto& invitation = found.invitation;
        co_return InvitationPreview{.organization_name = std::move(invitation.organization_name),
                                    .logo_url = std::move(invitation.logo_url),
                                    .role_code = invitation.role_code,
                                    .workspaces = std::move(invitation.workspaces),
                                    .invited_by_name = std::move(invitation.invited_by_name),
                                    .email_hint = invitation.email.transform(hint_of),
                                    .takes_passwords = invitation.takes_passwords,
                                    .expires_at = invitation.expires_at};
      });

  operations.add({.method = http::Method::post,
                  .path = "/api/invitations/accept",
                  .id = "acceptInvitation",
                  .summary = "Come into an organization as a new person, with a password; then sign in",
                  .tag = "invitation",
                  .permission = Permission::anyone,
                  .audit_action = "invitation.accept",
                  .rate = access::RateClass::sign_in,
                  .body_limit = 8 * 1024,
                  .failures = {ErrorCode::not_found, ErrorCode::forbidden, ErrorCode::already_exists,
                               ErrorCode::conflict, ErrorCode::plan_limit_reached, ErrorCode::wrong_region}},
                 [&identity](Call& call, Input<None, None, AcceptInvitation> in) {
                   return accept(identity, call, std::move(in.body));
                 });

  operations.add({.method = http::Method::post,
                  .path = "/api/invitations/join",
                  .id = "joinByInvitation",
                  .summary = "Come into an organization, or into more of its workspaces, as who is signed in",
                  .tag = "invitation",
                  .permission = Permission::account_manage,
                  .audit_action = "invitation.join",
                  .rate = access::RateClass::write,
                  .body_limit = 8 * 1024,
                  .failures = {ErrorCode::not_found, ErrorCode::already_exists, ErrorCode::conflict,
                               ErrorCode::plan_limit_reached, ErrorCode::wrong_region}},
                 [&identity](Call& call, Input<None, None, JoinByInvitation> in) {
                   return join(identity, call, in.body.code.str());
                 });
}

}  // namespace gatehouse::identity
