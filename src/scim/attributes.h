// Which attributes of users and groups can be filtered and sorted by, and the SQL that says so. Text of SQL
// is made of the fragments in attributes.cpp alone; what came from outside becomes a parameter.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "pg/params.h"
#include "scim/filter.h"

namespace gatehouse::scim {

struct Column {
  enum class Kind {
    folded,  // text, compared without regard to case
    exact,   // text
    boolean,
    id,
    time,
    member,  // whether somebody is in the group; `sql` has the condition's beginning
  };
  std::string_view attribute;  // in lower case, with a dot before a sub-attribute
  Kind kind;
  std::string_view sql;
};

struct Resource {
  std::string_view schema;  // in lower case
  std::span<const Column> columns;
};
/// In terms of `memberships m`, `users u` and `scim_users s`.
extern const Resource kUsers;
/// In terms of `groups g`.
extern const Resource kGroups;

/// The condition, its values added to `params`. Errors: validation_failed (`invalidFilter`): another
/// attribute, or an operator that its kind does not have.
Result<std::string> to_sql(const Resource&, const Filter&, pg::Params& params);

/// The expression to sort by. Errors: validation_failed (`invalidValue`).
Result<std::string_view> sort_key(const Resource&, std::string_view sort_by);

}  // namespace gatehouse::scim
