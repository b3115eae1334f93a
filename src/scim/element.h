// Whether one value of a list is what a filter in brackets asks for (`emails[type eq "work"]`). Pure.
#pragma once

#include "base/error.h"
#include "json/value.h"
#include "scim/filter.h"

namespace gatehouse::scim {

/// Texts are compared without regard to case. Errors: invalidPath (operators other than eq, ne, pr, co, sw,
/// ew; filters within).
Result<bool> matches(const Filter&, const json::Object& element);

}  // namespace gatehouse::scim
