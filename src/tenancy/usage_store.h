// What was asked of models, added up: by the reach of the call all of the organization, the workspace that
// the call is made in, or what its person asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "access/plan.h"
#include "base/task.h"
#include "base/time.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::tenancy {

struct UsageDay {
  std::string day;  // `2026-11-20`, UTC
  std::int64_t requests = 0;
  std::int64_t blocked = 0;  // answers that policy stopped
  std::int64_t failed = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;  // microdollars
};
BOOST_DESCRIBE_STRUCT(UsageDay, (), (day, requests, blocked, failed, input_tokens, output_tokens, cost))

struct UsageModel {
  std::string model;
  std::int64_t requests = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;
};
BOOST_DESCRIBE_STRUCT(UsageModel, (), (model, requests, input_tokens, output_tokens, cost))

struct UsagePlan {
  std::string name;
  std::string slug;
  access::Features features;
};
BOOST_DESCRIBE_STRUCT(UsagePlan, (), (name, slug, features))

struct UsageRequests {
  std::int64_t used = 0;
  std::optional<std::int64_t> limit;  // null: none, or the call does not reach the organization
  Timestamp resets_at;
};
BOOST_DESCRIBE_STRUCT(UsageRequests, (), (used, limit, resets_at))

struct UsageUsers {
  std::int64_t used = 0;
  std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(UsageUsers, (), (used, limit))

/// Rows of UsageDay, those days on which something was asked, from `from` until before `to` (both midnights,
/// UTC).
void add_usage_by_day(pg::Batch&, const access::Call&, Timestamp from, Timestamp to);
/// Rows of UsageModel, those that cost most, at most 50.
void add_usage_by_model(pg::Batch&, const access::Call&, Timestamp from, Timestamp to);
/// What the month (`2026-11`) has used of the plan: for usage_against_plan().
void add_usage_counts(pg::Batch&, const access::Call&, const std::string& month);

struct AgainstPlan {
  std::optional<UsagePlan> plan;
  std::int64_t used = 0;
  std::optional<std::int64_t> limit;
  std::optional<UsageUsers> users;
};
/// The plan binds the organization. For a call of a shorter reach there is none, and used is what `days` add
/// up to.
Task<AgainstPlan> usage_against_plan(access::Call&, const pg::Rows& counts,
                                     const std::vector<UsageDay>& days);

}  // namespace gatehouse::tenancy
