#include "chat/message_api.h"

#include "access/workspace_access.h"
#include "chat/answer_run.h"
#include "chat/chat_views.h"
#include "chat/ui_message.h"
#include "http/sse.h"
#include "json/codec.h"
#include "models/completion_request.h"

namespace gatehouse::chat {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::chrono::milliseconds kAskEvery{500};

struct Found {
  ChatRow chat;
  std::vector<MessageRow> messages;
  bool message_id_taken = false;
};

/// A stream of the chat lasts as long as what opened it: the chat's workspace to its owner, to anybody else a
/// grant.
Task<void> take_stand(Call& call, ChatRow chat) {
  if (chat.user_id == call.user() &&
      co_await access::may_use_workspace(call.tenant(), call.user(), Reach::own, chat.workspace_id))
    call.standing().stand_in(chat.workspace_id);
  else if (call.grant())
    call.standing().stand_on_grant();
}

/// One's own chat, or one that a grant opens, with its messages. Errors: not_found.
Task<Result<Found>> find_open(Call& call, ChatId id, std::optional<MessageId> new_message) {
  pg::Batch batch;
  add_get_chat(batch, call.organization(), id);
  add_list_messages(batch, call.organization(), id);
  if (new_message) add_find_message(batch, call.organization(), *new_message);
  auto rows = co_await call.read(std::move(batch));
  auto chat = rows[0].find_one<ChatRow>();
  if (!chat || !co_await may_change(call, *chat)) co_return fail(ErrorCode::not_found);
  co_await take_stand(call, *chat);
  co_return Found{.chat = std::move(*chat),
                  .messages = rows[1].as<MessageRow>(),
                  .message_id_taken = new_message && !rows[2].empty()};
}

/// What was asked, after policy: never the text as it was typed. A text that several parts make together, and
/// the title, are others than those that were judged, and are judged as they will be stored; what is blocked
/// is not.
Task<Question> make_question(Call& call, Found found, Conversation conversation, PostedMessages posted,
                             const models::ModelCall& model, MessageId answer) {
  Question question{
      .model = model.route().name, .replaced_from = conversation.replaced_from, .answer = answer};
  if (conversation.stores_user_message) {
    MessageRow row{.id = MessageId::parse(posted.messages.back().id).value_or(MessageId::make()),
                   .role = MessageRole::user,
                   .model = model.route().name,
                   .decision = pg::Json{
                       json::encode(policy::view_of(model.prompt_decision(), policy::Direction::prompt))}};
    if (call.stores_content()) {
      const auto& sent = model.cleared().document().as_object().at("messages").as_array();
      const auto& content = sent.back().as_object().at("content");
      row.text = models::content_text(content);
      if (!content.is_string()) row.text = co_await model.text_to_keep(std::move(*row.text));
      if (!found.chat.title && row.text)
        if (auto title = title_of(*row.text); !title.empty())
          question.title = co_await model.text_to_keep(std::move(title));
    }
    question.user_message = std::move(row);
  }
  question.chat = std::move(found.chat);
  co_return question;
}

Task<Result<access::Streamed>> send(Call& call, models::Gateway& gateway, Chats& chats, ChatId id,
                                    std::string body) {
  GH_CO_TRY(auto posted, parse_posted(body));
  body = {};
  bool is_new = posted.trigger == Trigger::submit_message;
  auto message_id = is_new ? MessageId::parse(posted.messages.back().id) : std::nullopt;
  GH_CO_TRY(auto found, co_await find_open(call, id, message_id));
  if (chats.streams().find(call.organization(), id)) co_return fail(ErrorCode::stream_in_progress);
  if (found.message_id_taken && posted.message_id != message_id)
    co_return fail(ErrorCode::already_exists, "This message was sent before");
  GH_CO_TRY(auto route,
            co_await models::ModelCall::find_route(call, posted.model.value_or(found.chat.model)));
  Conversation conversation;
  if (call.stores_content()) {
    GH_CO_TRY(conversation, from_stored(found.messages, posted));
  } else {
    conversation = from_posted(found.messages, posted);
  }
  auto answer = MessageId::make();
  json::Object document{{"messages", std::move(conversation.messages)}};
  GH_CO_TRY(auto model, co_await models::ModelCall::clear(call, gateway,
                                                          {.route = std::move(route),
                                                           .document = std::move(document),
                                                           .stream = true,
                                                           .answer = {.frames = false},
                                                           .chat = id,
                                                           .message = answer,
                                                           .workspace = found.chat.workspace_id}));
  auto question = co_await make_question(call, std::move(found), std::move(conversation), std::move(posted),
                                         *model, answer);
  auto place = chats.streams().enter(
      call.organization(), id, call.reactor().executor(), [model = model.get()] { model->stop(); },
      call.stores_content());
  if (!place) co_return fail(ErrorCode::stream_in_progress);
  co_await model->begin();
  co_await AnswerRun(call, *model, *place, std::move(question)).run();
  co_return access::Streamed{};
}

/// A subscription is one event, at its opening.
Task<void> record_opening(Call& call, ChatId id) {
  call.audit().resource_id = id.to_string();
  auto event = co_await call.make_event(audit::EventOutcome::success);
  co_await call.reactor().region(call.region()).appender->append(std::move(event));
  call.mark_audited();
}

Task<Result<access::Streamed>> resume(Call& call, Chats& chats, ChatId id) {
  GH_CO_TRY(auto found, co_await find_open(call, id, std::nullopt));
  co_await record_opening(call, id);
  auto& exchange = call.exchange();
  auto active = chats.streams().find(call.organization(), id);
  auto frames = active ? co_await active->read(0, std::chrono::seconds(1)) : std::nullopt;
  if (!frames) {
    co_await exchange.respond({.status = 204});
    co_return access::Streamed{};
  }
  std::size_t from = frames->size();
  bool there = co_await exchange.start_stream(200, ui_stream_headers(), *frames);
  auto written_at = Clock::now(), asked_at = written_at;
  while (there) {
    frames = co_await active->read(from, kAskEvery);
    if (!frames) break;
    from += frames->size();
    if (Clock::now() - asked_at >= kAskEvery) {
      // Who follows an answer may lose the right to it while its author goes on.
      if (auto stands = co_await call.standing().check(call.reactor()); !stands) {
        const auto& error = stands.error();
        auto text = error.detail.empty() ? std::string(info(error.code).title) : error.detail;
        co_await exchange.finish(UiStream(MessageId{}).failed(text));
        co_return access::Streamed{};
      }
      asked_at = Clock::now();
    }
    if (frames->empty() && Clock::now() - written_at < kHeartbeat) continue;
    there = co_await exchange.write(frames->empty() ? http::kSseHeartbeat : std::string_view(*frames));
    written_at = Clock::now();
  }
  if (there) co_await exchange.finish();
  co_return access::Streamed{};
}

Task<Result<access::NoContent>> stop(Call& call, Chats& chats, ChatId id) {
  GH_CO_TRY(auto found, co_await find_open(call, id, std::nullopt));
  call.audit().resource_id = id.to_string();
  auto active = chats.streams().find(call.organization(), id);
  call.audit().payload["was_streaming"] = active != nullptr;
  if (active) active->stop();
  co_return access::NoContent{};
}

}  // namespace

