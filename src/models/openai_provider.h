// Any provider that speaks OpenAI's chat completions.
#pragma once

#include <optional>
#include <string>

#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "http/client.h"
#include "http/sse.h"
#include "http/trace.h"
#include "models/call_stop.h"
#include "models/catalogue.h"
#include "models/upstream_error.h"
#include "policy/cleared.h"

namespace gatehouse::models {

/// An answer whose head has arrived with 2xx.
class OpenAiAnswer {
 public:
  /// Sends the cleared body, the route's key opened for just this. Tried again, at most twice and with short
  /// pauses, if nothing was sent or the provider answered 429, 502, 503 or 504 without asking for a longer
  /// wait: nothing of an answer was handed out then. `stop` outlives the answer.
  static Task<std::expected<OpenAiAnswer, UpstreamError>> open(access::Reactor&, Region, const Route&,
                                                               const policy::Cleared&, bool stream,
                                                               http::Deadlines, http::TraceContext,
                                                               CallStop& stop);

  /// The next event's data, or the whole answer of a call that does not stream; nothing after the last.
  /// Errors: upstream_failed, upstream_timeout.
  Task<Result<std::optional<std::string>>> next();
  /// More events have arrived already.
  bool has_more() const { return ready_.has_value(); }
  /// The stream said [DONE], rather than just ending. True for an answer that does not stream.
  bool complete() const { return complete_; }
  /// Reads what follows the end, for a moment, so that the connection can be used again.
  Task<void> release();

 private:
  OpenAiAnswer(http::ClientResponse response, bool stream, CallStop& stop)
      : response_(std::move(response)), stream_(stream), stop_(&stop) {}

  http::ClientResponse response_;
  http::SseParser parser_;
  std::optional<http::SseEvent> ready_;
  bool stream_;
  bool complete_ = false;
  bool ended_ = false;
  CallStop* stop_;
};

}  // namespace gatehouse::models
