// Refusals as SCIM names them (RFC 7644, table 9): the keyword travels as the field's code and becomes the
// answer's `scimType` (access/error_body.h).
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::scim {

/// 400 with one of `invalidFilter`, `invalidPath`, `invalidSyntax`, `invalidValue`, `mutability`, `noTarget`,
/// `tooMany`.
inline std::unexpected<Error> refuse(std::string_view type, std::string detail) {
  return fail(Error{.code = ErrorCode::validation_failed,
                    .detail = detail,
                    .fields = {{.pointer = "", .code = std::string(type), .message = std::move(detail)}}});
}

}  // namespace gatehouse::scim
