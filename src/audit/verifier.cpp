#include "audit/verifier.h"

#include <boost/describe/enum_to_string.hpp>

#include "crypto/digest.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kHashSize = 32;

std::string text(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

EventPlace place_of(const StoredEvent& row, const std::optional<Record>& record) {
  if (record) return {record->event.organization, record->place.org_sequence, AuditEventId{record->event.id}};
  auto organization = row.org_id ? std::optional(OrganizationId{*row.org_id}) : std::nullopt;
  return {organization, row.org_sequence, AuditEventId{row.id}};
}

/// The end of a chain, by its organization's id.
EventPlace place_of(const Uuid& chain, std::int64_t sequence) {
  return {chain.is_nil() ? std::nullopt : std::optional(OrganizationId{chain}), sequence, std::nullopt};
}

}  // namespace

std::string_view to_string(ProblemKind kind) {
  return boost::describe::enum_to_string(kind, "?");
}

int exit_code(const VerifyReport& report, bool accept_partial) {
  if (report.ok()) return report.coverage == Coverage::whole || accept_partial ? 0 : 5;
  if (!report.is_readable) return 4;
  return report.kinds == std::set{ProblemKind::truncated} ? 3 : 2;
}

Hash region_head(const std::map<Uuid, std::pair<std::int64_t, Hash>>& chains) {
  crypto::Sha256 digest;
  digest.update(std::string_view("gatehouse region head 1\0", 24));
  for (const auto& [id, head] : chains) {
    std::array<std::uint8_t, 8> sequence{};
    for (std::size_t i = 0; i < sequence.size(); ++i)
      sequence[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(head.first) >> (56 - 8 * i));
    digest.update(id.bytes).update(sequence).update(head.second);
  }
  return digest.finish();
}

ChainVerifier::ChainVerifier(Options options) : options_(std::move(options)) {}

void ChainVerifier::add_problem(std::int64_t sequence, ProblemKind kind, std::string message,
                                std::optional<EventPlace> event) {
  ++report_.problem_count;
  report_.kinds.insert(kind);
  if (report_.problems.size() < kMaxProblems)
    report_.problems.push_back({sequence, kind, std::move(message), event});
}

void ChainVerifier::add_row_problem(std::int64_t at, ProblemKind kind, std::string message) {
  add_problem(at, kind, std::move(message), row_);
}

bool ChainVerifier::check_order(std::int64_t previous, std::int64_t sequence, std::int64_t at,
                                std::string_view which) {
  if (sequence == previous + 1) return true;
  if (sequence <= previous)
    add_row_problem(at, ProblemKind::out_of_order,
                    fmt::format("{} {} stands after {}", which, sequence, previous));
  else if (options_.scope != Scope::selection)
    add_row_problem(at, ProblemKind::missing, fmt::format("{} {} follows {}", which, sequence, previous));
  return false;
}

void ChainVerifier::check_columns(const StoredEvent& row, const StoredEvent& expected, std::int64_t at) {
  std::string differing;
  auto compare = [&](std::string_view name, const auto& left, const auto& right) {
    if (left == right) return;
    differing += differing.empty() ? "" : ", ";
    differing += name;
  };
  compare("region_sequence", row.region_sequence, expected.region_sequence);
  compare("org_sequence", row.org_sequence, expected.org_sequence);
  compare("org_id", row.org_id, expected.org_id);
  compare("id", row.id, expected.id);
  compare("ts", row.ts, expected.ts);
  compare("sealed_at", row.sealed_at, expected.sealed_at);
  compare("actor_type", row.actor_type, expected.actor_type);
  compare("actor_id", row.actor_id, expected.actor_id);
  compare("action", row.action, expected.action);
  compare("resource_type", row.resource_type, expected.resource_type);
  compare("resource_id", row.resource_id, expected.resource_id);
  compare("resource", row.resource, expected.resource);
  compare("outcome", row.outcome, expected.outcome);
  compare("decision", row.decision, expected.decision);
  compare("workspace_id", row.workspace_id, expected.workspace_id);
  compare("request_id", row.request_id, expected.request_id);
  compare("payload_json", row.payload_json, expected.payload_json);
  compare("prev_hash", row.prev_hash, expected.prev_hash);
  if (!differing.empty())
    add_row_problem(at, ProblemKind::column_mismatch, "not what the record says: " + differing);
}

