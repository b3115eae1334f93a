// The walk itself, without a database: fed rows in order and what the heads say.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "audit/verify.h"

namespace gatehouse::audit {

/// Memory: one link for each chain, and the last kRememberedIds ids, among which a repeated one is found (a
/// database keeps ids unique by itself).
class ChainVerifier {
 public:
  static constexpr std::size_t kRememberedIds = 1 << 16;

  enum class Scope {
    region,        // rows of all chains by region_sequence, without gaps
    organization,  // rows of one chain by org_sequence, without gaps
    selection,     // some rows of one chain, in order
  };
  struct Options {
    Scope scope = Scope::region;
    std::optional<Region> region;                // if known
    std::optional<OrganizationId> organization;  // of the one chain; none: the platform's
    /// False if the rows may begin in mid-chain, as an export of a period does.
    bool from_start = true;
    std::optional<Head> expected;
    Marks marks;  // of chains whose rows are added
  };
  explicit ChainVerifier(Options);

  void add(const StoredEvent&);
  /// For rows that are not even that, and for what is not about one event.
  void add_problem(std::int64_t sequence, ProblemKind, std::string message,
                   std::optional<EventPlace> = std::nullopt);

  /// What the head of a chain says, after its rows were added.
  void check_head(std::optional<Uuid> organization, const ChainHead&);
  /// What the region's head says.
  void check_region_head(std::int64_t region_sequence, Timestamp sealed_at,
                         std::optional<std::string_view> region);

  VerifyReport finish();

 private:
  struct Link {
    std::int64_t sequence = 0;
    std::string hash;  // of the record as it is
    std::string
        stored_hash;  // the column's; if it differs that was reported, and the next row may name either
    bool headed = false;
    bool marked = false;  // its mark was compared
    bool is_hash(std::string_view other) const { return other == hash || other == stored_hash; }
  };
  /// About the row that is being added.
  void add_row_problem(std::int64_t at, ProblemKind, std::string message);
  void check_columns(const StoredEvent& row, const StoredEvent& expected, std::int64_t at);
  /// True if `sequence` follows `previous` at once.
  bool check_order(std::int64_t previous, std::int64_t sequence, std::int64_t at, std::string_view which);
  void check_link(const StoredEvent& row, const std::optional<Record>&, std::int64_t at);
  void check_id(const Uuid&, std::int64_t at);
  /// The head as of the last row; none before the first.
  std::optional<Hash> head_hash() const;
  void check_expected(std::int64_t at);
  void check_expected_was_seen();
  void check_marks();
  /// The region's sequence, or the chain's.
  std::int64_t end_of(const Link&) const;

  Options options_;
  VerifyReport report_;
  std::optional<EventPlace> row_;  // that is being added
  std::unordered_map<Uuid, Link> links_;
  Hash last_hash_{};
  std::int64_t region_sequence_ = 0;
  Timestamp sealed_at_ = Timestamp::min();
  bool expected_seen_ = false;
  std::int64_t unreadable_ = 0;
  std::unordered_set<Uuid> ids_;
  std::deque<Uuid> ids_in_order_;
};

}  // namespace gatehouse::audit
