#include "access/openapi.h"

#include <cctype>

#include <fmt/format.h>

namespace gatehouse::access {
namespace {

using json::Array;
using json::Object;
using json::Value;

void pretty(std::string& out, const Value& value, int depth) {
  auto line = [&](int at) {
    out += '\n';
    out.append(static_cast<std::size_t>(at) * 2, ' ');
  };
  if (value.is_object() && !value.get_object().empty()) {
    out += '{';
    bool first = true;
    for (const auto& member : value.get_object()) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      out += boost::json::serialize(Value(member.key()));
      out += ": ";
      pretty(out, member.value(), depth + 1);
    }
    line(depth);
    out += '}';
  } else if (value.is_array() && !value.get_array().empty()) {
    out += '[';
    bool first = true;
    for (const auto& item : value.get_array()) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      pretty(out, item, depth + 1);
    }
    line(depth);
    out += ']';
  } else {
    out += boost::json::serialize(value);
  }
}

/// Path and query types are described structs: their members become parameters.
/// What those refer to is added to `referred`.
void add_parameters(Array& parameters, std::string_view in, Value (*schema)(json::Components&),
                    Object& referred) {
  if (!schema) return;
  json::Components own;
  Value reference = schema(own);
  auto schemas = own.schemas();
  std::string name(reference.at("$ref").as_string());
  std::string own_name = name.substr(name.rfind('/') + 1);
  const Object& type = schemas.at(own_name).as_object();
  auto required = [&](std::string_view member) {
    auto list = type.if_contains("required");
    return list &&
           std::ranges::any_of(list->as_array(), [&](const Value& one) { return one.as_string() == member; });
  };
  for (const auto& member : type.at("properties").as_object())
    parameters.push_back(Object{{"name", member.key()},
                                {"in", in},
                                {"required", in == "path" || required(member.key())},
                                {"schema", member.value()}});
  schemas.erase(own_name);
  for (auto& one : schemas) referred.emplace(one.key(), std::move(one.value()));
}

Object json_content(Value schema, std::string_view type = "application/json") {
  return {{type, Object{{"schema", std::move(schema)}}}};
}

Object reference(std::string_view kind, std::string_view name) {
  return {{"$ref", fmt::format("#/components/{}/{}", kind, name)}};
}

/// What the dispatcher reads of every request, by what it asks of the caller.
void add_shared_parameters(Array& parameters, const OperationInfo& info) {
  auto add = [&](std::string_view name) { parameters.push_back(reference("parameters", name)); };
  if (info.etag == Etag::needs || info.etag == Etag::updates) add("IfMatch");
  if (info.idempotent) add("IdempotencyKey");
  if (info.permission == Permission::anyone) return;
  if (info.effect() == Effect::changes) add("Csrf");
  add("Organization");
  if (is_personal(info.permission)) return;
  add("Workspace");
  if (info.effect() == Effect::reads) add("WorkspaceQuery");
}

Object header_parameter(std::string_view name, bool required, std::string_view description,
                        Object schema = {{"type", "string"}}) {
  return {{"name", name},
          {"in", "header"},
          {"required", required},
          {"description", description},
          {"schema", std::move(schema)}};
}

Object shared_parameters() {
  Object uuid{{"type", "string"}, {"format", "uuid"}};
  return {
      {"IfMatch", header_parameter("If-Match", true, "The ETag that was read; another's change gives 412")},
      {"IdempotencyKey",
       header_parameter("Idempotency-Key", false, "A repeat within 24 hours gets the stored answer again",
                        {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}})},
      {"Csrf", header_parameter("Gatehouse-Csrf", false,
                                "The session's csrf_token; required of a session in its cookie")},
      {"Organization",
       header_parameter("Gatehouse-Organization", false,
                        "The organization that the page shows; 409 if the session has left it", uuid)},
      {"Workspace", header_parameter("Gatehouse-Workspace", false,
                                     "The workspace to act in; default: the caller's own", uuid)},
      {"WorkspaceQuery", Object{{"name", "workspace"},
                                {"in", "query"},
                                {"required", false},
                                {"description", "As Gatehouse-Workspace, where no header can be set"},
                                {"schema", uuid}}}};
}

Object streamed_content(const OperationInfo& info) {
  Object content;
  for (auto type : info.streams)
    content[type] = Object{{"schema", type == "application/json" ? Object{} : Object{{"type", "string"}}}};
  return content;
}

std::string_view failure_name(ErrorStyle style) {
  switch (style) {
    case ErrorStyle::problem:
      return "Problem";
    case ErrorStyle::openai:
      return "OpenAiError";
    case ErrorStyle::oauth:
      return "OAuthError";
    case ErrorStyle::scim:
      return "ScimError";
  }
  return "Problem";
}

