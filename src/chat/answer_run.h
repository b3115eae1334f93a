// One answer to one message, from the stored question to the stored answer.
#pragma once

#include <memory>
#include <string>

#include "access/call.h"
#include "chat/chats.h"
#include "chat/chats_store.h"
#include "chat/conversation.h"
#include "chat/ui_stream.h"
#include "models/model_call.h"

namespace gatehouse::chat {

/// What is to be written when the answer begins.
struct Question {
  ChatRow chat;
  std::string model;
  std::optional<MessageRow> user_message;
  std::optional<Timestamp> replaced_from;
  std::optional<std::string> title;
  MessageId answer;
};

/// Streams to the browser, and to those who resume, until the answer has ended and is recorded. The browser
/// may leave: the answer goes on. On the reactor of its call.
class AnswerRun {
 public:
  AnswerRun(access::Call&, models::ModelCall&, ActiveStreams::Place&, Question);

  /// Writes the exchange's whole answer. Throws if the record could not be made durable: the stream then
  /// breaks off, and the journal's recovery tells the outcome.
  Task<void> run();

 private:
  Task<void> store_question();
  Task<void> store_answer();
  Task<void> generate();
  Task<void> send(std::string frames);
  std::string last_frames();

  access::Call& call_;
  models::ModelCall& model_;
  ActiveStreams::Place& place_;
  Question question_;
  UiStream ui_;
  Timestamp answered_at_;
  std::string text_;
  bool browser_there_ = true;
};

}  // namespace gatehouse::chat
