#include "simulator/simulator.h"

#include "access/quota.h"
#include "models/catalogue.h"
#include "models/completion_request.h"
#include "models/model_call.h"
#include "policy/rule_sets.h"
#include "simulator/motor.h"

namespace gatehouse::simulator {
namespace {

using Clock = std::chrono::steady_clock;

/// A turn under way: what is logged of it, whatever becomes of it.
struct Run {
  ExecutionView log;
  Turn turn;
  const StageVersion& stage;
  Clock::time_point started = Clock::now();
};

Task<TurnReply> finish(access::Call& call, Run run, Answer answer, ExecutionOutcome outcome,
                       std::optional<std::string> reason) {
  auto& log = run.log;
  log.outcome = outcome;
  log.reason = std::move(reason);
  log.next_best_action = answer.next_best_action;
  log.confidence = answer.confidence;
  log.latency_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - run.started).count();
  if (call.stores_content()) log.reply = answer.reply;
  TurnReply reply{.reply = std::move(answer.reply),
                  .next_best_action = std::move(answer.next_best_action),
                  .confidence = answer.confidence,
                  .confidence_assumed = answer.is_assumed,
                  .outcome = outcome,
                  .config_version = log.config_version,
                  .execution_id = log.id};
  co_await insert_execution(call, std::move(log));
  co_return reply;
}

/// Seed 003's words for who is kept out.
Answer gated(ErrorCode code) {
  std::string reply = code == ErrorCode::tenant_suspended   ? "Tenant suspenso."
                      : code == ErrorCode::tenant_cancelled ? "Tenant cancelado."
                                                            : "Limite mensal excedido.";
  return {.reply = std::move(reply), .next_best_action = "contact_support", .confidence = 0};
}

bool is_gate(ErrorCode code) {
  return code == ErrorCode::tenant_suspended || code == ErrorCode::tenant_cancelled ||
         code == ErrorCode::plan_limit_reached;
}

/// Null: the organization has no model at all. Errors: model_not_found for one that was named.
Task<Result<std::shared_ptr<const models::Route>>> route_of(access::Call& call,
                                                            std::optional<json::Text<1, 200>> named) {
  if (named) co_return co_await models::ModelCall::find_route(call, named->str());
  auto catalogue = co_await call.tenant().part<models::Catalogue>();
  if (catalogue->routes().empty()) co_return std::shared_ptr<const models::Route>();
  co_return co_await models::ModelCall::find_route(call, catalogue->routes().front()->name);
}

/// What the model said. Errors: what it failed with.
Task<Result<std::string>> ask(models::ModelCall& model) {
  models::ClearedAnswer answer;
  std::string text;
  bool more = co_await model.open();
  while (more) {
    more = co_await model.next(answer);
    text += answer.text;
    answer.clear();
  }
  co_await model.settle();
  if (model.failure()) co_return fail(*model.failure());
  co_return text;
}

/// What is said in a model's place, after policy as the model's words are: the name in it is the caller's. A
/// name that is blocked is left out, a reply that is blocked is cut.
template <class Say>
Task<Answer> judged(access::Call& call, const Run& run, Say say) {
  auto rules = co_await policy::rules_for(call.tenant(), call.workspace());
  policy::Subject subject{.direction = policy::Direction::prompt,
                          .role = std::string(to_string(call.principal().role)),
                          .workspace = call.workspace().value,
                          .model = run.log.model.value_or("")};
  auto turn = run.turn;
  turn.name = rules->evaluate_text(turn.name, subject).text;
  Answer answer = say(turn);
  subject.direction = policy::Direction::response;
  answer.reply = rules->evaluate_text(answer.reply, subject).text;
  co_return answer;
}

/// The message as it was sent, after policy.
std::string sent_message(const models::ModelCall& model) {
  const auto& messages = model.cleared().document().as_object().at("messages").as_array();
  return models::content_text(messages.back().as_object().at("content"));
}

}  // namespace

Task<Result<TurnReply>> run_turn(access::Call& call, models::Gateway& gateway, RunTurn wanted) {
  auto configs = co_await call.tenant().part<StageConfigs>();
  Run run{.log = {.id = ExecutionId::make(),
                  .request_id = call.request().request_id,
                  .stage = wanted.stage,
                  .actor_type = std::string(audit::to_string(call.principal().type)),
                  .actor_id = call.principal().actor()},
          .turn = {.name = std::move(*wanted.name).str(), .message = std::move(wanted.message).str()},
          .stage = configs->of(wanted.stage)};
  for (auto& question : *wanted.answered) run.turn.answered.push_back(question.str());
  run.log.config_version = run.stage.version;
  const StageConfig& config = run.stage.config;
  call.audit().resource_id = run.log.id.to_string();
  call.audit().payload["stage"] = pg::label(wanted.stage);

  auto kept_out = [&](ErrorCode code) {
    return finish(call, std::move(run), gated(code), ExecutionOutcome::gated, std::string(to_string(code)));
  };
  if (auto ticket = co_await access::pass_gates(call.tenant()); !ticket) {
    if (!is_gate(ticket.error().code)) co_return std::unexpected(std::move(ticket).error());
    co_return co_await kept_out(ticket.error().code);
  }
  if (blocked_topic(*config.guardrails, run.turn.message)) {
    auto answer = co_await judged(call, run, declined);
    co_return co_await finish(call, std::move(run), std::move(answer), ExecutionOutcome::guardrail,
                              "blocked_topic");
  }
  auto fall_back = [&](std::string reason) -> Task<TurnReply> {
    auto answer = co_await judged(call, run, [&](const Turn& turn) { return fallback(config, turn); });
    co_return co_await finish(call, std::move(run), std::move(answer), ExecutionOutcome::fallback,
                              std::move(reason));
  };

  GH_CO_TRY(auto route, co_await route_of(call, std::move(wanted.model)));
  if (!route) co_return co_await fall_back("no_model");
  run.log.model = route->name;
  auto cleared = co_await models::ModelCall::clear(call, gateway,
                                                   {.route = std::move(route),
                                                    .document = make_request(wanted.stage, config, run.turn),
                                                    .stream = true,
                                                    .answer = {.frames = false}});
  if (!cleared && is_gate(cleared.error().code)) co_return co_await kept_out(cleared.error().code);
  GH_CO_TRY(auto model, std::move(cleared));
  if (call.stores_content()) run.log.message = sent_message(*model);
  co_await model->begin();
  auto said = co_await ask(*model);
  auto usage = model->usage();
  run.log.input_tokens = usage.input_tokens;
  run.log.output_tokens = usage.output_tokens;
  run.log.cost = model->cost();
  if (!said) co_return co_await fall_back(std::string(to_string(said.error().code)));
  auto answer = read_answer(wanted.stage, config, run.turn, *said);
  if (!answer) co_return co_await fall_back("empty_answer");
  if (blocked_topic(*config.guardrails, answer->reply)) co_return co_await fall_back("blocked_topic");
  co_return co_await finish(call, std::move(run), std::move(*answer), ExecutionOutcome::answered,
                            std::nullopt);
}

}  // namespace gatehouse::simulator
