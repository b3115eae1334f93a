// Images, audio and files in a request: what no detector can read, told from text that only looks like it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace gatehouse::policy {

/// A content part that carries an image, audio or a file (OpenAI chat and responses, Anthropic).
bool is_unscannable_part(const boost::json::object&);

/// The string of such a part that holds its bytes, at the one place where parts of this type have it; null if
/// it is not there.
const boost::json::string* find_payload(const boost::json::object& part);

/// What a text is that holds encoded bytes: `data:<media type>;base64,<base64>`, or base64 alone.
struct Payload {
  std::uint32_t header = 0;  // bytes before the base64
  /// The encoded bytes are an image, a sound, a film or a binary document by their first bytes, and no text.
  bool binary = false;
  std::string decoded;  // unless binary
};

/// Nothing if the text is no such thing: shorter than 64 characters, or not canonical base64 (RFC 4648 §4).
std::optional<Payload> read_payload(std::string_view text);

}  // namespace gatehouse::policy
