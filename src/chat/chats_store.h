// Rows of chats and messages, and the SQL of both.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "base/time.h"
#include "domain/ids.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::chat {

enum class MessageRole { user, assistant };
BOOST_DESCRIBE_ENUM(MessageRole, user, assistant)

enum class MessageStatus { complete, streaming, stopped, failed, blocked, unknown };
BOOST_DESCRIBE_ENUM(MessageStatus, complete, streaming, stopped, failed, blocked, unknown)

struct ChatRow {
  ChatId id;
  UserId user_id;
  WorkspaceId workspace_id;
  std::optional<std::string> title;
  std::string model;
  bool is_pinned = false;
  bool is_archived = false;
  std::vector<std::string> tags;
  std::int64_t message_count = 0;
  std::int64_t total_tokens = 0;
  std::int64_t total_cost = 0;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ChatRow, (),
                      (id, user_id, workspace_id, title, model, is_pinned, is_archived, tags, message_count,
                       total_tokens, total_cost, created_at, updated_at))

struct MessageRow {
  MessageId id;
  Timestamp created_at;
  MessageRole role = MessageRole::user;
  MessageStatus status = MessageStatus::complete;
  std::optional<std::string> text;  // null in metadata_only
  std::string model;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;
  std::optional<pg::Json> decision;          // a policy::DecisionView
  std::optional<UserId> asked_by;            // of a question
  std::optional<std::string> asked_by_name;  // read only; null if they are gone
};
BOOST_DESCRIBE_STRUCT(MessageRow, (),
                      (id, created_at, role, status, text, model, input_tokens, output_tokens, cost, decision,
                       asked_by, asked_by_name))

struct ChatFilter {
  std::optional<std::string> title_has;  // any case
  bool archived = false;
  std::optional<std::string> tag;
};
struct ChatCursor {
  Timestamp updated_at;
  ChatId id;
};

inline constexpr int kMostMessagesShown = 1000;

/// A person's chats, or those of these ids that the caller may read.
using ChatsOf = std::variant<UserId, std::vector<Uuid>>;
/// Newest activity first, after the cursor.
void add_list_chats(pg::Batch&, OrganizationId, const ChatsOf&, const ChatFilter&, std::optional<ChatCursor>,
                    int limit);
void add_get_chat(pg::Batch&, OrganizationId, ChatId);
/// The newest kMostMessagesShown, oldest first.
void add_list_messages(pg::Batch&, OrganizationId, ChatId);
/// Whether any message has this id.
void add_find_message(pg::Batch&, OrganizationId, MessageId);

/// Gives the row.
void add_insert_chat(pg::Batch&, OrganizationId, const ChatRow&);
/// title, is_pinned, is_archived and tags; the place in the list stays. Gives the row.
void add_update_chat(pg::Batch&, OrganizationId, const ChatRow&);
/// One's own, or one that a grant opens.
void add_delete_chat(pg::Batch&, OrganizationId, ChatId);

/// Of a chat, those from this time on.
void add_delete_messages_from(pg::Batch&, OrganizationId, ChatId, Timestamp from);
void add_insert_message(pg::Batch&, OrganizationId, UserId, ChatId, const MessageRow&);
/// Sets model, count of messages and updated_at; the title if it has none and one is given.
void add_touch_chat(pg::Batch&, OrganizationId, ChatId, const std::string& model,
                    const std::optional<std::string>& title);
/// The answer as it ended, and its tokens and cost added to the chat's totals.
void add_finish_message(pg::Batch&, OrganizationId, ChatId, const MessageRow&);

}  // namespace gatehouse::chat
