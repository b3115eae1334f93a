// What the browser posts (AI SDK): `{id, messages: [UIMessage…], trigger, messageId?, model?}`. Nothing of it
// is trusted: of a message its role and its text and file parts count, everything else is left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "base/error.h"
#include "domain/ids.h"
#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::chat {

enum class Trigger { submit_message, regenerate_message };

inline constexpr std::size_t kMaxPostedBody = 10 << 20;

struct PostedMessage {
  std::string id;
  std::string role;     // `user` or `assistant`
  json::Value content;  // a string, or an array of OpenAI's content parts
  std::string text;     // the text parts alone
};

struct PostedMessages {
  std::vector<PostedMessage> messages;
  Trigger trigger = Trigger::submit_message;
  /// The message that is edited or made again. Nothing if it is none of ours.
  std::optional<MessageId> message_id;
  std::optional<std::string> model;
};

/// Errors: malformed_json; validation_failed for what is no such request, for a message that is neither the
/// user's nor the assistant's, for a last message that is not the user's on submit, and for an empty one.
/// A regeneration's trailing answer is dropped.
Result<PostedMessages> parse_posted(std::string_view body);

}  // namespace gatehouse::chat
