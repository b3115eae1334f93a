// "Motor V1": what a model is asked at a stage, and what its answer means. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "simulator/stage_config.h"

namespace gatehouse::simulator {

struct Turn {
  std::string name;                   // of the person who writes; may be empty
  std::string message;                // 1 to 4000 code points
  std::vector<std::string> answered;  // questions of the configuration that were answered already
};

struct Answer {
  std::string reply;
  std::string next_best_action;  // a code: `answer_question`, `ask_question`, `negotiate_payment`, …
  double confidence = 0;         // 0 to 1
  bool is_assumed = false;       // the confidence: the model did not tell one
};

/// A topic that is not to be talked about, if the text touches one. By words, whatever their case and
/// accents.
std::optional<std::string> blocked_topic(const Guardrails&, std::string_view text);

/// A chat-completions request for the turn.
json::Value make_request(Stage, const StageConfig&, const Turn&);

/// The answer in a model's text: its JSON object if it wrote one as it was asked to, else the text as it is,
/// with the stage's usual next step and less confidence. Nothing if it is empty.
std::optional<Answer> read_answer(Stage, const StageConfig&, const Turn&, std::string_view text);

/// What is said instead of an answer.
Answer fallback(const StageConfig&, const Turn&);
Answer declined(const Turn&);

}  // namespace gatehouse::simulator
