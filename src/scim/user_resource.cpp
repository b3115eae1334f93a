#include "scim/user_resource.h"

#include <algorithm>
#include <array>

#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "http/syntax.h"
#include "scim/body.h"
#include "scim/element.h"
#include "scim/error.h"
#include "tenancy/email_directory.h"

namespace gatehouse::scim {
namespace {

constexpr std::string_view kSchema = "urn:ietf:params:scim:schemas:core:2.0:user";
constexpr std::string_view kEnterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user";

// RFC 7643, 4.1: taken and not kept.
constexpr std::array<std::string_view, 15> kNotKept = {
    "nickname", "profileurl", "title",        "usertype",     "preferredlanguage",
    "locale",   "timezone",   "password",     "phonenumbers", "ims",
    "photos",   "addresses",  "entitlements", "roles",        "x509certificates"};
constexpr std::array<std::string_view, 4> kReadOnly = {"id", "groups", "meta", "schemas"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::unexpected<Error> no_such(const Attribute& attribute) {
  return refuse("invalidPath", "A user has no attribute " + attribute.full_name());
}

Result<std::string> read_address(const json::Value& value, std::string_view name) {
  auto address = value.is_string() ? tenancy::normalize_email(value.get_string()) : std::nullopt;
  if (!address) return refuse("invalidValue", std::string(name) + " has to be an e-mail address");
  return std::move(*address);
}

/// An address that says nothing new is none.
void set_email(UserResource& user, std::optional<std::string> address) {
  user.email = address == user.user_name ? std::nullopt : std::move(address);
}

std::optional<std::string>* name_part(UserResource& user, std::string_view sub) {
  if (sub == "givenname") return &user.given_name;
  if (sub == "familyname") return &user.family_name;
  if (sub == "formatted") return &user.formatted_name;
  return nullptr;
}

bool is_other_name_part(std::string_view sub) {
  return sub == "middlename" || sub == "honorificprefix" || sub == "honorificsuffix";
}

Result<void> set_name(UserResource& user, const Attribute& attribute, const json::Value& value) {
  if (!attribute.sub.empty()) {
    auto* part = name_part(user, attribute.sub);
    if (!part) return is_other_name_part(attribute.sub) ? Result<void>{} : no_such(attribute);
    GH_TRY(*part, read_text(value, attribute.full_name()));
    return {};
  }
  if (value.is_null()) {
    user.given_name = user.family_name = user.formatted_name = std::nullopt;
    return {};
  }
  if (!value.is_object()) return refuse("invalidValue", "name is an object");
  for (const auto& member : value.get_object()) {
    auto* part = name_part(user, http::to_lower(member.key()));
    if (!part) continue;
    GH_TRY(*part, read_text(member.value(), "name." + std::string(member.key())));
  }
  return {};
}

/// The one address that is kept: the primary one, else that of work, else the first.
const json::Value* choose(const json::Array& emails) {
  const json::Value* best = nullptr;
  int best_rank = 0;
  for (const auto& one : emails) {
    if (!one.is_object()) continue;
    const auto* value = find_member(one.get_object(), "value");
    if (!value || value->is_null()) continue;
    const auto* primary = find_member(one.get_object(), "primary");
    const auto* type = find_member(one.get_object(), "type");
    bool is_primary = primary && read_bool(*primary, "primary").value_or(false);
    bool is_work = type && type->is_string() && http::to_lower(type->get_string()) == "work";
    int rank = is_primary ? 3 : is_work ? 2 : 1;
    if (rank > best_rank) {
      best = value;
      best_rank = rank;
    }
  }
  return best;
}

/// The address as a value of the list, for a filter to judge.
json::Object email_element(const UserResource& user) {
  return {{"value", user.email.value_or(user.user_name)}, {"type", "work"}, {"primary", true}};
}

Result<void> set_emails(UserResource& user, const Path& path, const json::Value& value) {
  const auto& sub = path.attribute.sub;
  if (path.element) {
    // Addresses of other kinds are not kept, and neither is what is said of them.
    GH_TRY(bool is_ours, matches(*path.element, email_element(user)));
    if (!is_ours) return {};
  }
  if (sub == "type" || sub == "primary" || sub == "display") return {};
  if (!sub.empty() && sub != "value") return no_such(path.attribute);
  const json::Value* address = &value;
  if (sub.empty()) {
    if (value.is_array())
      address = choose(value.get_array());
    else if (value.is_object())
      address = find_member(value.get_object(), "value");
  }
  if (!address || address->is_null() || (address->is_string() && address->get_string().empty())) {
    user.email.reset();
    return {};
  }
  GH_TRY(auto text, read_address(*address, "emails.value"));
  set_email(user, std::move(text));
  return {};
}

bool is_foreign_schema(const Attribute& attribute) {
  return !attribute.schema.empty() && attribute.schema != kSchema;
}

}  // namespace

Result<void> set_attribute(UserResource& user, const Path& path, const json::Value& value) {
  const auto& [schema, name, sub] = path.attribute;
  if (is_foreign_schema(path.attribute))
    return schema == kEnterprise ? Result<void>{} : no_such(path.attribute);
  if (name.empty()) {
    if (!value.is_object()) return refuse("invalidValue", "The value has to be an object");
    return set_attributes(user, value.get_object());
  }
  if (is_among(kReadOnly, name)) return refuse("mutability", name + " is the server's");
  if (is_among(kNotKept, name)) return {};
  if (name == "name") return set_name(user, path.attribute, value);
  if (name == "emails") return set_emails(user, path, value);
  if (!sub.empty() || path.element) return no_such(path.attribute);
  if (name == "username") {
    auto before = user.user_name;
    GH_TRY(user.user_name, read_address(value, "userName"));
    set_email(user, user.email == before ? std::nullopt : user.email);
    return {};
  }
  if (name == "active") {
    GH_TRY(user.active, read_bool(value, "active"));
    return {};
  }
  if (name == "externalid") {
    GH_TRY(user.external_id, read_text(value, "externalId"));
    return {};
  }
  if (name == "displayname") {
    GH_TRY(user.display_name, read_text(value, "displayName"));
    return {};
  }
  return no_such(path.attribute);
}

Result<void> remove_attribute(UserResource& user, const Path& path) {
  const auto& [schema, name, sub] = path.attribute;
  if (!is_foreign_schema(path.attribute) && (name == "username" || name == "active"))
    return refuse("mutability", name == "active" ? "active is true or false" : "A user has a userName");
  if (name.empty() && !is_foreign_schema(path.attribute))
    return refuse("noTarget", "Name the attribute to remove");
  return set_attribute(user, path, json::Value());
}

Result<void> set_attributes(UserResource& user, const json::Object& object) {
  for (const auto& member : object) {
    auto path = parse_path(member.key());
    if (!path) continue;
    auto done = set_attribute(user, *path, member.value());
    if (done) continue;
    const auto& type = done.error().fields.at(0).code;
    if (type != "invalidPath" && type != "mutability") return done;
  }
  return {};
}

Result<UserResource> read_user(std::string_view body) {
  return replace_user(body, {});
}

Result<UserResource> replace_user(std::string_view body, const UserResource& before) {
  GH_TRY(auto object, read_body(body, kUserSchema));
  UserResource user{.active = before.active};
  // First, since an address that equals it says nothing new.
  const auto* name = find_member(object, "username");
  if (!name) return refuse("invalidValue", "userName is required");
  GH_CHECK(set_attribute(user, {.attribute = {.name = "username"}}, *name));
  GH_CHECK(set_attributes(user, object));
  return user;
}

std::string name_of(const UserResource& user) {
  for (const auto& name : {user.display_name, user.formatted_name})
    if (name) return *name;
  auto text = user.given_name.value_or("");
  if (user.family_name) text += (text.empty() ? "" : " ") + *user.family_name;
  if (text.empty() || text.size() > 255) text = user.user_name.substr(0, user.user_name.rfind('@'));
  return text;
}

json::Object to_json(const ShownUser& shown, std::string_view base) {
  const auto& said = shown.said;
  auto id = shown.id.to_string();
  json::Object user{{"schemas", json::Array{kUserSchema}}, {"id", id}, {"userName", said.user_name}};
  if (said.external_id) user["externalId"] = *said.external_id;
  json::Object name;
  if (said.formatted_name) name["formatted"] = *said.formatted_name;
  if (said.given_name) name["givenName"] = *said.given_name;
  if (said.family_name) name["familyName"] = *said.family_name;
  if (!name.empty()) user["name"] = std::move(name);
  user["displayName"] = said.display_name.value_or(shown.name);
  user["active"] = said.active;
  user["emails"] = json::Array{email_element(said)};
  json::Array groups;
  for (const auto& group : shown.groups)
    groups.push_back(json::Object{{"value", group.id.to_string()},
                                  {"$ref", std::string(base) + "/Groups/" + group.id.to_string()},
                                  {"display", group.name},
                                  {"type", "direct"}});
  user["groups"] = std::move(groups);
  user["meta"] = json::Object{{"resourceType", "User"},
                              {"created", shown.created},
                              {"lastModified", shown.last_modified},
                              {"location", std::string(base) + "/Users/" + id},
                              {"version", version_of(shown)}};
  return user;
}

std::string version_of(const ShownUser& shown) {
  const auto& said = shown.said;
  json::Array parts{said.user_name, shown.name, said.active};
  for (const auto& part : {said.external_id, said.display_name, said.given_name, said.family_name,
                           said.formatted_name, said.email})
    parts.push_back(part ? json::Value(*part) : json::Value());
  for (const auto& group : shown.groups) parts.push_back(json::Array{group.id.to_string(), group.name});
  auto digest = crypto::sha256(json::write(parts));
  return "W/\"" + crypto::to_hex(digest).substr(0, 20) + "\"";
}

}  // namespace gatehouse::scim
