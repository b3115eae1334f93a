#include "base/error.h"

#include <algorithm>

namespace gatehouse {
namespace {

using enum ErrorCode;

const std::vector<ErrorInfo> kCatalogue = {
    {bad_request, "bad_request", 400, "The request is not valid",
     "What is said contradicts itself or the protocol: an OAuth form without its fields, a logout without a "
     "token, a parameter that a model does not take."},
    {malformed_json, "malformed_json", 400, "The body is not valid JSON",
     "The body does not parse as JSON, or is nested deeper than 32."},
    {malformed_http, "malformed_http", 400, "The request is not valid HTTP",
     "The head is not HTTP/1.1, a length contradicts another, or a header holds what none may."},
    {invalid_page_token, "invalid_page_token", 400, "The page token is not valid",
     "`page_token` was cut, changed, or made for another list."},
    {workspace_required, "workspace_required", 400, "This call needs a workspace",
     "The caller has no workspace of its own and names none in `Gatehouse-Workspace`."},
    {unsupported_grant_type, "unsupported_grant_type", 400, "Tokens are given for client_credentials alone",
     "`POST /api/oauth/token` was asked for another grant than `client_credentials`."},
    {invalid_scope, "invalid_scope", 400, "The scope names what was not given",
     "`scope` names a permission that the service account does not have."},
    {unauthenticated, "unauthenticated", 401, "Sign in or send a credential",
     "No credential, one that nobody has, that ended, was revoked, was rotated away, is signed wrongly or "
     "not for this body; or the person is not a member any more."},
    {invalid_credentials, "invalid_credentials", 401, "The e-mail address or password is wrong",
     "Address and password do not belong together. It says the same of an address that nobody has."},
    {session_expired, "session_expired", 401, "The session has ended",
     "Seven days are over, somebody signed out, or the session was ended by its person, an administrator or "
     "a second use of an old token."},
    {second_factor_required, "second_factor_required", 401, "Give the code of your second factor",
     "The password was right and the person has a second factor: send the `challenge` with the code."},
    {plan_limit_reached, "plan_limit_reached", 402, "The plan's limit is reached",
     "The organization's plan: requests this month, users, storage, tenants of the plan, or a feature that "
     "it does not have."},
    {forbidden, "forbidden", 403, "You do not have this permission",
     "Neither role, governance role, scope of the credential nor a grant gives the operation's permission; "
     "or the rule of this very operation does not allow it, which `detail` says."},
    {csrf_failed, "csrf_failed", 403, "The cross-site request check failed",
     "A change over a session cookie without the session's `csrf_token` in `Gatehouse-Csrf`."},
    {policy_blocked, "policy_blocked", 403, "A policy blocks this content",
     "A rule of the organization blocks the prompt or the answer; `decision` names the rules."},
    {tenant_suspended, "tenant_suspended", 403, "The organization is suspended",
     "An operator suspended the organization: one's own account is all that is open."},
    {tenant_cancelled, "tenant_cancelled", 403, "The organization is cancelled",
     "The organization was cancelled."},
    {not_a_member, "not_a_member", 403, "You are not a member of this organization",
     "The person belongs to no organization, or not to the one they ask for."},
    {second_factor_missing, "second_factor_missing", 403, "This organization asks you for a second factor",
     "The organization asks this role for a second factor, and the session was shown none."},
    {password_sign_in_off, "password_sign_in_off", 403, "This organization takes no passwords",
     "All organizations that the person could enter take sign-in by their provider alone."},
    {sign_up_closed, "sign_up_closed", 403, "Nobody can sign up here by themselves",
     "`[sign_up] mode` does not let people found organizations, or come by themselves at all."},
    {origin_refused, "origin_refused", 403, "This origin or host is not allowed",
     "A page of another origin makes a change, or `Host` is none of the server's."},
    {egress_refused, "egress_refused", 403, "This address may not be called",
     "A provider's address leads to a network that may not be called (loopback, private, link-local)."},
    {not_found, "not_found", 404, "There is no such thing, or you may not see it",
     "It does not exist, belongs to somebody else, or is out of reach: these three are never told apart."},
    {model_not_found, "model_not_found", 404, "There is no such model",
     "No provider of the organization offers `model`."},
    {method_not_allowed, "method_not_allowed", 405, "This path does not take this method",
     "The path exists; `Allow` says with which methods."},
    {request_timeout, "request_timeout", 408, "The request did not arrive in time",
     "Head or body did not arrive within their time; what came is dropped."},
    {conflict, "conflict", 409, "The state of the resource does not allow this",
     "The thing is in a state that forbids it (the last administrator, the owner, a cancelled tenant, a "
     "cycle in the hierarchy), or two such changes met; `detail` says which."},
    {already_exists, "already_exists", 409, "It exists already",
     "Name, slug, address, domain or membership is taken; the field is named where that tells nobody "
     "anything new."},
    {idempotency_in_flight, "idempotency_in_flight", 409, "The same call is still running",
     "A call with the same `Idempotency-Key` has not ended."},
    {organization_switched, "organization_switched", 409, "The session shows another organization",
     "The page shows another organization than the session is in now (another tab switched): load it again."},
    {stream_in_progress, "stream_in_progress", 409, "An answer is still being streamed",
     "The chat's last answer is still coming; stop it or wait."},
    {precondition_failed, "precondition_failed", 412, "It was changed by someone else",
     "`If-Match` names a version that is not the current one; read, merge, send again."},
    {precondition_required, "precondition_required", 428, "Send If-Match with the version you edited",
     "A change of something with versions came without `If-Match`."},
    {payload_too_large, "payload_too_large", 413, "The body is too large",
     "The body is larger than the operation takes (256 KiB unless it says otherwise)."},
    {uri_too_long, "uri_too_long", 414, "The address is too long", "Path and query are longer than 8 KiB."},
    {wrong_region, "wrong_region", 421, "The organization lives in another region",
     "The organization lives in another region; `base_url` says where. Nothing was read."},
    {validation_failed, "validation_failed", 422, "Some fields are not valid",
     "`errors` names each field by JSON pointer, with a code and a sentence."},
    {idempotency_mismatch, "idempotency_mismatch", 422, "This idempotency key was used for another body",
     "The `Idempotency-Key` was used for another body within its 24 hours."},
    {invalid_code, "invalid_code", 422, "The code is wrong, too old, or was used",
     "A code by mail, of an authenticator, or a recovery code: wrong, too old, or used."},
    {invalid_link, "invalid_link", 422, "The link is not valid any more",
     "A link by mail (sign-up, password): cut, too old, used, or for something else."},
    {rate_limited, "rate_limited", 429, "Too many requests",
     "More calls than key, person, organization, workspace or address may make; `Retry-After` says when."},
    {headers_too_large, "headers_too_large", 431, "The header is too large",
     "The head is larger than 16 KiB or has more than 100 fields."},
    {internal, "internal", 500, "Something failed on our side",
     "A bug or a database that failed. The log has it under `request_id`; nothing was half-written."},
    {upstream_failed, "upstream_failed", 502, "What was called for it failed",
     "A model provider, an identity provider or a DNS server refused, broke off, or answered what is no "
     "answer."},
    {upstream_timeout, "upstream_timeout", 504, "What was called for it did not answer in time",
     "A model provider did not answer within its time."},
    {overloaded, "overloaded", 503, "The server is busy",
     "All database connections, password hashers or streams are taken; `Retry-After` says when."},
    {shutting_down, "shutting_down", 503, "The server is restarting", "The node ends; another one answers."},
};

}  // namespace

const std::vector<ErrorInfo>& error_catalogue() {
  return kCatalogue;
}

const ErrorInfo& info(ErrorCode code) {
  auto row = std::ranges::find(kCatalogue, code, &ErrorInfo::code);
  if (row == kCatalogue.end()) throw Failure("error code without a row in the catalogue");
  return *row;
}

std::string_view to_string(ErrorCode code) {
  return info(code).name;
}

Error invalid(std::vector<FieldError> fields) {
  std::string detail = std::to_string(fields.size()) + " fields are not valid";
  if (fields.size() == 1)
    detail = (fields[0].pointer.empty() ? "" : fields[0].pointer + " ") + fields[0].message;
  return {.code = ErrorCode::validation_failed, .detail = std::move(detail), .fields = std::move(fields)};
}

Error invalid(std::string pointer, std::string_view code, std::string message) {
  return invalid({{std::move(pointer), std::string(code), std::move(message)}});
}

}  // namespace gatehouse
