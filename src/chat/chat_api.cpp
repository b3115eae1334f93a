#include "chat/chat_api.h"

#include <charconv>

#include "access/granted.h"
#include "access/page.h"
#include "access/workspace_access.h"
#include "chat/chat_views.h"
#include "chat/message_api.h"
#include "json/bounded.h"
#include "json/codec.h"
#include "models/model_call.h"

namespace gatehouse::chat {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;

using Title = json::Name<255>;
using Tag = json::Name<40>;
using ModelName = json::Text<1, 200>;

constexpr std::string_view kDefaultModel = "demo/assistant";

struct ChatsQuery {
  std::optional<json::Text<1, 200>> q;
  json::Defaulted<bool> archived = false;
  json::Defaulted<bool> shared = false;  // those of others that were shared with the caller, instead
  std::optional<Tag> tag;
  access::PageLimit limit = 50;
  access::PageToken page_token;
};
BOOST_DESCRIBE_STRUCT(ChatsQuery, (), (q, archived, shared, tag, limit, page_token))

/// Without a model the organization's first is taken. A title is not kept in metadata_only.
struct CreateChat {
  std::optional<ChatId> id;
  std::optional<Title> title;
  std::optional<ModelName> model;
  std::optional<WorkspaceId> workspace_id;
};
BOOST_DESCRIBE_STRUCT(CreateChat, (), (id, title, model, workspace_id))

/// Titles and tags are a person's words: not kept in metadata_only.
struct UpdateChat {
  json::Patch<Title> title;
  std::optional<bool> is_pinned;
  std::optional<bool> is_archived;
  std::optional<json::List<Tag, 20>> tags;
};
BOOST_DESCRIBE_STRUCT(UpdateChat, (), (title, is_pinned, is_archived, tags))

std::string write_cursor(const ChatRow& row) {
  return std::to_string(row.updated_at.time_since_epoch().count()) + "|" + row.id.to_string();
}

std::optional<ChatCursor> read_cursor(std::string_view text) {
  auto bar = text.find('|');
  if (bar == text.npos) return std::nullopt;
  std::int64_t micros = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + bar, micros);
  auto id = ChatId::parse(text.substr(bar + 1));
  if (error != std::errc{} || end != text.data() + bar || !id) return std::nullopt;
  return ChatCursor{.updated_at = Timestamp(std::chrono::microseconds(micros)), .id = *id};
}

