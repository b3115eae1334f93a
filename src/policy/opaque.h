// Images, audio and files in a request: what no detector can read.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

namespace gatehouse::policy {

/// A content part that carries an image, audio or a file (OpenAI chat and responses, Anthropic).
bool is_unscannable_part(const boost::json::object&);

/// The encoded bytes within such a part: a base64 `data:` URL, or 64 and more base64 characters under a name
/// that holds data. Everything else in the part is scanned.
bool is_opaque_payload(std::string_view key, const boost::json::value&);

}  // namespace gatehouse::policy
