#include "simulator/motor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::simulator {
namespace {

using testing::HasSubstr;
using testing::Not;

Turn turn(std::string message = "Quero saber do meu pedido") {
  return {.name = "Ana", .message = std::move(message)};
}

StageConfig with_topics(std::vector<json::Text<1, 100>> topics) {
  StageConfig config;
  config.guardrails.value().blocked_topics = json::List<json::Text<1, 100>, 50>(std::move(topics));
  return config;
}

TEST(Motor, TellsTheModelGoalToneAndTheNextQuestion) {
  StageConfig config;
  config.questions = json::List<json::Text<1, 200>, 20>({"Qual o seu CNPJ?", "Quantas pessoas?"});
  auto first = turn();
  first.answered = {"Qual o seu CNPJ?"};
  auto request = json::write(make_request(Stage::qualificacao, config, first));
  EXPECT_THAT(request, HasSubstr("formal"));
  EXPECT_THAT(request, HasSubstr("Quantas pessoas?"));
  EXPECT_THAT(request, Not(HasSubstr("Ask: Qual o seu CNPJ?")));
  EXPECT_THAT(request, HasSubstr("\"max_tokens\":256"));
  EXPECT_THAT(request, HasSubstr("Ana: Quero saber do meu pedido"));
}

TEST(Motor, TakesTheAnswerThatAModelWroteAsAsked) {
  auto answer = read_answer(Stage::cobranca, {}, turn(),
                            R"( {"reply":"Olá","next_best_action":"send_invoice","confidence":1.7} )");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->reply, "Olá");
  EXPECT_EQ(answer->next_best_action, "send_invoice");
  EXPECT_EQ(answer->confidence, 1);
  EXPECT_FALSE(answer->is_assumed);
}

TEST(Motor, TakesPlainTextForAReplyWithTheStagesUsualStep) {
  for (auto [stage, action] : {std::pair{Stage::atendimento, "answer_question"},
                               {Stage::cobranca, "negotiate_payment"},
                               {Stage::qualificacao, "schedule_meeting"}}) {
    auto answer = read_answer(stage, {}, turn(), "Bom dia");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->reply, "Bom dia");
    EXPECT_EQ(answer->next_best_action, action);
    EXPECT_EQ(answer->confidence, 0.5);
    EXPECT_TRUE(answer->is_assumed);
  }
  // Not the object that was asked for: it is text.
  EXPECT_EQ(read_answer(Stage::cobranca, {}, turn(), R"({"reply":""})")->reply, R"({"reply":""})");
  EXPECT_FALSE(read_answer(Stage::cobranca, {}, turn(), " \n"));
}

TEST(Motor, AsksWhatIsStillOpen) {
  StageConfig config;
  config.questions = json::List<json::Text<1, 200>, 20>({"Qual o seu CNPJ?"});
  EXPECT_EQ(read_answer(Stage::atendimento, config, turn(), "Oi")->next_best_action, "ask_question");
  auto answered = turn();
  answered.answered = {"Qual o seu CNPJ?"};
  EXPECT_EQ(read_answer(Stage::atendimento, config, answered, "Oi")->next_best_action, "answer_question");
}

TEST(Motor, SaysTheFallbackWithTheNameOrWithoutAPlaceForIt) {
  EXPECT_EQ(fallback({}, turn()).reply,
            "Olá Ana, não conseguimos processar sua solicitação. Tente novamente.");
  EXPECT_EQ(fallback({}, {.message = "x"}).reply,
            "Olá, não conseguimos processar sua solicitação. Tente novamente.");
  EXPECT_EQ(fill_template("{name} e {name}", "{name}"), "{name} e {name}");
  EXPECT_EQ(fallback({}, turn()).confidence, 0);
}

TEST(Motor, KnowsBlockedTopicsAsWordsInAnySpelling) {
  auto config = with_topics({"Política", "time de futebol"});
  const auto& guardrails = config.guardrails.value();
  for (auto text : {"fale de POLITICA", "política?", "meu Time de Futebol!"})
    EXPECT_TRUE(blocked_topic(guardrails, text)) << text;
  for (auto text : {"politicamente", "geopolítica", "futebol"})
    EXPECT_FALSE(blocked_topic(guardrails, text)) << text;
  auto off = guardrails;
  off.on = false;
  EXPECT_FALSE(blocked_topic(off, "política"));
}

}  // namespace
}  // namespace gatehouse::simulator
