// Errors on the wire: RFC 9457 `application/problem+json`.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace gatehouse::http {

/// `{type, title, status, detail?, instance?, code, request_id, errors?: [{pointer, code, message}]}`; `type`
/// is
/// `/docs/errors#<code>`; the error's extension member comes last. `retry-after` in seconds if the error has
/// one (and 1 for overloaded and shutting_down without). Never cached. Strings that are not UTF-8 lose their
/// bad bytes.
Response problem(const Error&, std::string_view instance, std::string_view request_id);

}  // namespace gatehouse::http
