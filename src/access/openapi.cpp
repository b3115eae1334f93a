#include "access/openapi.h"

#include <cctype>

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

Object json_content(Value schema) {
  return {{"application/json", Object{{"schema", std::move(schema)}}}};
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
  if (info.idempotent)
    parameters.push_back(Object{{"name", "Idempotency-Key"},
                                {"in", "header"},
                                {"required", false},
                                {"schema", Object{{"type", "string"}, {"maxLength", 255}}}});
  if (!parameters.empty()) one["parameters"] = std::move(parameters);
  if (schemas.body)
    one["requestBody"] = Object{{"required", true}, {"content", json_content(schemas.body(components))}};
  else if (schemas.raw_body)
    one["requestBody"] = Object{{"required", true}, {"content", json_content(Object{{"type", "object"}})}};
  Object responses;
  Object success{{"description", schemas.streamed ? "A stream, or the content as it is" : "Success"}};
  if (schemas.answer) success["content"] = json_content(schemas.answer(components));
  responses[std::to_string(schemas.status)] = std::move(success);
  for (ErrorCode code : info.failures) {
    const auto& row = ::gatehouse::info(code);
    auto& slot = responses[std::to_string(row.http_status)];
    if (slot.is_null()) slot = Object{{"$ref", "#/components/responses/Problem"}};
  }
  responses["default"] = Object{{"$ref", "#/components/responses/Problem"}};
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
           {"responses",
            Object{
                {"Problem",
                 Object{{"description", "A failure (RFC 9457)"},
                        {"content",
                         Object{{"application/problem+json",
                                 Object{{"schema", Object{{"$ref", "#/components/schemas/Problem"}}}}}}}}}}},
           {"securitySchemes",
            Object{{"session", Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "gatehouse_session"}}},
                   {"bearer", Object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  std::string out;
  pretty(out, document, 0);
  out += '\n';
  return out;
}

}  // namespace gatehouse::access
