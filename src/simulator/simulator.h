// One turn of the engine at a stage, through the same governed path as every model call.
#pragma once

#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "models/gateway.h"
#include "simulator/simulator_store.h"

namespace gatehouse::simulator {

struct RunTurn {
  Stage stage;
  json::Text<1, 4000> message;
  json::Defaulted<json::Text<0, 255>> name = "";                 // of the person who writes
  json::Defaulted<json::List<json::Text<1, 200>, 20>> answered;  // questions of the configuration
  std::optional<json::Text<1, 200>> model;                       // default: the organization's first
};
BOOST_DESCRIBE_STRUCT(RunTurn, (), (stage, message, name, answered, model))

struct TurnReply {
  std::string reply;
  std::string next_best_action;
  double confidence = 0;
  bool confidence_assumed = false;  // the model did not tell one
  ExecutionOutcome outcome = ExecutionOutcome::answered;
  std::int64_t config_version = 0;
  ExecutionId execution_id;
};
BOOST_DESCRIBE_STRUCT(TurnReply, (),
                      (reply, next_best_action, confidence, confidence_assumed, outcome, config_version,
                       execution_id))

/// Answers whatever happens to tenant, plan or model: a stopped organization and a spent quota have replies
/// of their own (seed 003), a failed model the configuration's fallback. Each turn leaves a row in
/// execution_logs. Errors: policy_blocked, model_not_found (a model that was named).
Task<Result<TurnReply>> run_turn(access::Call&, models::Gateway&, RunTurn);

}  // namespace gatehouse::simulator
