#include "chat/chats_store.h"

namespace gatehouse::chat {
namespace {

#define GH_CHAT                                                                                         \
  "id, user_id, workspace_id, title, model, is_pinned, is_archived, tags, message_count, total_tokens," \
  " total_cost, created_at, updated_at"
#define GH_CHATS_FILTERED                                                                                    \
  " and is_archived = $3 and ($4::text is null or title ilike $4) and ($5::text is null or $5 = any (tags))" \
  " and ($6::timestamptz is null or (updated_at, id) < ($6, $7)) order by updated_at desc, id desc limit $8"

constexpr pg::Statement kListChats{
    "chats.list",
    "select " GH_CHAT " from chats where organization_id = $1 and user_id = $2" GH_CHATS_FILTERED};
constexpr pg::Statement kListShared{
    "chats.list_shared",
    "select " GH_CHAT " from chats where organization_id = $1 and id = any ($2)" GH_CHATS_FILTERED};
constexpr pg::Statement kGetChat{"chats.get",
                                 "select " GH_CHAT " from chats where organization_id = $1 and id = $2"};
constexpr pg::Statement kListMessages{
    "chats.list_messages",
    "with newest as (select *, case role when 'user' then coalesce(asked_by_user_id, user_id) end as asked_by"
    " from messages where organization_id = $1 and chat_id = $2 order by created_at desc, id desc limit $3),"
    " people as materialized (select id, name from users where id = current_user_id() union all"
    " select id, name from users where current_reach() = 'organization'"
    " and id in (select asked_by from newest)"
    " union all select user_id, name from people_of_my_chats() where current_reach() <> 'organization'"
    " and exists (select from newest where asked_by <> current_user_id()))"
    " select id, created_at, role, status, text, model, input_tokens, output_tokens, cost, decision,"
    " asked_by, (select name from people where people.id = asked_by limit 1) as asked_by_name"
    " from newest order by created_at, id"};
constexpr pg::Statement kFindMessage{
    "chats.find_message", "select id from messages where organization_id = $1 and id = $2 limit 1"};
constexpr pg::Statement kInsertChat{
    "chats.insert",
    "insert into chats (organization_id, id, user_id, workspace_id, title, model)"
    " values ($1, $2, $3, $4, $5, $6) returning " GH_CHAT};
constexpr pg::Statement kUpdateChat{"chats.update",
                                    "update chats set title = $3, is_pinned = $4, is_archived = $5, tags = $6"
                                    " where organization_id = $1 and id = $2 returning " GH_CHAT};

#undef GH_CHAT
#undef GH_CHATS_FILTERED

constexpr pg::Statement kDeleteChat{"chats.delete",
                                    "delete from chats where organization_id = $1 and id = $2"};
constexpr pg::Statement kDeleteMessagesFrom{
    "chats.delete_messages_from",
    "delete from messages where organization_id = $1 and chat_id = $2 and created_at >= $3"};
constexpr pg::Statement kInsertMessage{
    "chats.insert_message",
    "insert into messages (organization_id, id, created_at, chat_id, user_id, workspace_id, role, status,"
    " text, model, decision, asked_by_user_id) values ($1, $2, $3, $4, $5,"
    " (select workspace_id from chats where organization_id = $1 and id = $4), $6, $7, $8, $9, $10,"
    " nullif($11::uuid, $5))"};
constexpr pg::Statement kTouchChat{
    "chats.touch",
    "update chats set model = $3, title = coalesce(title, $4), updated_at = clock_timestamp(),"
    " message_count = (select count(*) from messages where organization_id = $1 and chat_id = $2)"
    " where organization_id = $1 and id = $2"};
constexpr pg::Statement kFinishMessage{
    "chats.finish_message",
    "update messages set status = $4, text = $5, input_tokens = $6, output_tokens = $7, cost = $8,"
    " decision = $9 where organization_id = $1 and id = $2 and created_at = $3"};
constexpr pg::Statement kAddTotals{
    "chats.add_totals",
    "update chats set total_tokens = total_tokens + $3, total_cost = total_cost + $4,"
    " updated_at = clock_timestamp() where organization_id = $1 and id = $2"};

/// `like` without wildcards of the person's own.
std::string contains_pattern(std::string_view text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

void add_list_chats(pg::Batch& batch, OrganizationId organization, const ChatsOf& whose,
                    const ChatFilter& filter, std::optional<ChatCursor> cursor, int limit) {
  std::optional<std::string> pattern;
  if (filter.title_has) pattern = contains_pattern(*filter.title_has);
  std::optional<Timestamp> updated_at;
  std::optional<ChatId> id;
  if (cursor) {
    updated_at = cursor->updated_at;
    id = cursor->id;
  }
  auto most = static_cast<std::int64_t>(limit);
  if (const auto* user = std::get_if<UserId>(&whose))
    batch.add(kListChats,
              pg::params(organization, *user, filter.archived, pattern, filter.tag, updated_at, id, most));
  else
    batch.add(kListShared, pg::params(organization, std::get<std::vector<Uuid>>(whose), filter.archived,
                                      pattern, filter.tag, updated_at, id, most));
}

void add_get_chat(pg::Batch& batch, OrganizationId organization, ChatId chat) {
  batch.add(kGetChat, pg::params(organization, chat));
}

void add_list_messages(pg::Batch& batch, OrganizationId organization, ChatId chat) {
  batch.add(kListMessages, pg::params(organization, chat, static_cast<std::int64_t>(kMostMessagesShown)));
}

void add_find_message(pg::Batch& batch, OrganizationId organization, MessageId message) {
  batch.add(kFindMessage, pg::params(organization, message));
}

void add_insert_chat(pg::Batch& batch, OrganizationId organization, const ChatRow& row) {
  batch.add(kInsertChat,
            pg::params(organization, row.id, row.user_id, row.workspace_id, row.title, row.model));
}

void add_update_chat(pg::Batch& batch, OrganizationId organization, const ChatRow& row) {
  batch.add(kUpdateChat,
            pg::params(organization, row.id, row.title, row.is_pinned, row.is_archived, row.tags));
}

void add_delete_chat(pg::Batch& batch, OrganizationId organization, ChatId chat) {
  batch.add(kDeleteChat, pg::params(organization, chat));
}

void add_delete_messages_from(pg::Batch& batch, OrganizationId organization, ChatId chat, Timestamp from) {
  batch.add(kDeleteMessagesFrom, pg::params(organization, chat, from));
}

void add_insert_message(pg::Batch& batch, OrganizationId organization, UserId user, ChatId chat,
                        const MessageRow& row) {
  batch.add(kInsertMessage, pg::params(organization, row.id, row.created_at, chat, user, row.role, row.status,
                                       row.text, row.model, row.decision, row.asked_by));
}

void add_touch_chat(pg::Batch& batch, OrganizationId organization, ChatId chat, const std::string& model,
                    const std::optional<std::string>& title) {
  batch.add(kTouchChat, pg::params(organization, chat, model, title));
}

void add_finish_message(pg::Batch& batch, OrganizationId organization, ChatId chat, const MessageRow& row) {
  batch.add(kFinishMessage, pg::params(organization, row.id, row.created_at, row.status, row.text,
                                       row.input_tokens, row.output_tokens, row.cost, row.decision));
  batch.add(kAddTotals, pg::params(organization, chat, row.input_tokens + row.output_tokens, row.cost));
}

}  // namespace gatehouse::chat
