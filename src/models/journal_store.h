// The journal's SQL: many intents or settlements in one statement.
#pragma once

#include <span>
#include <vector>

#include "models/journal.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::models {

/// Run once on each connection that writes the journal. The table of intents is a queue: small, but full of
/// dead rows at times, and its statistics are of no use. Every statement is to go by the primary key.
inline constexpr const char* kJournalSession =
    "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off;"
    " set enable_mergejoin = off; set enable_bitmapscan = off";

void add_intents(pg::Batch&, std::span<const Intent* const>, const std::string& node, Uuid boot);
void add_settlements(pg::Batch&, std::span<const Settlement* const>);
struct CallEvent {
  ModelCallId call;
  const audit::Event* event;
};
/// In front of the settlements of the same calls: nothing is written for a call whose intent is gone, so a
/// repeat is harmless.
void add_outbox_events(pg::Batch&, std::span<const CallEvent>);

/// What add_find_abandoned goes by; see Journal::recover.
struct Abandoned {
  std::string node;
  Uuid boot;
  Timestamp forgotten_before;
  Timestamp abandoned_before;
  std::vector<ModelCallId> under_way;
  OrganizationId after_organization;
  ModelCallId after;
};
/// At most 500 intents that nobody works on any more, by organization and id, after the one named.
void add_find_abandoned(pg::Batch&, const Abandoned&);
std::vector<Intent> read_abandoned(const pg::Rows&);
/// Answers of chats that were still streaming become `unknown`.
void add_mark_messages_unknown(pg::Batch&, std::span<const Intent>);

}  // namespace gatehouse::models