Task<Result<access::Page<ChatView>>> list(Call& call, Chats& chats, ChatsQuery query) {
  std::optional<ChatCursor> cursor;
  if (query.page_token) {
    GH_CO_TRY(auto text, access::open_page_token(call, *query.page_token));
    cursor = read_cursor(text);
    if (!cursor) co_return fail(ErrorCode::invalid_page_token);
  }
  ChatFilter filter{.archived = *query.archived};
  if (query.q) filter.title_has = query.q->str();
  if (query.tag) filter.tag = query.tag->str();
  auto limit = static_cast<std::size_t>(query.limit->value());
  ChatsOf whose = call.user();
  if (*query.shared) whose = call.grants();
  pg::Batch batch;
  add_list_chats(batch, call.organization(), whose, filter, cursor, static_cast<int>(limit) + 1);
  auto rows = co_await call.read(std::move(batch));
  auto found = rows[0].as<ChatRow>();
  access::Page<ChatView> page;
  if (found.size() > limit) {
    found.resize(limit);
    page.next_page_token = access::make_page_token(call, write_cursor(found.back()));
  }
  for (auto& row : found) {
    bool is_streaming = chats.streams().find(call.organization(), row.id) != nullptr;
    page.data.push_back(view(std::move(row), is_streaming));
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<access::Created<ChatView>>> create(Call& call, CreateChat wanted) {
  auto catalogue = co_await call.tenant().part<models::Catalogue>();
  std::string model;
  if (wanted.model) {
    GH_CO_TRY(auto route, co_await models::ModelCall::find_route(call, wanted.model->str()));
    model = route->name;
  } else if (catalogue->find(kDefaultModel) || catalogue->routes().empty()) {
    model = kDefaultModel;
  } else {
    model = catalogue->routes().front()->name;
  }
  auto workspace = wanted.workspace_id.value_or(call.workspace());
  if (workspace.is_nil()) co_return fail(ErrorCode::workspace_required);
  if (!co_await access::may_use_workspace(call.tenant(), call.user(), Reach::own, workspace))
    co_return fail(ErrorCode::not_found, "There is no such workspace, or you may not use it");
  ChatRow row{.id = wanted.id.value_or(ChatId::make()),
              .user_id = call.user(),
              .workspace_id = workspace,
              .model = std::move(model)};
  if (wanted.title && call.stores_content()) row.title = wanted.title->str();
  pg::Batch batch;
  add_insert_chat(batch, call.organization(), row);
  auto rows = co_await call.write(std::move(batch));
  call.audit().resource_id = row.id.to_string();
  call.audit().payload["model"] = row.model;
  co_return access::Created{view(rows[0].one<ChatRow>(), false)};
}

/// All of one's own chat; of another's what was granted, and to read it, as it is being read.
Task<std::vector<AclAction>> actions_on(Call& call, const ChatRow& chat) {
  if (chat.user_id == call.user())
    co_return std::vector{AclAction::REA, AclAction::WRI, AclAction::UPD, AclAction::MNG};
  auto actions = co_await access::granted_actions(call, ResourceKind::CHT, chat.id.value);
  if (std::ranges::find(actions, AclAction::REA) == actions.end())
    actions.insert(actions.begin(), AclAction::REA);
  co_return actions;
}

Task<Result<ChatDetail>> get(Call& call, Chats& chats, ChatId id) {
  pg::Batch batch;
  add_get_chat(batch, call.organization(), id);
  add_list_messages(batch, call.organization(), id);
  auto rows = co_await call.read(std::move(batch));
  auto chat = rows[0].find_one<ChatRow>();
  if (!chat) co_return fail(ErrorCode::not_found);
  bool is_streaming = chats.streams().find(call.organization(), id) != nullptr;
  auto actions = co_await actions_on(call, *chat);
  ChatDetail detail{.chat = view(std::move(*chat), is_streaming), .actions = std::move(actions)};
  for (auto& row : rows[1].as<MessageRow>()) detail.messages.push_back(view(std::move(row)));
  call.audit().resource_id = id.to_string();
  call.audit().payload["messages"] = detail.messages.size();
  co_return detail;
}

Task<Result<ChatView>> update(Call& call, Chats& chats, ChatId id, UpdateChat wanted) {
  pg::Batch find;
  add_get_chat(find, call.organization(), id);
  auto rows = co_await call.write(std::move(find));
  auto row = rows[0].find_one<ChatRow>();
  if (!row || !co_await may_change(call, *row)) co_return fail(ErrorCode::not_found);
  if (wanted.is_pinned && row->user_id != call.user())
    co_return fail(ErrorCode::forbidden, "Only its owner pins a chat");
  json::Array changed;
  if (wanted.title.is_present() && call.stores_content()) {
    row->title = wanted.title.has_value() ? std::optional(wanted.title.value().str()) : std::nullopt;
    changed.emplace_back("title");
  }
  if (wanted.is_pinned) {
    row->is_pinned = *wanted.is_pinned;
    changed.emplace_back("is_pinned");
  }
  if (wanted.is_archived) {
    row->is_archived = *wanted.is_archived;
    changed.emplace_back("is_archived");
  }
  if (wanted.tags && call.stores_content()) {
    row->tags.clear();
    for (const auto& tag : *wanted.tags)
      if (std::ranges::find(row->tags, tag.str()) == row->tags.end()) row->tags.push_back(tag.str());
    changed.emplace_back("tags");
  }
  pg::Batch batch;
  add_update_chat(batch, call.organization(), *row);
  auto updated = co_await call.write(std::move(batch));
  call.audit().resource_id = id.to_string();
  call.audit().payload["changed"] = std::move(changed);
  bool is_streaming = chats.streams().find(call.organization(), id) != nullptr;
  co_return view(updated[0].one<ChatRow>(), is_streaming);
}

Task<Result<access::NoContent>> remove(Call& call, Chats& chats, ChatId id) {
  pg::Batch batch;
  add_delete_chat(batch, call.organization(), id);
  auto rows = co_await call.write(std::move(batch));
  if (rows[0].affected() == 0) co_return fail(ErrorCode::not_found);
  if (auto stream = chats.streams().find(call.organization(), id)) stream->stop();
  call.audit().resource_id = id.to_string();
  co_return access::NoContent{};
}

}  // namespace

void add_operations(access::Operations& operations, models::Gateway& gateway, Chats& chats) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/chats",
       .id = "listChats",
       .summary = "Your chats, newest activity first",
       .tag = "chat",
       .permission = Permission::chats_read,
       .audit_action = "chat.list",
       .rate = access::RateClass::read,
       .resource = access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::REA}},
      [&chats](Call& call, Input<None, ChatsQuery> in) { return list(call, chats, std::move(in.query)); });
  operations.add(
      {.method = http::Method::post,
       .path = "/api/chats",
       .id = "createChat",
       .summary = "Begin a chat",
       .tag = "chat",
       .permission = Permission::chats_write,
       .audit_action = "chat.create",
       .rate = access::RateClass::write,
       .idempotent = true,
       .failures = {ErrorCode::already_exists, ErrorCode::model_not_found}},
      [](Call& call, Input<None, None, CreateChat> in) { return create(call, std::move(in.body)); });
  operations.add(
      {.method = http::Method::get,
       .path = "/api/chats/{chat_id}",
       .id = "getChat",
       .summary = "One chat with its messages",
       .tag = "chat",
       .permission = Permission::chats_read,
       .audit_action = "chat.read",
       .rate = access::RateClass::read,
       .resource =
           access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::REA, .parameter = "chat_id"}},
      [&chats](Call& call, Input<ChatPath> in) { return get(call, chats, in.path.chat_id); });
  operations.add(
      {.method = http::Method::patch,
       .path = "/api/chats/{chat_id}",
       .id = "updateChat",
       .summary = "Rename, pin, archive or tag a chat",
       .tag = "chat",
       .permission = Permission::chats_write,
       .audit_action = "chat.update",
       .rate = access::RateClass::write,
       .resource =
           access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::UPD, .parameter = "chat_id"}},
      [&chats](Call& call, Input<ChatPath, None, UpdateChat> in) {
        return update(call, chats, in.path.chat_id, std::move(in.body));
      });
  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/chats/{chat_id}",
       .id = "deleteChat",
       .summary = "Delete a chat and its messages",
       .tag = "chat",
       .permission = Permission::chats_write,
       .audit_action = "chat.delete",
       .rate = access::RateClass::write,
       .resource =
           access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::MNG, .parameter = "chat_id"}},
      [&chats](Call& call, Input<ChatPath> in) { return remove(call, chats, in.path.chat_id); });
  add_message_operations(operations, gateway, chats);
}

}  // namespace gatehouse::chat
