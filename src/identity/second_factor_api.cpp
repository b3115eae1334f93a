// The second factor: the second step of sign-in, and a person's own enrolment, step-up, recovery codes and
// end of it.
#include "identity/attempts.h"
#include "identity/me.h"
#include "identity/operation_groups.h"
#include "identity/passwords.h"
#include "identity/second_factor.h"
#include "identity/sessions_store.h"
#include "identity/sign_in.h"
#include "json/bounded.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;

using Code = json::Text<1, 32>;
using Password = json::Text<1, 1024>;

struct FinishSignIn {
  json::Text<1, 2048> challenge;
  Code code;
};
BOOST_DESCRIBE_STRUCT(FinishSignIn, (), (challenge, code))

struct GiveCode {
  Code code;
};
BOOST_DESCRIBE_STRUCT(GiveCode, (), (code))

struct BeginSecondFactor {
  /// One's password, if one has any.
  std::optional<Password> password;
};
BOOST_DESCRIBE_STRUCT(BeginSecondFactor, (), (password))

struct EndSecondFactor {
  std::optional<Password> password;
  Code code;
};
BOOST_DESCRIBE_STRUCT(EndSecondFactor, (), (password, code))

/// Shown once: what an authenticator takes, by QR code or by hand.
struct SecondFactorEnrolment {
  std::string secret;
  std::string uri;
};
BOOST_DESCRIBE_STRUCT(SecondFactorEnrolment, (), (secret, uri))

struct RecoveryCodes {
  std::vector<std::string> recovery_codes;
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (recovery_codes))

struct SecondFactorView {
  bool enrolled = false;
  std::optional<Timestamp> confirmed_at;
  std::int32_t recovery_codes_left = 0;
  /// The organization asks this person's role for it.
  bool required = false;
  bool has_password = false;
};
BOOST_DESCRIBE_STRUCT(SecondFactorView, (),
                      (enrolled, confirmed_at, recovery_codes_left, required, has_password))

Task<Result<Account>> own_account(Call& call) {
  const auto& who = call.principal();
  GH_CO_CHECK(check_speaks_for_person(who));
  auto account = who.has_organization() ? co_await get_account(call.reactor(), who.region, who.user)
                                        : co_await get_operator(call.reactor(), who.user);
  if (!account) co_return fail(ErrorCode::unauthenticated, "The account does not exist any more");
  co_return std::move(*account);
}

/// Who has a password gives it.
Task<Result<void>> check_password(Identity& identity, Call& call, Account account,
                                  std::optional<Password> password) {
  if (!account.password_hash) co_return Result<void>{};
  if (!password) co_return fail(invalid("/password", "required", "is required"));
  auto secret = crypto::Secret::take(std::move(*password).str());
  co_return co_await check_own_password(identity, call, std::move(account), std::move(secret));
}

SessionAddress own_session(const Call& call) {
  const auto& who = call.principal();
  return {.organization = who.organization, .region = who.region, .id = *who.session};
}

void note_account(Call& call) {
  call.audit().resource_type = "user";
  call.audit().resource_id = call.user().to_string();
}

Task<Result<SecondFactorView>> view(Call& call) {
  GH_CO_TRY(auto account, co_await own_account(call));
  auto row = co_await find_second_factor(call.reactor(), owner_of(call.principal()));
  SecondFactorView shown{.has_password = account.password_hash.has_value()};
  if (row && row->confirmed_at) {
    shown.enrolled = true;
    shown.confirmed_at = row->confirmed_at;
    shown.recovery_codes_left = row->recovery_codes;
  }
  if (call.principal().has_organization()) {
    auto memberships = co_await list_memberships(call.reactor(), call.user());
    auto here = std::ranges::find(memberships, call.organization(), &Membership::organization_id);
    shown.required = here != memberships.end() && here->asks_second_factor;
  }
  note_account(call);
  co_return shown;
}

Task<Result<Created<SecondFactorEnrolment>>> begin(Identity& identity, Call& call, BeginSecondFactor body) {
  GH_CO_TRY(auto account, co_await own_account(call));
  auto email = account.email;
  GH_CO_CHECK(co_await check_password(identity, call, std::move(account), std::move(body.password)));
  note_account(call);
  GH_CO_TRY(auto secret, co_await begin_enrolment(call));
  auto uri = enrolment_uri(secret, email, "Gatehouse");
  co_return Created<SecondFactorEnrolment>{
      {.secret = std::string(secret.reveal()), .uri = std::string(uri.reveal())}};
}

Task<Result<RecoveryCodes>> confirm(Identity& identity, Call& call, std::string code) {
  note_account(call);
  GH_CO_CHECK(check_speaks_for_person(call.principal()));
  GH_CO_TRY(auto codes, co_await confirm_enrolment(identity, call, std::move(code)));
  co_await mark_second_factor(call.reactor(), own_session(call), gatehouse::now());
  co_return RecoveryCodes{std::move(codes)};
}

