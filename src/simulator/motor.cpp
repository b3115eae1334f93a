#include "simulator/motor.h"

#include <algorithm>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <fmt/format.h>

#include "json/codec.h"
#include "pg/enums.h"

namespace gatehouse::simulator {
namespace {

constexpr std::size_t kMostReply = 4'000;  // bytes
constexpr double kUnstructured = 0.5;

/// Lower case without accents, so that `Política` and `politica` are one word.
icu::UnicodeString folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* decompose = icu::Normalizer2::getNFKDInstance(status);
  auto whole = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  if (U_FAILURE(status)) throw Failure("ICU has no normalizer");
  auto apart = decompose->normalize(whole.foldCase(), status);
  if (U_FAILURE(status)) throw Failure("ICU cannot normalize");
  icu::UnicodeString out;
  for (int at = 0; at < apart.length(); at = apart.moveIndex32(at, 1))
    if (auto c = apart.char32At(at); u_charType(c) != U_NON_SPACING_MARK) out.append(c);
  return out;
}

bool is_word_at(const icu::UnicodeString& text, int begin, int end) {
  bool before = begin > 0 && u_isalnum(text.char32At(text.moveIndex32(begin, -1)));
  bool after = end < text.length() && u_isalnum(text.char32At(end));
  return !before && !after;
}

std::string_view goal_of(Stage stage) {
  switch (stage) {
    case Stage::atendimento:
      return "Answer the customer's request and solve it.";
    case Stage::cobranca:
      return "Remind the customer of an open payment, respectfully, and agree on how and when it is paid.";
    case Stage::qualificacao:
      return "Find out whether the customer's need and means fit what we offer.";
  }
  return "";
}

std::string_view usual_action(Stage stage) {
  switch (stage) {
    case Stage::atendimento:
      return "answer_question";
    case Stage::cobranca:
      return "negotiate_payment";
    case Stage::qualificacao:
      return "schedule_meeting";
  }
  return "";
}

std::string_view call_to_action(CtaStyle style) {
  switch (style) {
    case CtaStyle::soft:
      return "Close with a gentle suggestion of the next step.";
    case CtaStyle::direct:
      return "Close by asking for the next step, plainly.";
    case CtaStyle::none:
      return "Do not ask for anything at the end.";
  }
  return "";
}

std::optional<std::string> open_question(const StageConfig& config, const Turn& turn) {
  for (const auto& question : *config.questions)
    if (std::ranges::find(turn.answered, question.str()) == turn.answered.end()) return question.str();
  return std::nullopt;
}

std::string instructions(Stage stage, const StageConfig& config, const Turn& turn) {
  std::string text = fmt::format("{} Write in the customer's language, in a {} tone. {}", goal_of(stage),
                                 pg::label(*config.tone), call_to_action(*config.cta_style));
  if (auto question = open_question(config, turn)) text += " Ask: " + *question;
  if (*config.guardrails->on && !config.guardrails->blocked_topics->empty()) {
    text += " Never talk about:";
    for (const auto& topic : *config.guardrails->blocked_topics) text += " " + topic.str() + ";";
  }
  return text +
         " Answer with one JSON object: {\"reply\": text for the customer, \"next_best_action\": a short "
         "code in "
         "snake_case, \"confidence\": a number from 0 to 1}.";
}

struct ModelAnswer {
  std::string reply;
  std::string next_best_action;
  double confidence = 0;
};
BOOST_DESCRIBE_STRUCT(ModelAnswer, (), (reply, next_best_action, confidence))

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string cut(std::string_view text) {
  if (text.size() <= kMostReply) return std::string(text);
  auto end = kMostReply;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

std::string_view trimmed(std::string_view text) {
  auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

std::string fill_template(std::string_view text, std::string_view name) {
  constexpr std::string_view kPlace = "{name}";
  std::string out(text);
  for (auto at = out.find(kPlace); at != out.npos; at = out.find(kPlace, at + name.size())) {
    bool has_space = name.empty() && at > 0 && out[at - 1] == ' ';
    if (has_space) --at;
    out.replace(at, kPlace.size() + (has_space ? 1 : 0), name);
  }
  return out;
}

std::optional<std::string> blocked_topic(const Guardrails& guardrails, std::string_view text) {
  if (!*guardrails.on) return std::nullopt;
  auto said = folded(text);
  for (const auto& topic : *guardrails.blocked_topics) {
    auto sought = folded(topic.str());
    for (int at = said.indexOf(sought); at >= 0; at = said.indexOf(sought, at + 1))
      if (is_word_at(said, at, at + sought.length())) return topic.str();
  }
  return std::nullopt;
}

json::Value make_request(Stage stage, const StageConfig& config, const Turn& turn) {
  auto from = turn.name.empty() ? turn.message : turn.name + ": " + turn.message;
  return json::Object{{"max_tokens", config.guardrails->max_tokens->value()},
                      {"messages", json::Array{json::Object{{"role", "system"},
                                                            {"content", instructions(stage, config, turn)}},
                                               json::Object{{"role", "user"}, {"content", from}}}}};
}

std::optional<Answer> read_answer(Stage stage, const StageConfig& config, const Turn& turn,
                                  std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  auto written = json::decode_text<ModelAnswer>(text);
  if (written && !trimmed(written->reply).empty() && is_code(written->next_best_action))
    return Answer{.reply = cut(written->reply),
                  .next_best_action = written->next_best_action,
                  .confidence = std::clamp(written->confidence, 0.0, 1.0)};
  auto action = open_question(config, turn) ? std::string_view("ask_question") : usual_action(stage);
  return Answer{.reply = cut(text),
                .next_best_action = std::string(action),
                .confidence = kUnstructured,
                .is_assumed = true};
}

Answer fallback(const StageConfig& config, const Turn& turn) {
  return {.reply = fill_template(config.template_fallback->str(), turn.name), .next_best_action = "retry"};
}

Answer declined(const Turn& turn) {
  return {.reply = fill_template(
              "Olá {name}, não posso falar sobre esse assunto. Posso ajudar com outra coisa?", turn.name),
          .next_best_action = "change_topic",
          .confidence = 1};
}

}  // namespace gatehouse::simulator
