// What the engine is told to do at a stage (seed 003's ConfigJsonV1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::simulator {

enum class Stage { atendimento, cobranca, qualificacao };
BOOST_DESCRIBE_ENUM(Stage, atendimento, cobranca, qualificacao)
inline constexpr Stage kStages[] = {Stage::atendimento, Stage::cobranca, Stage::qualificacao};

enum class Tone { formal, friendly, neutral, direct };
BOOST_DESCRIBE_ENUM(Tone, formal, friendly, neutral, direct)

/// How an answer asks for the next step.
enum class CtaStyle { soft, direct, none };
BOOST_DESCRIBE_ENUM(CtaStyle, soft, direct, none)

struct Guardrails {
  json::Defaulted<bool> on = true;
  json::Defaulted<json::Int<16, 4096>> max_tokens = 256;  // of an answer
  json::Defaulted<json::List<json::Text<1, 100>, 50>> blocked_topics;
};
BOOST_DESCRIBE_STRUCT(Guardrails, (), (on, max_tokens, blocked_topics))

struct StageConfig {
  json::Defaulted<Tone> tone = Tone::formal;
  json::Defaulted<CtaStyle> cta_style = CtaStyle::soft;
  /// Said when the model fails; `{name}` is the person's.
  json::Defaulted<json::Text<1, 1000>> template_fallback =
      "Olá {name}, não conseguimos processar sua solicitação. Tente novamente.";
  json::Defaulted<Guardrails> guardrails;
  json::Defaulted<json::List<json::Text<1, 200>, 20>> questions;  // to be asked, in order
};
BOOST_DESCRIBE_STRUCT(StageConfig, (), (tone, cta_style, template_fallback, guardrails, questions))

/// The fallback with the name in its place; without a name the place and the space before it are left out.
std::string fill_template(std::string_view text, std::string_view name);

}  // namespace gatehouse::simulator