void add_message_operations(access::Operations& operations, models::Gateway& gateway, Chats& chats) {
  operations.add(
      {.method = http::Method::post,
       .path = "/api/chats/{chat_id}/messages",
       .id = "sendChatMessage",
       .summary = "Send a message and stream the answer as the AI SDK's UI message stream",
       .tag = "chat",
       .permission = Permission::chats_write,
       .audit_action = "chat.message.create",
       .rate = access::RateClass::model,
       .resource =
           access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::WRI, .parameter = "chat_id"},
       .body_limit = kMaxPostedBody,
       .streams = {"text/event-stream"},
       .failures = {ErrorCode::plan_limit_reached, ErrorCode::policy_blocked, ErrorCode::stream_in_progress,
                    ErrorCode::model_not_found}},
      [&](Call& call, Input<ChatPath, None, access::RawBody> in) {
        return send(call, gateway, chats, in.path.chat_id, std::move(in.body.text));
      });
  operations.add(
      {.method = http::Method::get,
       .path = "/api/chats/{chat_id}/stream",
       .id = "resumeChatStream",
       .summary = "Take up the stream of an answer again, from its start; 204 if there is none",
       .tag = "chat",
       .permission = Permission::chats_write,
       .audit_action = "chat.stream.resume",
       .rate = access::RateClass::read,
       .resource =
           access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::REA, .parameter = "chat_id"},
       .streams = {"text/event-stream"}},
      [&chats](Call& call, Input<ChatPath> in) { return resume(call, chats, in.path.chat_id); });
  operations.add(
      {.method = http::Method::post,
       .path = "/api/chats/{chat_id}/stop",
       .id = "stopChatStream",
       .summary = "Stop the answer that is being streamed",
       .tag = "chat",
       .permission = Permission::chats_write,
       .audit_action = "chat.stream.stop",
       .rate = access::RateClass::write,
       .resource =
           access::ResourceUse{.kind = ResourceKind::CHT, .action = AclAction::WRI, .parameter = "chat_id"}},
      [&chats](Call& call, Input<ChatPath> in) { return stop(call, chats, in.path.chat_id); });
}

}  // namespace gatehouse::chat