void ChainVerifier::check_link(const StoredEvent& row, const std::optional<Record>& record, std::int64_t at) {
  auto chain = row.org_id;
  auto sequence = row.org_sequence;
  auto prev_hash = row.prev_hash;
  if (record) {
    const auto& organization = record->event.organization;
    chain = organization ? std::optional(organization->value) : std::nullopt;
    sequence = record->place.org_sequence;
    prev_hash = text(record->place.prev_hash);
  }
  auto wanted = options_.organization ? std::optional(options_.organization->value) : std::nullopt;
  if (options_.scope != Scope::region && chain != wanted)
    add_row_problem(at, ProblemKind::wrong_organization, "the record is of another organization's chain");

  auto [found, first] = links_.try_emplace(chain.value_or(Uuid{}));
  auto& link = found->second;
  if (first) link.hash = link.stored_hash = std::string(kHashSize, '\0');
  bool may_start_here = first && (!options_.from_start || options_.scope == Scope::selection);
  if (!may_start_here) {
    bool adjacent = check_order(link.sequence, sequence, at, "the organization's sequence");
    if (adjacent && !link.is_hash(prev_hash))
      add_row_problem(at, ProblemKind::chain_broken, "prev_hash is not the hash of the record before");
  }
  link.sequence = sequence;
  link.hash = text(hash_record(row.record));
  link.stored_hash = row.hash;
  auto mark = options_.marks.find(chain.value_or(Uuid{}));
  if (mark == options_.marks.end() || mark->second.sequence != sequence) return;
  link.marked = true;
  if (link.hash != text(mark->second.hash))
    add_row_problem(at, ProblemKind::expected_mismatch, "the record is another than the server saw chained");
}

void ChainVerifier::check_id(const Uuid& id, std::int64_t at) {
  if (!ids_.insert(id).second) {
    add_row_problem(at, ProblemKind::duplicate_id, "the event stands in the chain already");
    return;
  }
  ids_in_order_.push_back(id);
  if (ids_in_order_.size() > kRememberedIds) {
    ids_.erase(ids_in_order_.front());
    ids_in_order_.pop_front();
  }
}

std::optional<Hash> ChainVerifier::head_hash() const {
  if (report_.events == 0) return std::nullopt;
  if (options_.scope != Scope::region) return last_hash_;
  std::map<Uuid, std::pair<std::int64_t, Hash>> chains;
  for (const auto& [id, link] : links_) {
    // A head may have made a link for a chain that has no record.
    if (link.sequence == 0) continue;
    auto& [sequence, hash] = chains[id];
    sequence = link.sequence;
    std::ranges::copy(link.hash, reinterpret_cast<char*>(hash.data()));
  }
  return region_head(chains);
}

void ChainVerifier::check_expected(std::int64_t at) {
  if (!options_.expected || options_.expected->sequence != at) return;
  expected_seen_ = true;
  if (options_.expected->hash != head_hash())
    add_row_problem(at, ProblemKind::expected_mismatch, "the chain does not pass through the expected head");
}

void ChainVerifier::check_expected_was_seen() {
  if (!options_.expected || expected_seen_) return;
  if (options_.expected->sequence > report_.last_sequence)
    add_problem(report_.last_sequence, ProblemKind::truncated, "the chain does not reach the expected head");
  else
    add_problem(report_.last_sequence, ProblemKind::expected_mismatch,
                "the expected head is not among these records");
}

