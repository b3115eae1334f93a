// Finds what was done to the records: by walking the chains and comparing everything that is stored twice.
//
// A chain shows every change but two: whoever rewrites all records from a point on, with all hashes, columns
// and heads, leaves a valid chain, and so does who cuts off its end together with the heads. For that,
// compare with the marks of the product database (marks.h), and with a head kept elsewhere (`expected`).
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "audit/marks.h"
#include "audit/query.h"
#include "audit/record.h"
#include "base/task.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::audit {

enum class ProblemKind {
  unreadable,       // the record is not one that this version writes
  hash_mismatch,    // the stored hash is not the record's
  column_mismatch,  // a query column says something else than the record
  missing,          // a sequence is skipped
  out_of_order,     // a sequence repeats or goes back
  chain_broken,     // prev_hash is not the hash of the organization's previous record
  duplicate_id,     // the same event twice
  time_backwards,   // sealed_at decreases
  wrong_region,
  wrong_organization,
  truncated,          // the head, the mark or the export's end knows of later records
  head_mismatch,      // the head names another hash than the last record's, or lies before it
  expected_mismatch,  // what was verified does not pass through the mark or the head kept elsewhere
};
BOOST_DESCRIBE_ENUM(ProblemKind, unreadable, hash_mismatch, column_mismatch, missing, out_of_order,
                    chain_broken, duplicate_id, time_backwards, wrong_region, wrong_organization, truncated,
                    head_mismatch, expected_mismatch)
std::string_view to_string(ProblemKind);

/// Which event a problem is about, as a tenant's list and exports name it.
struct EventPlace {
  std::optional<OrganizationId> organization;  // none: the platform's chain
  std::int64_t org_sequence = 0;
  std::optional<AuditEventId> event;  // none: the end of the chain
};

struct Problem {
  std::int64_t sequence = 0;  // region_sequence when a region is verified, org_sequence otherwise
  ProblemKind kind = ProblemKind::unreadable;
  std::string message;  // English; names columns and sequences, never values
  std::optional<EventPlace> event = std::nullopt;
};

inline constexpr std::size_t kMaxProblems = 100;

/// What the records are of the chain, by an export's own word: whoever drops lines can change that too.
enum class Coverage {
  whole,      // from the first event to the head
  period,     // without gaps, but what is missing before and after can not be judged
  selection,  // gaps can not be judged
};
BOOST_DESCRIBE_ENUM(Coverage, whole, period, selection)

struct VerifyReport {
  std::int64_t events = 0;
  std::int64_t first_sequence = 0;
  std::int64_t last_sequence = 0;
  /// Worth keeping elsewhere, together with last_sequence. A chain: the hash of its last record. A region:
  /// its region_head(). None if there is no record.
  std::optional<Hash> head_hash;
  std::vector<Problem> problems;  // the first kMaxProblems
  std::int64_t problem_count = 0;
  std::set<ProblemKind> kinds;  // of all problems
  bool is_readable = true;      // false: not one record could be read, or this is no export
  bool is_absent = false;       // there is neither a record nor a head of the organization
  Coverage coverage = Coverage::whole;
  Timestamp checked_at;
  bool ok() const { return problem_count == 0; }
};

/// `gatehouse audit verify`: 0 ok, 2 tampered, 3 truncated (and nothing worse), 4 unreadable (no record at
/// all could be read, or the file is no export), 5 nothing found but less than the whole chain was there,
/// which `accept_partial` makes 0.
int exit_code(const VerifyReport&, bool accept_partial = false);

/// One hash over the heads of all chains of a region: SHA-256 of `gatehouse region head 1` and a zero byte,
/// then for each chain by its organization's id (nil: the platform's) the 16 bytes of the id, the sequence in
/// 8 bytes, most significant first, and the hash of its last record.
Hash region_head(const std::map<Uuid, std::pair<std::int64_t, Hash>>& chains);

/// Runs a batch in a session of the caller's making and gives the Rows of its last statement: the API puts
/// its context before it, the command line uses a pool.
using RunBatch = std::function<Task<pg::Rows>(pg::Batch)>;

struct VerifyOptions {
  int page = 500;  // events read and checked between two waits
  /// What an earlier verification gave: head_hash as of `sequence`, which counts as Problem::sequence does.
  std::optional<Head> expected = std::nullopt;
  /// Read before: of an organization's chain, or of all chains of the region.
  Marks marks = {};
  /// Of an organization: an empty chain is a problem, because who asks has been recorded before.
  bool has_events = false;
};

/// Every chain of the region as of the start, in memory bounded by the number of organizations. As
/// gatehouse_audit. Events appended meanwhile are not looked at.
Task<VerifyReport> verify_region(RunBatch, Region, VerifyOptions = {});
/// One organization's chain, or the platform's. As gatehouse_app with its context, or gatehouse_audit.
Task<VerifyReport> verify_organization(RunBatch, std::optional<OrganizationId>, VerifyOptions = {});
/// A JSON Lines export, without a database.
VerifyReport verify_export(std::istream&, std::optional<Head> = std::nullopt);

}  // namespace gatehouse::audit
