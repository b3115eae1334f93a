// One's own password, links for who forgot theirs, and such links from administrators.
#include "identity/operation_groups.h"
#include "identity/passwords.h"
#include "json/bounded.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;

struct ChangePassword {
  json::Text<1, 1024> current_password;
  json::Text<1, 1024> new_password;
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (), (current_password, new_password))

struct ForgotPassword {
  json::Email email;
};
BOOST_DESCRIBE_STRUCT(ForgotPassword, (), (email))

struct ResetPassword {
  json::Text<1, 256> token;
  json::Text<1, 1024> password;
};
BOOST_DESCRIBE_STRUCT(ResetPassword, (), (token, password))

struct MemberPath {
  UserId user_id;
};
BOOST_DESCRIBE_STRUCT(MemberPath, (), (user_id))

struct PasswordResetLink {
  bool sent = false;
  std::optional<std::string> url;  // shown once, where no mail is sent
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(PasswordResetLink, (), (sent, url, expires_at))

}  // namespace

void add_password_operations(access::Operations& operations, Identity& identity) {
  operations.add(
      {.method = http::Method::post,
       .path = "/api/auth/password",
       .id = "changePassword",
       .summary = "Change one's own password; one's other sessions end",
       .tag = "account",
       .permission = Permission::account_manage,
       .audit_action = "password.change",
       .rate = access::RateClass::write,
       .body_limit = 16 * 1024},
      [&identity](Call& call, Input<None, None, ChangePassword> in) -> Task<Result<NoContent>> {
        auto current = crypto::Secret::take(std::move(in.body.current_password).str());
        auto wanted = crypto::Secret::take(std::move(in.body.new_password).str());
        GH_CO_CHECK(co_await change_password(identity, call, std::move(current), std::move(wanted)));
        co_return NoContent{};
      });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/auth/password/forgot",
       .id = "forgotPassword",
       .summary = "Have a link for a new password sent; the same answer whether there is such an account",
       .tag = "account",
       .permission = Permission::anyone,
       .audit_action = "password.forgot",
       .rate = access::RateClass::sign_in,
       .body_limit = 8 * 1024},
      [&identity](Call& call, Input<None, None, ForgotPassword> in) -> Task<Result<NoContent>> {
        auto email = tenancy::normalize_email(in.body.email.to_string());
        call.audit().region = call.reactor().regions().front().region;
        if (email) {
          GH_CO_CHECK(co_await request_reset(identity, call, std::move(*email)));
        }
        co_return NoContent{};
      });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/auth/password/reset",
       .id = "resetPassword",
       .summary = "Set a new password by a link, once; all of the person's sessions end",
       .tag = "account",
       .permission = Permission::anyone,
       .audit_action = "password.reset",
       .rate = access::RateClass::sign_in,
       .body_limit = 16 * 1024,
       .failures = {ErrorCode::invalid_link, ErrorCode::wrong_region}},
      [&identity](Call& call, Input<None, None, ResetPassword> in) -> Task<Result<NoContent>> {
        auto password = crypto::Secret::take(std::move(in.body.password).str());
        GH_CO_CHECK(co_await reset_password(identity, call, in.body.token.str(), std::move(password)));
        co_return NoContent{};
      });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/members/{user_id}/password-reset",
       .id = "createPasswordReset",
       .summary =
           "Send a member of this organization alone a link for a new password; shown if no mail is sent",
       .tag = "member",
       .permission = Permission::members_manage,
       .audit_action = "password.reset_link",
       .rate = access::RateClass::write,
       .failures = {ErrorCode::conflict}},
      [&identity](Call& call, Input<MemberPath> in) -> Task<Result<Created<PasswordResetLink>>> {
        GH_CO_TRY(auto made, co_await make_reset_link(identity, call, in.path.user_id));
        bool is_sent = !made.url;
        co_return Created<PasswordResetLink>{
            {.sent = is_sent, .url = std::move(made.url), .expires_at = made.expires_at}};
      });
}

}  // namespace gatehouse::identity