Object describe(const Operation& operation, json::Components& components, Object& referred) {
  const auto& [info, schemas, invoke] = operation;
  Object one{{"operationId", info.id}, {"summary", info.summary}, {"tags", Array{Value(info.tag)}}};
  one["x-permission"] = to_string(info.permission);
  if (!info.audit_action.empty()) one["x-audit-action"] = info.audit_action;
  if (info.critical) one["x-critical"] = true;
  if (info.permission == Permission::anyone) one["security"] = Array{};
  Array parameters;
  add_parameters(parameters, "path", schemas.path, referred);
  add_parameters(parameters, "query", schemas.query, referred);
  add_shared_parameters(parameters, info);
  if (!parameters.empty()) one["parameters"] = std::move(parameters);
  if (schemas.body)
    one["requestBody"] = Object{{"required", true}, {"content", json_content(schemas.body(components))}};
  else if (schemas.raw_body)
    one["requestBody"] =
        Object{{"required", true},
               {"content", Object{{info.body_type, Object{{"schema", Object{{"type", "object"}}}}}}}};
  Object responses;
  Object success{{"description", schemas.streamed        ? "A stream, or the content as it is"
                                 : schemas.status == 302 ? "On to another page"
                                                         : "Success"}};
  if (schemas.answer) success["content"] = json_content(schemas.answer(components), info.answer_type);
  if (schemas.streamed) success["content"] = streamed_content(info);
  if (info.etag == Etag::gives || info.etag == Etag::updates)
    success["headers"] = Object{{"ETag", reference("headers", "ETag")}};
  auto failure = reference("responses", failure_name(info.errors));
  responses[std::to_string(schemas.status)] = std::move(success);
  for (ErrorCode code : info.failures) {
    const auto& row = ::gatehouse::info(code);
    auto& slot = responses[std::to_string(row.http_status)];
    if (slot.is_null()) slot = failure;
  }
  responses["default"] = std::move(failure);
  one["responses"] = std::move(responses);
  return one;
}

Object problem_schema() {
  Array codes;
  for (const auto& row : error_catalogue()) codes.push_back(Value(row.name));
  Object text{{"type", "string"}};
  Object field{{"type", "object"},
               {"properties", Object{{"pointer", text}, {"code", text}, {"message", text}}},
               {"required", Array{"pointer", "code", "message"}}};
  return {{"type", "object"},
          {"properties", Object{{"type", text},
                                {"title", text},
                                {"status", Object{{"type", "integer"}}},
                                {"detail", text},
                                {"instance", text},
                                {"code", Object{{"type", "string"}, {"enum", std::move(codes)}}},
                                {"request_id", text},
                                {"errors", Object{{"type", "array"}, {"items", std::move(field)}}}}},
          {"required", Array{"type", "title", "status", "code", "request_id"}}};
}

Object openai_error_schema() {
  Object text{{"type", "string"}};
  return {{"type", "object"},
          {"properties",
           Object{{"error", Object{{"type", "object"},
                                   {"properties", Object{{"message", text},
                                                         {"type", text},
                                                         {"param", Object{{"type", Array{"string", "null"}}}},
                                                         {"code", text}}},
                                   {"required", Array{"message", "type", "param", "code"}},
                                   {"additionalProperties", false}}}}},
          {"required", Array{"error"}},
          {"additionalProperties", false}};
}

Object oauth_error_schema() {
  Object text{{"type", "string"}};
  return {{"type", "object"},
          {"properties", Object{{"error", text}, {"error_description", text}}},
          {"required", Array{"error", "error_description"}},
          {"additionalProperties", false}};
}

Object scim_error_schema() {
  Object text{{"type", "string"}};
  return {{"type", "object"},
          {"properties", Object{{"schemas", Object{{"type", "array"}, {"items", text}}},
                                {"status", text},
                                {"scimType", text},
                                {"detail", text}}},
          {"required", Array{"schemas", "status", "detail"}},
          {"additionalProperties", false}};
}

Object failure_responses() {
  Object problem{{"application/problem+json", Object{{"schema", reference("schemas", "Problem")}}}};
  Object openai = problem;
  openai["application/json"] = Object{{"schema", reference("schemas", "OpenAiError")}};
  Object oauth = problem;
  oauth["application/json"] = Object{{"schema", reference("schemas", "OAuthError")}};
  Object scim = problem;
  scim["application/scim+json"] = Object{{"schema", reference("schemas", "ScimError")}};
  return {
      {"ScimError",
       Object{{"description", "A failure as SCIM tells it (RFC 7644 3.12)"}, {"content", std::move(scim)}}},
      {"OAuthError",
       Object{{"description", "A failure as OAuth tells it (RFC 6749 5.2)"}, {"content", std::move(oauth)}}},
      {"Problem", Object{{"description", "A failure (RFC 9457)"}, {"content", std::move(problem)}}},
      {"OpenAiError", Object{{"description",
                              "A failure as OpenAI's API tells it; a problem (RFC 9457) where the request "
                              "was no HTTP that could be read"},
                             {"content", std::move(openai)}}}};
}

}  // namespace

std::string openapi_document(const Operations& operations, std::string_view version) {
  json::Components components;
  Object paths;
  Object referred;
  for (const auto& operation : operations.all()) {
    auto& path = paths[operation->info.path];
    if (path.is_null()) path = Object{};
    std::string method(http::to_string(operation->info.method));
    std::ranges::transform(method, method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    path.as_object()[method] = describe(*operation, components, referred);
  }
  Object schemas = components.schemas();
  for (auto& one : referred) schemas.emplace(one.key(), std::move(one.value()));
  schemas["Problem"] = problem_schema();
  schemas["OpenAiError"] = openai_error_schema();
  schemas["OAuthError"] = oauth_error_schema();
  schemas["ScimError"] = scim_error_schema();
  Object document{
      {"openapi", "3.1.0"},
      {"info", Object{{"title", "Gatehouse"},
                      {"version", version},
                      {"description", "The control plane for a company's AI."},
                      {"license", Object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"security", Array{Object{{"session", Array{}}}, Object{{"bearer", Array{}}}}},
      {"paths", std::move(paths)},
      {"components",
       Object{
           {"schemas", std::move(schemas)},
           {"parameters", shared_parameters()},
           {"headers", Object{{"ETag", Object{{"description", "The version, for If-Match"},
                                              {"schema", Object{{"type", "string"}}}}}}},
           {"responses", failure_responses()},
           {"securitySchemes",
            Object{{"session", Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "gatehouse_session"}}},
                   {"bearer", Object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  std::string out;
  pretty(out, document, 0);
  out += '\n';
  return out;
}

}  // namespace gatehouse::access
