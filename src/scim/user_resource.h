// A SCIM user (RFC 7643, 4.1): a membership, and what the organization's directory says of it. Pure.
//
// Kept are userName, externalId, displayName, name, active and one address. Other attributes of the RFC's
// schemas are taken and not kept, `password` and `roles` among them: a directory sets neither.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "base/error.h"
#include "domain/ids.h"
#include "json/value.h"
#include "scim/filter.h"

namespace gatehouse::scim {

inline constexpr std::string_view kUserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
inline constexpr std::string_view kGroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// What a directory says of somebody.
struct UserResource {
  std::string user_name;  // the address by which the person signs in, in lower case
  std::optional<std::string> external_id;
  std::optional<std::string> display_name;
  std::optional<std::string> given_name;
  std::optional<std::string> family_name;
  std::optional<std::string> formatted_name;
  std::optional<std::string> email;  // where it is another than user_name
  bool active = true;

  bool operator==(const UserResource&) const = default;
};

/// What one attribute of a request says. Errors: invalidPath (there is no such attribute), invalidValue,
/// mutability (it is the server's).
Result<void> set_attribute(UserResource&, const Path&, const json::Value&);
/// Errors: as above, and mutability for what every user has.
Result<void> remove_attribute(UserResource&, const Path&);

/// All attributes of an object, by their names (which may be whole paths, as Entra sends them). Unknown ones,
/// and those that are the server's, are passed over.
Result<void> set_attributes(UserResource&, const json::Object&);

/// POST: a new user. Errors: invalidSyntax, invalidValue.
Result<UserResource> read_user(std::string_view body);
/// PUT: what is not named is cleared, but for `active`, which stays.
Result<UserResource> replace_user(std::string_view body, const UserResource& before);

/// A name for a person: the display name, or what comes nearest to it.
std::string name_of(const UserResource&);

/// As it is shown.
struct ShownUser {
  UserId id;
  UserResource said;
  std::string name;  // of the person
  struct Group {
    GroupId id;
    std::string name;
  };
  std::vector<Group> groups;
  std::string created, last_modified;  // RFC 3339
};
/// `base`: `https://…/scim/v2`.
json::Object to_json(const ShownUser&, std::string_view base);
/// The weak entity tag of what is shown.
std::string version_of(const ShownUser&);

}  // namespace gatehouse::scim
