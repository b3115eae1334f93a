#include "base/error.h"

#include <algorithm>

namespace gatehouse {
namespace {

using enum ErrorCode;

const std::vector<ErrorInfo> kCatalogue = {
    {bad_request, "bad_request", 400, "The request is not valid"},
    {malformed_json, "malformed_json", 400, "The body is not valid JSON"},
    {malformed_http, "malformed_http", 400, "The request is not valid HTTP"},
    {invalid_page_token, "invalid_page_token", 400, "The page token is not valid"},
    {workspace_required, "workspace_required", 400, "This call needs a workspace"},
    {unsupported_grant_type, "unsupported_grant_type", 400, "Tokens are given for client_credentials alone"},
    {invalid_scope, "invalid_scope", 400, "The scope names what was not given"},
    {unauthenticated, "unauthenticated", 401, "Sign in or send a credential"},
    {invalid_credentials, "invalid_credentials", 401, "The e-mail address or password is wrong"},
    {session_expired, "session_expired", 401, "The session has ended"},
    {second_factor_required, "second_factor_required", 401, "Give the code of your second factor"},
    {plan_limit_reached, "plan_limit_reached", 402, "The plan's limit is reached"},
    {budget_exceeded, "budget_exceeded", 402, "The budget is spent"},
    {forbidden, "forbidden", 403, "You do not have this permission"},
    {csrf_failed, "csrf_failed", 403, "The cross-site request check failed"},
    {policy_blocked, "policy_blocked", 403, "A policy blocks this content"},
    {approval_required, "approval_required", 403, "This needs an approval"},
    {tenant_suspended, "tenant_suspended", 403, "The organization is suspended"},
    {tenant_cancelled, "tenant_cancelled", 403, "The organization is cancelled"},
    {not_a_member, "not_a_member", 403, "You are not a member of this organization"},
    {second_factor_missing, "second_factor_missing", 403, "This organization asks you for a second factor"},
    {password_sign_in_off, "password_sign_in_off", 403, "This organization takes no passwords"},
    {sign_up_closed, "sign_up_closed", 403, "Nobody can sign up here by themselves"},
    {origin_refused, "origin_refused", 403, "This origin or host is not allowed"},
    {egress_refused, "egress_refused", 403, "This address may not be called"},
    {not_found, "not_found", 404, "There is no such thing, or you may not see it"},
    {model_not_found, "model_not_found", 404, "There is no such model"},
    {method_not_allowed, "method_not_allowed", 405, "This path does not take this method"},
    {request_timeout, "request_timeout", 408, "The request did not arrive in time"},
    {conflict, "conflict", 409, "The state of the resource does not allow this"},
    {already_exists, "already_exists", 409, "It exists already"},
    {idempotency_in_flight, "idempotency_in_flight", 409, "The same call is still running"},
    {organization_switched, "organization_switched", 409, "The session shows another organization"},
    {stream_in_progress, "stream_in_progress", 409, "An answer is still being streamed"},
    {precondition_failed, "precondition_failed", 412, "It was changed by someone else"},
    {precondition_required, "precondition_required", 428, "Send If-Match with the version you edited"},
    {payload_too_large, "payload_too_large", 413, "The body is too large"},
    {uri_too_long, "uri_too_long", 414, "The address is too long"},
    {unsupported_media_type, "unsupported_media_type", 415, "Send application/json"},
    {wrong_region, "wrong_region", 421, "The organization lives in another region"},
    {validation_failed, "validation_failed", 422, "Some fields are not valid"},
    {idempotency_mismatch, "idempotency_mismatch", 422, "This idempotency key was used for another body"},
    {invalid_code, "invalid_code", 422, "The code is wrong, too old, or was used"},
    {invalid_link, "invalid_link", 422, "The link is not valid any more"},
    {rate_limited, "rate_limited", 429, "Too many requests"},
    {headers_too_large, "headers_too_large", 431, "The header is too large"},
    {internal, "internal", 500, "Something failed on our side"},
    {upstream_failed, "upstream_failed", 502, "The model provider failed"},
    {upstream_timeout, "upstream_timeout", 504, "The model provider did not answer in time"},
    {overloaded, "overloaded", 503, "The server is busy"},
    {shutting_down, "shutting_down", 503, "The server is restarting"},
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

}  // namespace gatehouse
