// Chats and messages as the API shows them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/operation.h"
#include "chat/active_streams.h"
#include "chat/chats_store.h"
#include "policy/decision_api.h"

namespace gatehouse::chat {

struct ChatView {
  ChatId id;
  std::optional<std::string> title;  // null in metadata_only
  std::string model;
  WorkspaceId workspace_id;
  UserId user_id;
  bool is_pinned = false;
  bool is_archived = false;
  std::vector<std::string> tags;
  std::int64_t message_count = 0;
  std::int64_t total_tokens = 0;
  std::int64_t total_cost = 0;  // microdollars
  bool is_streaming = false;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ChatView, (),
                      (id, title, model, workspace_id, user_id, is_pinned, is_archived, tags, message_count,
                       total_tokens, total_cost, is_streaming, created_at, updated_at))

/// Whose question it is: in a shared chat not always its owner's.
struct AskerView {
  UserId user_id;
  std::optional<std::string> name;  // null: of somebody who is gone
};
BOOST_DESCRIBE_STRUCT(AskerView, (), (user_id, name))

struct MessageView {
  MessageId id;
  MessageRole role = MessageRole::user;
  MessageStatus status = MessageStatus::complete;
  std::optional<std::string> text;  // after policy; null in metadata_only
  std::string model;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;  // microdollars
  std::optional<policy::DecisionView> decision;
  Timestamp created_at;
  std::optional<AskerView> asked_by;  // null: an answer
};
BOOST_DESCRIBE_STRUCT(MessageView, (),
                      (id, role, status, text, model, input_tokens, output_tokens, cost, decision, created_at,
                       asked_by))

struct ChatDetail {
  ChatView chat;
  std::vector<MessageView> messages;
  std::vector<AclAction> actions;  // what the caller may do with it
};
BOOST_DESCRIBE_STRUCT(ChatDetail, (), (chat, messages, actions))

struct ChatPath {
  ChatId chat_id;
};
BOOST_DESCRIBE_STRUCT(ChatPath, (), (chat_id))

/// One's own, or opened by a grant for this operation; an administrator's reach is for reading.
Task<bool> may_change(const access::Call&, ChatRow);

ChatView view(ChatRow, bool is_streaming);
MessageView view(MessageRow);

}  // namespace gatehouse::chat
