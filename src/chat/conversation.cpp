#include "chat/conversation.h"

#include "json/codec.h"
#include "json/write.h"

namespace gatehouse::chat {
namespace {

constexpr std::size_t kTitleLength = 60;  // code points
constexpr std::size_t kTitleWord = 12;    // so far back a word's end is looked for

json::Object openai_message(std::string_view role, json::Value content) {
  return {{"role", role}, {"content", std::move(content)}};
}

bool is_history(const MessageRow& row) {
  return row.text && !row.text->empty() &&
         (row.status == MessageStatus::complete || row.status == MessageStatus::stopped);
}

/// Where the posted message takes the place of stored ones, as an index; their number if it replaces none.
std::size_t replaced_index(const std::vector<MessageRow>& stored, const PostedMessages& posted) {
  if (posted.message_id) {
    auto found = std::ranges::find(stored, *posted.message_id, &MessageRow::id);
    if (found != stored.end()) {
      auto index = static_cast<std::size_t>(found - stored.begin());
      bool is_question = posted.trigger == Trigger::regenerate_message && found->role == MessageRole::user;
      return is_question ? index + 1 : index;
    }
  }
  if (posted.trigger != Trigger::regenerate_message) return stored.size();
  // No id of ours: the last answer, if the chat ends with one.
  auto index = stored.size();
  while (index > 0 && stored[index - 1].role == MessageRole::assistant) --index;
  return index;
}

}  // namespace

Result<Conversation> from_stored(const std::vector<MessageRow>& stored, const PostedMessages& posted) {
  Conversation conversation;
  auto end = replaced_index(stored, posted);
  if (end < stored.size()) conversation.replaced_from = stored[end].created_at;
  for (std::size_t i = 0; i < end; ++i)
    if (is_history(stored[i]))
      conversation.messages.push_back(
          openai_message(pg::label(stored[i].role), json::Value(*stored[i].text)));
  if (posted.trigger == Trigger::regenerate_message) {
    conversation.stores_user_message = false;
    if (conversation.messages.empty() || conversation.messages.back().at("role") != "user")
      return fail(ErrorCode::conflict, "There is no answer to make again");
  } else {
    conversation.messages.push_back(openai_message("user", posted.messages.back().content));
  }
  return conversation;
}

Conversation from_posted(const std::vector<MessageRow>& stored, const PostedMessages& posted) {
  Conversation conversation;
  if (auto index = replaced_index(stored, posted); index < stored.size())
    conversation.replaced_from = stored[index].created_at;
  conversation.stores_user_message = posted.trigger != Trigger::regenerate_message;
  for (const auto& message : posted.messages)
    if (message.role == "user" || !message.text.empty())
      conversation.messages.push_back(openai_message(message.role, message.content));
  return conversation;
}

std::string title_of(std::string_view text) {
  std::string title;
  std::size_t length = 0, word_end = 0;
  bool space = false;
  while (!text.empty()) {
    auto size = std::max<std::size_t>(json::utf8_length(text), 1);
    if (size == 1 && static_cast<unsigned char>(text[0]) <= ' ') {
      space = !title.empty();
      text.remove_prefix(1);
      continue;
    }
    if (space) word_end = title.size();
    if (length + (space ? 1 : 0) >= kTitleLength) {
      if (!space && word_end > 0 && title.size() - word_end <= kTitleWord) title.resize(word_end);
      return title + "…";
    }
    if (space) {
      title += ' ';
      ++length;
    }
    space = false;
    title += text.substr(0, size);
    ++length;
    text.remove_prefix(size);
  }
  return title;
}

}  // namespace gatehouse::chat
