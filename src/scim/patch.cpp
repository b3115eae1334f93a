#include "scim/patch.h"

#include <algorithm>

#include "http/syntax.h"
#include "scim/body.h"
#include "scim/error.h"

namespace gatehouse::scim {
namespace {

using Kind = PatchOperation::Kind;

constexpr std::string_view kPatchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
constexpr std::string_view kSchema = "urn:ietf:params:scim:schemas:core:2.0:group";

Result<PatchOperation> read_operation(const json::Value& value) {
  if (!value.is_object()) return refuse("invalidSyntax", "An operation is an object");
  const auto& object = value.get_object();
  PatchOperation operation;
  const auto* op = find_member(object, "op");
  auto name = op && op->is_string() ? http::to_lower(op->get_string()) : std::string();
  if (name == "add")
    operation.kind = Kind::add;
  else if (name == "replace")
    operation.kind = Kind::replace;
  else if (name == "remove")
    operation.kind = Kind::remove;
  else
    return refuse("invalidSyntax", "op is add, replace or remove");
  if (const auto* path = find_member(object, "path"); path && !path->is_null()) {
    if (!path->is_string()) return refuse("invalidPath", "path is a text");
    GH_TRY(operation.path, parse_path(path->get_string()));
  }
  const auto* given = find_member(object, "value");
  if (given) operation.value = *given;
  if (operation.kind == Kind::remove) {
    if (!operation.path) return refuse("noTarget", "remove needs a path");
  } else if (!given) {
    return refuse("invalidValue", "There is no value");
  } else if (!operation.path && !given->is_object()) {
    return refuse("invalidValue", "Without a path the value is an object");
  }
  return operation;
}

Result<UserId> read_member(const json::Value& value) {
  const json::Value* id = &value;
  if (value.is_object()) {
    id = find_member(value.get_object(), "value");
    if (const auto* type = find_member(value.get_object(), "type");
        type && type->is_string() && http::to_lower(type->get_string()) == "group")
      return refuse("invalidValue", "Groups have no groups in them");
  }
  auto user = id && id->is_string() ? UserId::parse(std::string_view(id->get_string())) : std::nullopt;
  if (!user) return refuse("invalidValue", "members.value is the id of a user");
  return *user;
}

Result<std::set<UserId>> read_members(const json::Value& value) {
  std::set<UserId> members;
  if (value.is_null()) return members;
  if (!value.is_array()) {
    GH_TRY(auto one, read_member(value));
    members.insert(one);
    return members;
  }
  for (const auto& each : value.get_array()) {
    GH_TRY(auto one, read_member(each));
    members.insert(one);
  }
  return members;
}

/// Whom `members[value eq "…"]` names, or several of that joined by `or`.
Result<void> add_named(const Filter& filter, std::set<UserId>& members) {
  if (filter.kind == Filter::Kind::any) {
    for (const auto& part : filter.parts) GH_CHECK(add_named(part, members));
    return {};
  }
  const auto* text = std::get_if<std::string>(&filter.literal);
  if (filter.kind != Filter::Kind::compare || filter.compare != Compare::eq || !text ||
      filter.attribute.full_name() != "value")
    return refuse("invalidPath", "Members are named by value eq");
  // What is no id names nobody.
  if (auto user = UserId::parse(*text)) members.insert(*user);
  return {};
}

void put(GroupChange& change, const std::set<UserId>& members) {
  for (auto member : members) {
    change.remove.erase(member);
    change.add.insert(member);
  }
}

void take(GroupChange& change, const std::set<UserId>& members) {
  for (auto member : members) {
    change.add.erase(member);
    change.remove.insert(member);
  }
}

void clear(GroupChange& change) {
  change.clears_members = true;
  change.add.clear();
  change.remove.clear();
}

Result<void> change_members(GroupChange& change, Kind kind, const Path& path, const json::Value& value) {
  if (!path.attribute.sub.empty() && path.attribute.sub != "value")
    return refuse("mutability", "Of its members, a group says who they are");
  if (path.element) {
    std::set<UserId> named;
    GH_CHECK(add_named(*path.element, named));
    if (kind == Kind::remove)
      take(change, named);
    else
      put(change, named);
    return {};
  }
  GH_TRY(auto members, read_members(value));
  // Entra names in `value` whom to remove: only without it all of them go.
  if (kind == Kind::replace || (kind == Kind::remove && value.is_null())) clear(change);
  if (kind == Kind::remove)
    take(change, members);
  else
    put(change, members);
  return {};
}

std::unexpected<Error> no_such(const Attribute& attribute) {
  return refuse("invalidPath", "A group has no attribute " + attribute.full_name());
}

Result<void> change_group(GroupChange& change, Kind kind, const Path& path, const json::Value& value);

Result<void> change_all(GroupChange& change, Kind kind, const json::Object& object) {
  for (const auto& member : object) {
    auto path = parse_path(member.key());
    if (!path) continue;
    auto done = change_group(change, kind, *path, member.value());
    if (done) continue;
    const auto& type = done.error().fields.at(0).code;
    if (type != "invalidPath" && type != "mutability") return done;
  }
  return {};
}

Result<void> change_group(GroupChange& change, Kind kind, const Path& path, const json::Value& value) {
  const auto& [schema, name, sub] = path.attribute;
  if (!schema.empty() && schema != kSchema) return no_such(path.attribute);
  if (name.empty()) {
    if (!value.is_object()) return refuse("invalidValue", "The value has to be an object");
    return change_all(change, kind, value.get_object());
  }
  if (name == "id" || name == "meta" || name == "schemas")
    return refuse("mutability", name + " is the server's");
  if (name == "members") return change_members(change, kind, path, value);
  if (!sub.empty() || path.element) return no_such(path.attribute);
  if (name == "displayname") {
    GH_TRY(change.display_name, read_text(value, "displayName"));
    if (kind == Kind::remove || !change.display_name)
      return refuse("invalidValue", "A group has a displayName");
    return {};
  }
  if (name == "externalid") {
    GH_TRY(auto id, kind == Kind::remove ? std::optional<std::string>() : read_text(value, "externalId"));
    change.external_id = std::move(id);
    return {};
  }
  return no_such(path.attribute);
}

}  // namespace

Result<std::vector<PatchOperation>> read_patch(std::string_view body) {
  GH_TRY(auto object, read_body(body, kPatchSchema));
  const auto* list = find_member(object, "operations");
  if (!list || !list->is_array() || list->get_array().empty())
    return refuse("invalidSyntax", "Operations are missing");
  if (list->get_array().size() > kMaxOperations) return refuse("tooMany", "There are too many operations");
  std::vector<PatchOperation> operations;
  for (const auto& one : list->get_array()) {
    GH_TRY(auto operation, read_operation(one));
    operations.push_back(std::move(operation));
  }
  return operations;
}

Result<void> apply_patch(UserResource& user, const std::vector<PatchOperation>& operations) {
  for (const auto& operation : operations) {
    auto done = operation.kind == Kind::remove ? remove_attribute(user, *operation.path)
                : operation.path               ? set_attribute(user, *operation.path, operation.value)
                                               : set_attributes(user, operation.value.get_object());
    if (!done) return done;
  }
  return {};
}

Result<GroupChange> group_change(const std::vector<PatchOperation>& operations) {
  GroupChange change;
  for (const auto& operation : operations)
    GH_CHECK(operation.path ? change_group(change, operation.kind, *operation.path, operation.value)
                            : change_all(change, operation.kind, operation.value.get_object()));
  return change;
}

Result<GroupChange> read_group(std::string_view body) {
  GH_TRY(auto object, read_body(body, kGroupSchema));
  GroupChange change{.external_id = std::optional<std::string>(), .clears_members = true};
  GH_CHECK(change_all(change, Kind::add, object));
  if (!change.display_name) return refuse("invalidValue", "displayName is required");
  return change;
}

}  // namespace gatehouse::scim
