// How a model call ended: what is metered of it, and the same as its audit event tells it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "audit/event.h"
#include "domain/ids.h"
#include "json/value.h"

namespace gatehouse::models {

/// How a model call ended. `stopped`: by the caller, who left or asked. `unknown`: the process died.
enum class CallOutcome { completed, stopped, blocked, failed, unknown };
BOOST_DESCRIBE_ENUM(CallOutcome, completed, stopped, blocked, failed, unknown)
std::string_view to_string(CallOutcome);

/// Who makes the call, of what: the columns that intent and metering event share.
struct CallIdentity {
  OrganizationId organization;
  ModelCallId id;
  WorkspaceId workspace;
  audit::ActorType actor_type = audit::ActorType::user;
  Uuid actor;
  std::optional<ChatId> chat;
  std::string model;  // as the caller named it
  std::string provider;
};

struct Settlement {
  CallIdentity call;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  bool is_estimated = false;  // the provider sent no usage; tokens are counted by us
  std::int64_t cost = 0;      // microdollars
  std::optional<std::int32_t> first_byte_ms;
  std::int32_t latency_ms = 0;
  CallOutcome outcome = CallOutcome::completed;
};

/// Adds the members `outcome`, `input_tokens`, `output_tokens`, `is_estimated`, `cost`, `latency_ms` and, if
/// there was one, `first_byte_ms`.
void put_settlement(json::Object& payload, const Settlement&);
/// Reads them again. Nothing if one is missing or of another kind.
std::optional<Settlement> read_settlement(CallIdentity, const json::Object& payload);

}  // namespace gatehouse::models
