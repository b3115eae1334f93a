// SQL of stage configurations and execution logs, under row-level security; what a new organization begins
// with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "simulator/stage_config.h"

namespace gatehouse::simulator {

using ExecutionId = StrongId<struct ExecutionTag>;

struct StageVersion {
  Stage stage;
  std::int64_t version;
  StageConfig config;
  std::optional<UserId> created_by;  // none: made with the organization
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(StageVersion, (), (stage, version, config, created_by, created_at))

/// Those in force, with the tenant's snapshot: a new version counts within two seconds everywhere.
struct StageConfigs {
  std::vector<StageVersion> current;
  /// Throws Failure if the organization lacks the stage.
  const StageVersion& of(Stage) const;
  static Task<std::shared_ptr<StageConfigs>> load(const access::TenantSnapshot&);
};

Task<std::vector<StageVersion>> list_current(access::Call&);
/// Newest first, below `before`.
Task<std::vector<StageVersion>> list_versions(access::Call&, Stage, std::optional<std::int64_t> before,
                                              std::int64_t limit);
/// The next version, if `based_on` is still the last; else nothing is written.
Task<std::optional<StageVersion>> insert_version(access::Call&, Stage, std::int64_t based_on, StageConfig);

enum class ExecutionOutcome { answered, fallback, guardrail, gated };
BOOST_DESCRIBE_ENUM(ExecutionOutcome, answered, fallback, guardrail, gated)

struct ExecutionView {
  ExecutionId id;
  std::string request_id;
  Stage stage;
  std::int64_t config_version;
  std::string actor_type;
  Uuid actor_id;
  ExecutionOutcome outcome;
  std::optional<std::string> reason;
  std::string next_best_action;
  double confidence;
  std::optional<std::string> model;
  std::int64_t input_tokens;
  std::int64_t output_tokens;
  std::int64_t cost;  // microdollars
  std::int64_t latency_ms;
  std::optional<std::string> message;  // both after policy; null in metadata_only
  std::optional<std::string> reply;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(ExecutionView, (),
                      (id, request_id, stage, config_version, actor_type, actor_id, outcome, reason,
                       next_best_action, confidence, model, input_tokens, output_tokens, cost, latency_ms,
                       message, reply, created_at))

/// created_at is the database's. In the call's transaction.
Task<void> insert_execution(access::Call&, ExecutionView);
Task<std::vector<ExecutionView>> list_executions(access::Call&, std::optional<Stage>,
                                                 std::optional<ExecutionId> before, std::int64_t limit);

}  // namespace gatehouse::simulator
