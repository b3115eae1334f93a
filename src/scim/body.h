// Bodies of SCIM requests: JSON whose names are compared without regard to case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace gatehouse::scim {

/// Errors: invalidSyntax (no JSON object, or its `schemas` lack this one).
Result<json::Object> read_body(std::string_view text, std::string_view schema);

/// Null if there is no such member. `name` in lower case.
const json::Value* find_member(const json::Object&, std::string_view name);

/// Text of 1 to `most` code points on one line, or nothing where it is null or empty. Errors: invalidValue.
Result<std::optional<std::string>> read_text(const json::Value&, std::string_view name,
                                             std::size_t most = 255);
/// A boolean, or as Entra sends it the text of one. Errors: invalidValue.
Result<bool> read_bool(const json::Value&, std::string_view name);

}  // namespace gatehouse::scim