void ChainVerifier::add(const StoredEvent& row) {
  bool by_region = options_.scope == Scope::region;
  auto record = parse_record(row.record);
  row_ = place_of(row, record);
  auto at = by_region ? row.region_sequence : row.org_sequence;
  if (by_region) check_order(region_sequence_, row.region_sequence, at, "the region's sequence");
  if (!by_region && report_.events > 0 && row.region_sequence <= region_sequence_)
    add_row_problem(at, ProblemKind::out_of_order, "the region's sequence goes back");
  region_sequence_ = row.region_sequence;
  if (report_.events++ == 0) report_.first_sequence = at;
  report_.last_sequence = at;

  auto hash = last_hash_ = hash_record(row.record);
  if (row.hash != text(hash)) add_row_problem(at, ProblemKind::hash_mismatch, "the hash is not the record's");
  check_link(row, record, at);
  check_expected(at);
  if (!record) {
    ++unreadable_;
    add_row_problem(at, ProblemKind::unreadable, "the record is not one of version 1");
    return;
  }
  check_columns(row, as_stored(*record, row.record), at);
  if (options_.region && record->place.region != *options_.region)
    add_row_problem(at, ProblemKind::wrong_region, "the record is of another region");
  if (record->place.sealed_at < sealed_at_)
    add_row_problem(at, ProblemKind::time_backwards, "sealed_at is before the previous record's");
  sealed_at_ = record->place.sealed_at;
  check_id(record->event.id.value, at);
}

void ChainVerifier::check_head(std::optional<Uuid> organization, const ChainHead& head) {
  auto chain = organization.value_or(Uuid{});
  auto& link = links_[chain];
  link.headed = true;
  auto at = end_of(link);
  auto place = place_of(chain, link.sequence);
  if (head.org_sequence > link.sequence)
    add_problem(at, ProblemKind::truncated,
                fmt::format("the chain ends at {}, its head is {}", link.sequence, head.org_sequence), place);
  else if (head.org_sequence < link.sequence)
    add_problem(at, ProblemKind::head_mismatch,
                fmt::format("the chain ends at {}, its head is {}", link.sequence, head.org_sequence), place);
  else if (!link.is_hash(head.hash))
    add_problem(at, ProblemKind::head_mismatch, "the head has another hash than the last record", place);
}

std::int64_t ChainVerifier::end_of(const Link& link) const {
  return options_.scope == Scope::region ? region_sequence_ : link.sequence;
}

void ChainVerifier::check_marks() {
  for (const auto& [chain, mark] : options_.marks) {
    const auto& link = links_[chain];
    if (link.marked) continue;
    if (mark.sequence > link.sequence)
      add_problem(
          end_of(link), ProblemKind::truncated,
          fmt::format("the chain ends at {}, and the server saw {} chained", link.sequence, mark.sequence),
          place_of(chain, link.sequence));
    else
      add_problem(end_of(link), ProblemKind::expected_mismatch,
                  fmt::format("there is no record {}, which the server saw chained", mark.sequence),
                  place_of(chain, mark.sequence));
  }
}

void ChainVerifier::check_region_head(std::int64_t region_sequence, Timestamp sealed_at,
                                      std::optional<std::string_view> region) {
  bool untouched = !region && region_sequence == 0;
  if (options_.region && !untouched && region != to_string(*options_.region))
    add_problem(region_sequence_, ProblemKind::wrong_region, "the region's head is of another region");
  if (region_sequence > region_sequence_)
    add_problem(region_sequence_, ProblemKind::truncated,
                fmt::format("the region ends at {}, its head is {}", region_sequence_, region_sequence));
  else if (region_sequence < region_sequence_ || (report_.events > 0 && sealed_at != sealed_at_))
    add_problem(region_sequence_, ProblemKind::head_mismatch, "the region's head is not the last record's");
}

VerifyReport ChainVerifier::finish() {
  if (options_.scope == Scope::region)
    for (const auto& [id, link] : links_)
      if (!link.headed)
        add_problem(region_sequence_, ProblemKind::head_mismatch, "the chain has no head",
                    place_of(id, link.sequence));
  check_expected_was_seen();
  check_marks();
  report_.head_hash = head_hash();
  if (report_.events > 0 && unreadable_ == report_.events) report_.is_readable = false;
  report_.checked_at = now();
  return std::move(report_);
}

}  // namespace gatehouse::audit
