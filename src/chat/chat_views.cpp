#include "chat/chat_views.h"

#include "json/codec.h"

namespace gatehouse::chat {

Task<bool> may_change(const access::Call& call, ChatRow chat) {
  if (chat.user_id != call.user() && !call.grant()) co_return false;
  co_return !co_await call.audits(chat.workspace_id);
}

ChatView view(ChatRow row, bool is_streaming) {
  return {.id = row.id,
          .title = std::move(row.title),
          .model = std::move(row.model),
          .workspace_id = row.workspace_id,
          .user_id = row.user_id,
          .is_pinned = row.is_pinned,
          .is_archived = row.is_archived,
          .tags = std::move(row.tags),
          .message_count = row.message_count,
          .total_tokens = row.total_tokens,
          .total_cost = row.total_cost,
          .is_streaming = is_streaming,
          .created_at = row.created_at,
          .updated_at = row.updated_at};
}

MessageView view(MessageRow row) {
  MessageView shown{.id = row.id,
                    .role = row.role,
                    .status = row.status,
                    .text = std::move(row.text),
                    .model = std::move(row.model),
                    .input_tokens = row.input_tokens,
                    .output_tokens = row.output_tokens,
                    .cost = row.cost,
                    .created_at = row.created_at};
  if (row.decision)
    if (auto decision = json::decode_text<policy::DecisionView>(row.decision->text))
      shown.decision = std::move(*decision);
  if (row.asked_by)
    shown.asked_by = AskerView{.user_id = *row.asked_by, .name = std::move(row.asked_by_name)};
  return shown;
}

}  // namespace gatehouse::chat
