// An audit event as a tenant is shown it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "audit/query.h"
#include "audit/verify.h"
#include "json/codec.h"

namespace gatehouse::explorer {

struct AuditEventView {
  AuditEventId id;
  std::int64_t sequence = 0;  // in the organization's chain, from 1
  Timestamp recorded_at;
  Timestamp sealed_at;
  audit::ActorType actor_type = audit::ActorType::system;
  std::optional<Uuid> actor_id;
  /// The person's or the key's name as it is now; null if it is gone.
  std::optional<std::string> actor_name;
  std::string action;
  std::string resource_type;
  std::string resource_id;
  audit::EventOutcome outcome = audit::EventOutcome::success;
  std::optional<std::string> decision;
  std::optional<WorkspaceId> workspace_id;
  std::string request_id;
  /// Opened with the person's key; null once that is destroyed.
  std::optional<std::string> ip;
  std::optional<std::string> user_agent;
  json::Object payload;
  std::string hash;  // hexadecimal
  std::string prev_hash;
};
BOOST_DESCRIBE_STRUCT(AuditEventView, (),
                      (id, sequence, recorded_at, sealed_at, actor_type, actor_id, actor_name, action,
                       resource_type, resource_id, outcome, decision, workspace_id, request_id, ip,
                       user_agent, payload, hash, prev_hash))

/// With names and personal fields. Throws Failure if a row is not a record that we wrote: verify says which.
Task<std::vector<AuditEventView>> views_of(access::Call&, std::vector<audit::StoredEvent>);

/// Opens the personal fields of one event; null if there are none, or their key is destroyed.
Task<json::Value> unseal(vault::Keyring&, audit::Event);

/// Runs batches in the call's context against the audit database.
audit::RunBatch reader_of(access::Call&);

}  // namespace gatehouse::explorer
