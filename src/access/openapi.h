// The OpenAPI 3.1 document, generated from the operations' types, so that it cannot drift from what is
// decoded.
#pragma once

#include <string>

#include "access/operations.h"

namespace gatehouse::access {

/// Pretty-printed, with a stable order, ending in a newline.
std::string openapi_document(const Operations&, std::string_view version);

}  // namespace gatehouse::access