Task<Result<Me>> verify(Identity& identity, Call& call, std::string code) {
  note_account(call);
  GH_CO_CHECK(check_speaks_for_person(call.principal()));
  GH_CO_CHECK(co_await take_code(identity, call.reactor(), owner_of(call.principal()), std::move(code)));
  co_await call.record_now();
  co_await mark_second_factor(call.reactor(), own_session(call), gatehouse::now());
  auto who = call.principal();
  who.is_restricted = false;
  co_return co_await make_me(identity, call.reactor(), std::move(who));
}

Task<Result<RecoveryCodes>> renew_codes(Identity& identity, Call& call, std::string code) {
  note_account(call);
  GH_CO_CHECK(check_speaks_for_person(call.principal()));
  auto owner = owner_of(call.principal());
  GH_CO_CHECK(co_await take_code(identity, call.reactor(), owner, std::move(code)));
  co_await call.record_now();
  co_return RecoveryCodes{co_await renew_recovery_codes(call.reactor(), owner)};
}

Task<Result<NoContent>> end(Identity& identity, Call& call, EndSecondFactor body) {
  note_account(call);
  GH_CO_TRY(auto account, co_await own_account(call));
  GH_CO_CHECK(co_await check_password(identity, call, std::move(account), std::move(body.password)));
  auto owner = owner_of(call.principal());
  GH_CO_CHECK(co_await take_code(identity, call.reactor(), owner, body.code.str()));
  co_await call.record_now();
  co_await delete_second_factor(call.reactor(), owner);
  co_return NoContent{};
}

access::OperationInfo own(http::Method method, std::string_view path, std::string_view id,
                          std::string_view summary, std::string_view action) {
  return {.method = method,
          .path = path,
          .id = id,
          .summary = summary,
          .tag = "account",
          .permission = Permission::account_manage,
          .audit_action = action,
          .rate = method == http::Method::get ? access::RateClass::read : access::RateClass::write,
          .body_limit = 8 * 1024};
}

}  // namespace

void add_second_factor_operations(access::Operations& operations, Identity& identity) {
  operations.add({.method = http::Method::post,
                  .path = "/api/auth/sign-in/second-factor",
                  .id = "completeSignIn",
                  .summary = "The second step of a sign-in: a code of the authenticator, or a recovery code",
                  .tag = "session",
                  .permission = Permission::anyone,
                  .audit_action = "session.create",
                  .rate = access::RateClass::sign_in,
                  .body_limit = 8 * 1024,
                  .failures = {ErrorCode::invalid_credentials, ErrorCode::invalid_code,
                               ErrorCode::not_a_member, ErrorCode::password_sign_in_off}},
                 [&identity](Call& call, Input<None, None, FinishSignIn> in) -> Task<Result<Me>> {
                   GH_CO_TRY(auto who, co_await finish_sign_in(identity, call, in.body.challenge.str(),
                                                               in.body.code.str()));
                   co_return co_await make_me(identity, call.reactor(), std::move(who));
                 });

  operations.add(own(http::Method::get, "/api/auth/second-factor", "getSecondFactor",
                     "Whether one has a second factor, and whether the active organization asks for it",
                     "second_factor.read"),
                 [](Call& call, Input<> /*in*/) { return view(call); });

  auto info = own(http::Method::post, "/api/auth/second-factor", "beginSecondFactor",
                  "A new authenticator secret, shown once and not in force until its first code was given",
                  "second_factor.begin");
  info.failures = {ErrorCode::already_exists};
  operations.add(info, [&identity](Call& call, Input<None, None, BeginSecondFactor> in) {
    return begin(identity, call, std::move(in.body));
  });

  info = own(http::Method::post, "/api/auth/second-factor/confirm", "confirmSecondFactor",
             "Put the second factor in force with its first code; shows the recovery codes, once",
             "second_factor.enable");
  info.failures = {ErrorCode::invalid_code, ErrorCode::conflict};
  operations.add(info, [&identity](Call& call, Input<None, None, GiveCode> in) {
    return confirm(identity, call, in.body.code.str());
  });

  info = own(http::Method::post, "/api/auth/second-factor/verify", "verifySecondFactor",
             "Show the second factor in a session that was opened without it", "second_factor.verify");
  info.failures = {ErrorCode::invalid_code};
  operations.add(info, [&identity](Call& call, Input<None, None, GiveCode> in) {
    return verify(identity, call, in.body.code.str());
  });

  info =
      own(http::Method::post, "/api/auth/second-factor/recovery-codes", "renewRecoveryCodes",
          "Ten new recovery codes in place of those there were; shown once", "second_factor.recovery_codes");
  info.failures = {ErrorCode::invalid_code};
  operations.add(info, [&identity](Call& call, Input<None, None, GiveCode> in) {
    return renew_codes(identity, call, in.body.code.str());
  });

  info = own(http::Method::post, "/api/auth/second-factor/disable", "disableSecondFactor",
             "Take the second factor away, with password and code", "second_factor.disable");
  info.failures = {ErrorCode::invalid_code};
  operations.add(info, [&identity](Call& call, Input<None, None, EndSecondFactor> in) {
    return end(identity, call, std::move(in.body));
  });
}

}  // namespace gatehouse::identity
