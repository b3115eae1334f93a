// The AI SDK's UI message stream, version 1 (wire.md), as text. Knows no sockets.
//
//   start, data-decision (prompt), start-step, [reasoning-*], text-start, text-delta …, text-end,
//   data-decision (response), data-usage, finish-step, finish | error | abort, [DONE]
#pragma once

#include <string>
#include <string_view>

#include "domain/ids.h"
#include "http/message.h"
#include "models/answer_filter.h"
#include "policy/decision_api.h"

namespace gatehouse::chat {

/// `x-vercel-ai-ui-message-stream: v1` and those of every event stream.
http::Headers ui_stream_headers();

struct UsagePart {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;  // microdollars
  std::string model;
  std::int64_t latency_ms = 0;
};
BOOST_DESCRIBE_STRUCT(UsagePart, (), (input_tokens, output_tokens, cost, model, latency_ms))

/// Writes the parts in their order; a text is begun before its first delta and ended before what follows.
class UiStream {
 public:
  explicit UiStream(MessageId message) : message_(message) {}

  std::string start(const policy::DecisionView& prompt);
  /// May be empty.
  std::string delta(const models::ClearedAnswer&);
  /// Ends the texts, then the decision on the answer and what it cost.
  std::string end_of_answer(const policy::DecisionView& response, const UsagePart&);

  /// The last frames; nothing comes after them.
  std::string finished();
  std::string aborted();
  std::string failed(std::string_view error_text);

 private:
  enum class Open { nothing, reasoning, text };
  void open(Open, std::string& out);

  MessageId message_;
  Open open_ = Open::nothing;
  int part_ = 0;
};

}  // namespace gatehouse::chat
