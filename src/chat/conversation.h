// What a model is sent of a chat, and what the chat keeps of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "chat/chats_store.h"
#include "chat/ui_message.h"
#include "json/value.h"

namespace gatehouse::chat {

/// The history to answer, and the stored messages that give way to it.
struct Conversation {
  json::Array messages;  // OpenAI's, ends with the user's
  /// Stored messages from this time on go: those edited or answered anew.
  std::optional<Timestamp> replaced_from;
  /// A user's message to be stored; regenerating an answer stores none.
  bool stores_user_message = true;
};

/// full_content: the stored history counts, of what was posted only the last message does. Answers that did
/// not end well are left out of the history. Errors: conflict if there is nothing to make again.
Result<Conversation> from_stored(const std::vector<MessageRow>& stored, const PostedMessages& posted);
/// metadata_only: what was posted counts; stored rows hold no text.
Conversation from_posted(const std::vector<MessageRow>& stored, const PostedMessages& posted);

/// The first 60 characters, white space collapsed, cut at a word where one ends near; empty if there are
/// none.
std::string title_of(std::string_view text);

}  // namespace gatehouse::chat
