// Reading the audit database: lists with filters, newest first, and single events.
//
// The caller gives the session: as gatehouse_app the batch starts with its organization's context and
// row-level security holds; as gatehouse_audit everything is visible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "audit/record.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::audit {

/// A row as it stands in the database: nothing here is believed before verification.
struct StoredEvent {
  std::int64_t region_sequence = 0;
  std::int64_t org_sequence = 0;  // what a tenant is shown and pages by
  std::optional<Uuid> org_id;
  Uuid id;
  Timestamp ts;  // recorded_at
  Timestamp sealed_at;
  std::string actor_type;
  std::optional<Uuid> actor_id;
  std::string action;
  std::string resource_type;
  std::string resource_id;
  std::string resource;  // `type:id`
  std::string outcome;
  std::optional<std::string> decision;
  std::optional<Uuid> workspace_id;
  std::string request_id;
  std::string payload_json;  // canonical
  std::string prev_hash;     // bytes
  std::string hash;          // bytes
  std::string record;        // exact bytes; parse_record gives the sealed personal fields
};

/// The row that belongs to a record.
StoredEvent as_stored(const Record&, std::string_view record_bytes);

struct EventFilter {
  std::optional<Uuid> actor_id;
  /// An action (`chat.create`), or all of a family (`chat`).
  std::optional<std::string> action;
  std::optional<std::string> resource_type;
  std::optional<std::string> resource_id;  // only together with resource_type
  std::optional<EventOutcome> outcome;
  std::optional<std::string> decision;
  /// Without successful reads and lists, which most events are.
  bool without_reads = false;
  /// Half open, by sealed_at: it is monotonic, so a period is an unbroken piece of the chain.
  std::optional<Timestamp> from, to;

  bool is_period_only() const {
    return !actor_id && !action && !resource_type && !resource_id && !outcome && !decision && !without_reads;
  }
};

/// Events of one organization, or of the platform's chain if none. The rows of the added statement are for
/// read_events. `before`: the org_sequence of the last event seen, for the next page. `limit` at most 1,000.
void add_list(pg::Batch&, std::optional<OrganizationId>, const EventFilter&,
              std::optional<std::int64_t> before, int limit);
/// Oldest first, from after `after` to `last` included: what an export and a verification walk.
void add_walk(pg::Batch&, std::optional<OrganizationId>, const EventFilter&, std::int64_t after,
              std::int64_t last, int limit);
/// All organizations, by region_sequence. As gatehouse_audit.
void add_walk_region(pg::Batch&, std::int64_t after, std::int64_t last, int limit);
void add_get(pg::Batch&, std::optional<OrganizationId>, AuditEventId);

std::vector<StoredEvent> read_events(const pg::Rows&);

/// The last link of an organization's chain.
struct ChainHead {
  std::int64_t org_sequence = 0;
  std::string hash;  // 32 bytes
};
void add_chain_head(pg::Batch&, std::optional<OrganizationId>);
std::optional<ChainHead> read_chain_head(const pg::Rows&);

}  // namespace gatehouse::audit
