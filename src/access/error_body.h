// How a failure is written: RFC 9457 problems for the control plane, OpenAI's error object for `/v1`, SCIM's
// for `/scim`.
#pragma once

#include <string_view>

#include "access/operation.h"
#include "http/message.h"

namespace gatehouse::access {

http::Response error_response(const Error&, ErrorStyle, std::string_view path, std::string_view request_id);

/// As clients of this path expect it, for what is no operation's: OpenAI's SDKs on `/v1`, directories on
/// `/scim`, problems elsewhere.
http::Response error_response(const Error&, std::string_view path, std::string_view request_id);

/// `{"error": {"message", "type", "param", "code"}}` with the status classes that OpenAI's SDKs turn into
/// their typed exceptions; also what a stream carries when it fails midway.
std::string openai_error_body(const Error&);

}  // namespace gatehouse::access
