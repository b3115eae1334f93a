// What a directory may ask of this service provider before it provisions anybody (RFC 7643, 5 to 7).
#include <array>

#include "http/syntax.h"
#include "json/bounded.h"
#include "scim/list_query.h"
#include "scim/protocol.h"
#include "scim/scim_api.h"
#include "scim/user_resource.h"

namespace gatehouse::scim {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::RawQuery;
using http::Method;
using json::Array;
using json::Object;

struct TypePath {
  json::Text<1, 200> resource_type;
};
BOOST_DESCRIBE_STRUCT(TypePath, (), (resource_type))
struct SchemaPath {
  json::Text<1, 200> schema_id;
};
BOOST_DESCRIBE_STRUCT(SchemaPath, (), (schema_id))

Object with_meta(Object resource, std::string_view type, std::string location) {
  resource["meta"] = Object{{"resourceType", type}, {"location", std::move(location)}};
  return resource;
}

Object provider_config(const std::string& base) {
  auto supported = [](bool is_supported) { return Object{{"supported", is_supported}}; };
  Object filter{{"supported", true}, {"maxResults", kMostResults}};
  Object bulk{{"supported", false}, {"maxOperations", 0}, {"maxPayloadSize", 0}};
  Object scheme{{"type", "oauthbearertoken"},
                {"name", "Bearer token"},
                {"description", "The organization's SCIM token, as an administrator made it"},
                {"primary", true}};
  return with_meta({{"schemas", Array{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"}},
                    {"patch", supported(true)},
                    {"bulk", std::move(bulk)},
                    {"filter", std::move(filter)},
                    {"changePassword", supported(false)},
                    {"sort", supported(true)},
                    {"etag", supported(true)},
                    {"authenticationSchemes", Array{std::move(scheme)}}},
                   "ServiceProviderConfig", base + "/ServiceProviderConfig");
}

Array resource_types(const std::string& base) {
  auto type = [&](std::string_view name, std::string_view endpoint, std::string_view schema) {
    return with_meta({{"schemas", Array{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}},
                      {"id", name},
                      {"name", name},
                      {"endpoint", endpoint},
                      {"schema", schema}},
                     "ResourceType", base + "/ResourceTypes/" + std::string(name));
  };
  return {type("User", "/Users", kUserSchema), type("Group", "/Groups", kGroupSchema)};
}

struct Shape {
  std::string_view type = "string";
  std::string_view mutability = "readWrite";
  bool is_required = false;
  bool is_exact = false;
  bool is_list = false;
  std::string_view uniqueness = "none";
};

Object attribute(std::string_view name, Shape shape, Array parts = {}) {
  Object made{{"name", name},
              {"type", shape.type},
              {"multiValued", shape.is_list},
              {"required", shape.is_required},
              {"caseExact", shape.is_exact},
              {"mutability", shape.mutability},
              {"returned", "default"},
              {"uniqueness", shape.uniqueness}};
  if (!parts.empty()) made["subAttributes"] = std::move(parts);
  return made;
}

Array schemas(const std::string& base) {
  auto schema = [&](std::string_view id, std::string_view name, Array attributes) {
    return with_meta({{"schemas", Array{"urn:ietf:params:scim:schemas:core:2.0:Schema"}},
                      {"id", id},
                      {"name", name},
                      {"attributes", std::move(attributes)}},
                     "Schema", base + "/Schemas/" + std::string(id));
  };
  auto external_id = attribute("externalId", {.is_exact = true, .uniqueness = "server"});
  Array name{attribute("formatted", {}), attribute("givenName", {}), attribute("familyName", {})};
  Array email{attribute("value", {}), attribute("type", {}), attribute("primary", {.type = "boolean"})};
  Array group{attribute("value", {.mutability = "readOnly"}),
              attribute("display", {.mutability = "readOnly"})};
  Array member{attribute("value", {.mutability = "immutable", .is_required = true}),
               attribute("type", {.mutability = "immutable"})};
  Array user{
      attribute("userName", {.is_required = true, .uniqueness = "server"}),
      external_id,
      attribute("displayName", {}),
      attribute("name", {.type = "complex"}, std::move(name)),
      attribute("active", {.type = "boolean"}),
      attribute("emails", {.type = "complex", .is_list = true}, std::move(email)),
      attribute("groups", {.type = "complex", .mutability = "readOnly", .is_list = true}, std::move(group))};
  Array of_group{attribute("displayName", {.is_required = true, .uniqueness = "server"}),
                 std::move(external_id),
                 attribute("members", {.type = "complex", .is_list = true}, std::move(member))};
  return {schema(kUserSchema, "User", std::move(user)), schema(kGroupSchema, "Group", std::move(of_group))};
}

Object list_of(Array resources) {
  auto total = static_cast<std::int64_t>(resources.size());
  return list_response(total, {}, std::move(resources));
}

Result<Object> find(Call& call, Array resources, std::string_view id) {
  for (auto& one : resources) {
    const auto& own = one.at("id").as_string();
    if (http::to_lower(own) != http::to_lower(id)) continue;
    call.audit().resource_id = std::string(own);
    return std::move(one.as_object());
  }
  return fail(ErrorCode::not_found, "There is no such resource");
}

}  // namespace

void add_discovery_operations(access::Operations& operations, identity::Identity& identity) {
  auto base = [&identity](Call& call) { return base_address(call.reactor(), call.region(), identity); };
  auto add = [&](std::string_view path, std::string_view id, std::string_view summary, auto answer) {
    operations.add(declare(Method::get, path, id, summary, "scim", "scim.discovery.read"),
                   [base, answer](Call& call, Input<None, RawQuery>) -> Task<Result<Object>> {
                     co_return answer(base(call));
                   });
  };
  add("/scim/v2/ServiceProviderConfig", "scimServiceProviderConfig", "What of SCIM is supported; Bulk is not",
      [](const std::string& at) { return provider_config(at); });
  add("/scim/v2/ResourceTypes", "scimListResourceTypes", "Users and groups",
      [](const std::string& at) { return list_of(resource_types(at)); });
  add("/scim/v2/Schemas", "scimListSchemas", "The attributes of users and groups that are kept",
      [](const std::string& at) { return list_of(schemas(at)); });

  auto one = [](std::string_view path, std::string_view id, std::string_view summary) {
    auto info = declare(Method::get, path, id, summary, "scim", "scim.discovery.read");
    info.failures = {ErrorCode::not_found};
    return info;
  };
  operations.add(
      one("/scim/v2/ResourceTypes/{resource_type}", "scimGetResourceType", "One of users and groups"),
      [base](Call& call, Input<TypePath, RawQuery> in) -> Task<Result<Object>> {
        co_return find(call, resource_types(base(call)), in.path.resource_type.str());
      });
  operations.add(one("/scim/v2/Schemas/{schema_id}", "scimGetSchema", "The attributes of one of them"),
                 [base](Call& call, Input<SchemaPath, RawQuery> in) -> Task<Result<Object>> {
                   co_return find(call, schemas(base(call)), in.path.schema_id.str());
                 });
}

}  // namespace gatehouse::scim
