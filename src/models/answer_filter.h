// A provider's answer on its way through policy: chunks of `chat.completion.chunk` in, cleared ones out.
// Knows no sockets.
//
// Text, reasoning, refusals and the arguments of tool calls are texts of their own, by choice and index; a
// string that we do not interpret is one too, by its place. The texts of content parts and content that is a
// string are one text, and what is left of it comes as the last of it did. What policy holds back goes out
// with a later chunk, the rest before the choice's finish_reason. All else (envelope fields, names, ids,
// numbers, names of members) is judged as it comes, as in an answer that is not streamed, and passes on. Only
// null, true, false, words of the protocol and a plausible time of creation are not judged. What is kept of
// an answer is bounded: one with too many texts, or too much held back, ends as failed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/value.h"
#include "models/answer_protocol.h"
#include "models/logprob_gate.h"
#include "models/whole_values.h"
#include "policy/cleared.h"

namespace gatehouse::models {

struct AnswerOptions {
  /// Write SSE frames for `/v1`; else only collect the text.
  bool frames = true;
  /// The client asked for usage. We always ask, to meter, and take it out again.
  bool wants_usage = false;
};

/// What may go to the client.
struct ClearedAnswer {
  std::string frames;     // `data: {…}\n\n` …
  std::string text;       // content of the first choice
  std::string reasoning;  // likewise

  void clear() { *this = {}; }
};

class AnswerFilter {
 public:
  AnswerFilter(const policy::Cleared&, AnswerOptions);

  /// The data of one event. After failure() is set or blocked(), nothing more is taken.
  void push(std::string_view data, ClearedAnswer& out);
  /// The end of the stream: what was held back. Call once, unless it failed.
  void finish(ClearedAnswer& out);
  /// Bytes of texts that came and are not out yet.
  std::size_t held_bytes() const { return stream_.held_bytes(); }
  /// A whole `chat.completion` in place of a stream: its JSON in `frames`, unframed. Empty if it failed or is
  /// blocked.
  void whole(std::string_view body, ClearedAnswer& out);

  bool blocked() const { return stream_.blocked(); }
  /// The provider's failure, told amid the answer or by an answer that is none.
  const std::optional<Error>& failure() const { return failure_; }
  /// Every choice that began has its finish_reason.
  bool finished() const { return began_ && open_ == 0; }
  const std::optional<Usage>& usage() const { return usage_; }
  /// Of the text that the provider sent, to estimate usage by.
  std::size_t answer_bytes() const { return answer_bytes_; }
  policy::Decision decision() const { return stream_.decision(); }
  /// Text of a provider's error message as the client may see it; empty if blocked.
  std::string clear_message(std::string_view message);

 private:
  struct Step {  // of a path into a chunk
    std::string key;
    std::optional<std::int64_t> index;  // an array's element, with its own `index` if it has one
  };
  struct Texts {  // of one choice
    std::map<policy::ChannelKey, std::vector<Step>> channels;
    LogprobGate logprobs;
    bool in_parts = false;  // content came as an array last
    bool done = false;
  };

  Texts& choice(std::uint32_t index);
  std::string pass(std::uint32_t choice, policy::ChannelKey::Kind, std::uint32_t index,
                   const std::vector<Step>& path, std::string_view text);
  void filter_choice(json::Object& choice, ClearedAnswer& out);
  void filter_delta(std::uint32_t index, json::Object& delta, std::vector<Step>& path, ClearedAnswer& out);
  std::string pass_content(std::uint32_t index, bool in_parts, std::string_view text, ClearedAnswer& out);
  void filter_parts(std::uint32_t index, json::Array& parts, std::vector<Step>& path, ClearedAnswer& out);
  void filter_tool_call(std::uint32_t index, json::Object& call, std::vector<Step>& path);
  void filter_function(std::uint32_t index, std::uint32_t number, json::Object& function,
                       std::vector<Step>& path);
  void filter_piece(std::uint32_t index, json::Value& value, std::vector<Step>& path);
  void filter_unknown(std::uint32_t index, json::Value& value, std::vector<Step>& path);
  void filter_envelope(json::Object& chunk);
  void clear_names(json::Object& object);
  static std::string place_of(std::uint32_t index, const std::vector<Step>& path);
  void filter_logprobs(std::uint32_t index, json::Object& choice, std::string_view came,
                       std::string_view emitted);
  json::Value cleared_logprobs(LogprobGate& gate, json::Array released);
  void flush(std::uint32_t index, ClearedAnswer& out);
  void emit(const json::Value& chunk, ClearedAnswer& out) const;
  /// Nothing more is taken, nor does this chunk go out.
  bool stopped() const { return failure_ || withheld_; }
  void refuse();
  void fail_with(std::string_view detail);

  policy::ClearedStream stream_;
  AnswerOptions options_;
  std::map<std::uint32_t, Texts> choices_;
  std::map<std::string, std::uint32_t> places_;  // of strings that we do not interpret
  std::size_t opened_ = 0;                       // texts, ever
  std::size_t remembered_ = 0;                   // bytes of their paths and places
  WholeValues whole_values_;
  json::Object envelope_;  // of the chunks so far, for those that we add
  std::size_t open_ = 0;   // choices without a finish_reason
  bool began_ = false;
  bool withheld_ = false;
  std::size_t answer_bytes_ = 0;
  std::optional<Usage> usage_;
  std::optional<Error> failure_;
};

}  // namespace gatehouse::models
