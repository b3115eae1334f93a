#include "access/error_body.h"

#include <algorithm>
#include <array>

#include "http/problem.h"

namespace gatehouse::access {
namespace {

struct OpenAiError {
  std::string message;
  std::string type;
  std::optional<std::string> param;
  std::string code;
};
BOOST_DESCRIBE_STRUCT(OpenAiError, (), (message, type, param, code))

struct OpenAiErrorBody {
  OpenAiError error;
};
BOOST_DESCRIBE_STRUCT(OpenAiErrorBody, (), (error))

std::string_view openai_type(ErrorCode code) {
  if (code == ErrorCode::policy_blocked) return "policy_violation";
  switch (info(code).http_status) {
    case 401:
      return "authentication_error";
    case 402:
      return "insufficient_quota";
    case 403:
      return "permission_error";
    case 429:
      return "rate_limit_error";
    default:
      return info(code).http_status >= 500 ? "server_error" : "invalid_request_error";
  }
}

struct OAuthError {
  std::string error;
  std::string error_description;
};
BOOST_DESCRIBE_STRUCT(OAuthError, (), (error, error_description))

/// Its status is 400 or 401 whatever ours would be, but for limits and failures of the server.
http::Response oauth_error(const Error& error, http::Response response) {
  int status = info(error.code).http_status;
  OAuthError body{.error = "invalid_request", .error_description = error.detail};
  if (status == 401)
    body.error = "invalid_client";
  else if (error.code == ErrorCode::unsupported_grant_type)
    body.error = "unsupported_grant_type";
  else if (error.code == ErrorCode::invalid_scope)
    body.error = "invalid_scope";
  else if (status == 403)
    body.error = "unauthorized_client";
  else if (status == 429 || status >= 500)
    body.error = "temporarily_unavailable";
  if (status < 429 && status != 401) response.status = 400;
  if (body.error_description.empty()) body.error_description = std::string(info(error.code).title);
  response.body = json::encode(body);
  response.headers.set("content-type", "application/json");
  return response;
}

constexpr std::string_view kScimError = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The keywords of RFC 7644, table 9, that a field's code can be.
constexpr std::array<std::string_view, 8> kScimTypes = {"invalidFilter", "tooMany",     "mutability",
                                                        "invalidSyntax", "invalidPath", "noTarget",
                                                        "invalidValue",  "invalidVers"};

std::string_view scim_type(const Error& error) {
  if (error.code == ErrorCode::already_exists) return "uniqueness";
  if (error.code == ErrorCode::malformed_json) return "invalidSyntax";
  if (error.code != ErrorCode::validation_failed) return {};
  for (const auto& field : error.fields)
    if (auto known = std::ranges::find(kScimTypes, field.code); known != kScimTypes.end()) return *known;
  return "invalidValue";
}

/// What was sent and cannot be taken is 400 there; all else as it is.
http::Response scim_error(const Error& error, http::Response response) {
  if (error.code == ErrorCode::validation_failed) response.status = 400;
  auto body = json::Object{{"schemas", json::Array{kScimError}}, {"status", std::to_string(response.status)}};
  if (auto type = scim_type(error); !type.empty()) body["scimType"] = type;
  std::string detail = error.detail;
  if (detail.empty() && !error.fields.empty()) detail = error.fields[0].message;
  body["detail"] = detail.empty() ? std::string(info(error.code).title) : detail;
  response.body = json::encode(body);
  response.headers.set("content-type", "application/scim+json");
  return response;
}

}  // namespace

std::string openai_error_body(const Error& error) {
  OpenAiErrorBody body;
  body.error.message = error.detail.empty() ? std::string(info(error.code).title) : error.detail;
  body.error.type = openai_type(error.code);
  body.error.code = to_string(error.code);
  // A field's JSON pointer as OpenAI writes it: /messages/0/role is messages[0].role in prose, and a dotted
  // path here.
  if (!error.fields.empty()) {
    std::string param = error.fields[0].pointer;
    if (param.starts_with('/')) param.erase(0, 1);
    std::ranges::replace(param, '/', '.');
    body.error.param = std::move(param);
  }
  return json::encode(body);
}

http::Response error_response(const Error& error, ErrorStyle style, std::string_view path,
                              std::string_view request_id) {
  auto response = http::problem(error, path, request_id);
  if (style == ErrorStyle::problem) return response;
  if (style == ErrorStyle::oauth) return oauth_error(error, std::move(response));
  if (style == ErrorStyle::scim) return scim_error(error, std::move(response));
  response.body = openai_error_body(error);
  response.headers.set("content-type", "application/json");
  return response;
}

http::Response error_response(const Error& error, std::string_view path, std::string_view request_id) {
  auto is_under = [&](std::string_view root) {
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
  };
  auto style = is_under("/v1")     ? ErrorStyle::openai
               : is_under("/scim") ? ErrorStyle::scim
                                   : ErrorStyle::problem;
  return error_response(error, style, path, request_id);
}

}  // namespace gatehouse::access
