#include "chat/answer_run.h"

#include "base/log.h"
#include "json/codec.h"

namespace gatehouse::chat {
namespace {

// A model that does not end; the database would take more, a reader would not.
constexpr std::size_t kMostText = 2 << 20;

MessageStatus status_of(models::CallOutcome outcome) {
  switch (outcome) {
    case models::CallOutcome::completed:
      return MessageStatus::complete;
    case models::CallOutcome::stopped:
      return MessageStatus::stopped;
    case models::CallOutcome::blocked:
      return MessageStatus::blocked;
    case models::CallOutcome::failed:
      return MessageStatus::failed;
    case models::CallOutcome::unknown:
      return MessageStatus::unknown;
  }
  return MessageStatus::unknown;
}

std::string error_text(const Error& error) {
  return error.detail.empty() ? std::string(info(error.code).title) : error.detail;
}

}  // namespace

AnswerRun::AnswerRun(access::Call& call, models::ModelCall& model, ActiveStreams::Place& place,
                     Question question)
    : call_(call), model_(model), place_(place), question_(std::move(question)), ui_(question_.answer) {}

Task<void> AnswerRun::store_question() {
  auto organization = call_.organization();
  auto asked_at = now();
  // The answer stands behind its question also where both are made in one microsecond.
  answered_at_ = asked_at + std::chrono::microseconds(1);
  pg::Batch batch;
  if (question_.replaced_from)
    add_delete_messages_from(batch, organization, question_.chat.id, *question_.replaced_from);
  if (question_.user_message) {
    question_.user_message->created_at = asked_at;
    question_.user_message->asked_by = call_.user();
    add_insert_message(batch, organization, question_.chat.user_id, question_.chat.id,
                       *question_.user_message);
  }
  add_insert_message(batch, organization, question_.chat.user_id, question_.chat.id,
                     {.id = question_.answer,
                      .created_at = answered_at_,
                      .role = MessageRole::assistant,
                      .status = MessageStatus::streaming,
                      .model = question_.model});
  add_touch_chat(batch, organization, question_.chat.id, question_.model, question_.title);
  co_await call_.write(std::move(batch));
  co_await call_.commit_now();
}

Task<void> AnswerRun::store_answer() {
  auto usage = model_.usage();
  MessageRow row{.id = question_.answer,
                 .created_at = answered_at_,
                 .status = status_of(model_.outcome()),
                 .input_tokens = usage.input_tokens,
                 .output_tokens = usage.output_tokens,
                 .cost = model_.cost(),
                 .decision = pg::Json{
                     json::encode(policy::view_of(model_.response_decision(), policy::Direction::response))}};
  if (call_.stores_content()) {
    // U+0000 is valid in JSON and in no text column. Without a sign in its place, what stood apart when it
    // was judged would stand together.
    std::string text;
    for (char c : text_)
      if (c == '\0')
        text += "\uFFFD";
      else
        text += c;
    text_ = std::move(text);
    row.text = std::move(text_);
  }
  pg::Batch batch;
  add_finish_message(batch, call_.organization(), question_.chat.id, row);
  co_await call_.write(std::move(batch));
  co_await call_.commit_now();
}

Task<void> AnswerRun::send(std::string frames) {
  place_.stream().append(frames);
  if (browser_there_) browser_there_ = co_await call_.exchange().write(frames);
}

Task<void> AnswerRun::generate() {
  models::ClearedAnswer answer;
  bool more = co_await model_.open();
  while (more) {
    more = co_await model_.next(answer);
    if (call_.stores_content()) text_ += answer.text;
    if (text_.size() > kMostText) model_.stop();
    auto frames = ui_.delta(answer);
    answer.clear();
    if (!frames.empty()) co_await send(std::move(frames));
  }
}

std::string AnswerRun::last_frames() {
  if (model_.outcome() == models::CallOutcome::stopped) return ui_.aborted();
  if (model_.failure()) return ui_.failed(error_text(*model_.failure()));
  return ui_.finished();
}

Task<void> AnswerRun::run() {
  bool stored = true;
  try {
    co_await store_question();
  } catch (const std::exception& error) {
    log::error("chat.question_not_stored", {{"request_id", call_.request().request_id},
                                            {"trace_id", call_.request().trace.trace_id_hex()},
                                            {"error", error.what()}});
    stored = false;
  }
  if (!stored) {
    model_.fail_with(Error{.code = ErrorCode::internal});
    co_await model_.settle();
    throw Failure("a chat's message could not be stored");
  }
  auto headers = ui_stream_headers();
  call_.add_headers_to(headers);
  headers.set("gatehouse-decision", policy::to_string(model_.prompt_decision().outcome));
  auto first = ui_.start(policy::view_of(model_.prompt_decision(), policy::Direction::prompt));
  place_.stream().append(first);
  browser_there_ = co_await call_.exchange().start_stream(200, std::move(headers), first);

  if (call_.stores_content()) {
    co_await generate();
  } else {
    // Nobody can take the answer up again, and nobody will read it: it goes with the browser.
    auto watch = call_.exchange().on_disconnect([this] { model_.stop(); });
    co_await generate();
  }
  auto usage = model_.usage();
  co_await send(ui_.end_of_answer(policy::view_of(model_.response_decision(), policy::Direction::response),
                                  {.input_tokens = usage.input_tokens,
                                   .output_tokens = usage.output_tokens,
                                   .cost = model_.cost(),
                                   .model = question_.model,
                                   .latency_ms = model_.latency_ms()}));
  // The answer before its record: a crash in between finds the intent, and leaves a finished answer alone.
  try {
    co_await store_answer();
  } catch (const std::exception& error) {
    log::error("chat.answer_not_stored", {{"request_id", call_.request().request_id},
                                          {"trace_id", call_.request().trace.trace_id_hex()},
                                          {"error", error.what()}});
    model_.fail_with(Error{.code = ErrorCode::internal, .detail = "The answer could not be stored"});
  }
  co_await model_.settle();
  auto last = last_frames();
  place_.stream().append(last);
  // Before the browser has its last byte: what it asks next is of a chat that is free.
  place_.leave();
  if (browser_there_) co_await call_.exchange().finish(last);
  co_await model_.release();
}

}  // namespace gatehouse::chat
