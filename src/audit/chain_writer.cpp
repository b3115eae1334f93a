#include "audit/chain_writer.h"

#include <span>
#include <unordered_set>

#include "base/error.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "pg/statement.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxLinks = 100'000;
constexpr int kStayContended = 8;

// One statement, so that from the cache a batch is one round trip: nothing is written unless the head still
// stands where we saw it. The update waits for another appender's lock and then looks at the row again. The
// nil UUID and the empty text stand for null, which lists do not carry.
constexpr pg::Statement kAppend{
    "audit.append",
    "with head as ("
    " update audit_head set region_sequence = $2, sealed_at = $3, region = $24 where region_sequence = $1"
    " returning region_sequence"
    "), chains as ("
    " insert into audit_chain_heads (org_id, org_sequence, hash)"
    " select * from unnest($4::uuid[], $5::bigint[], $6::bytea[]) where exists (select from head)"
    " on conflict (org_id) do update set org_sequence = excluded.org_sequence, hash = excluded.hash"
    "), events as ("
    " insert into audit_events (region_sequence, org_sequence, org_id, id, ts, sealed_at, actor_type, "
    "actor_id,"
    "  action, resource_type, resource_id, outcome, decision, workspace_id, request_id, payload_json, "
    "prev_hash,"
    "  hash, record)"
    " select $1 + position, org_sequence, nullif(org_id, '00000000-0000-0000-0000-000000000000'), id, ts, $3,"
    "  actor_type, nullif(actor_id, '00000000-0000-0000-0000-000000000000'), action, resource_type, "
    "resource_id,"
    "  outcome, nullif(decision, ''), nullif(workspace_id, '00000000-0000-0000-0000-000000000000'), "
    "request_id,"
    "  payload_json::json, prev_hash, hash, record"
    " from unnest($7::bigint[], $8::uuid[], $9::uuid[], $10::timestamptz[], $11::text[], $12::uuid[], "
    "$13::text[],"
    "  $14::text[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::text[], $20::text[], "
    "$21::bytea[],"
    "  $22::bytea[], $23::bytea[]) with ordinality as row (org_sequence, org_id, id, ts, actor_type, "
    "actor_id,"
    "  action, resource_type, resource_id, outcome, decision, workspace_id, request_id, payload_json, "
    "prev_hash,"
    "  hash, record, position)"
    " where exists (select from head)"
    ") select count(*) from head"};

constexpr pg::Statement kLockHead{"audit.lock_head",
                                  "select region, region_sequence, sealed_at from audit_head for update"};
constexpr pg::Statement kReadLinks{
    "audit.read_links", "select org_id, org_sequence, hash from audit_chain_heads where org_id = any ($1)"};
constexpr pg::Statement kFindChained{"audit.find_chained", "select id from audit_events where id = any ($1)"};

Uuid chain_of(const Event& event) {
  return event.organization ? event.organization->value : Uuid{};
}

// The payload's text inside the event's: no string can hold these keys with unescaped quotes.
std::string_view payload_of(std::string_view event_bytes) {
  constexpr std::string_view kKey = R"(,"payload":)";
  auto start = event_bytes.find(kKey) + kKey.size();
  return event_bytes.substr(start, event_bytes.rfind(R"(,"person_id":)") - start);
}

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// To begin anew, or to go on from where somebody put the heads, would cover up what was done.
[[noreturn]] void refuse(Region region, const std::string& what) {
  log::error("audit.append_refused", {{"region", to_string(region)}, {"error", what}});
  throw Failure("audit: " + what + ": nothing is appended to it; run `gatehouse audit verify`");
}

pg::Config for_appending(pg::Config config) {
  // Others wait behind our lock: a stalled process must not hold it for long.
  config.statement_timeout = std::chrono::seconds(10);
  config.idle_in_transaction_timeout = std::chrono::seconds(3);
  return config;
}

}  // namespace

struct ChainWriter::Chained {
  std::int64_t start = 0;
  Position position;  // after the batch
  Links links;        // of the organizations in it, after it
  std::vector<Place> places;
  std::vector<std::string> records;
  std::vector<Hash> hashes;
};

ChainWriter::ChainWriter(Executor executor, Region region, pg::Config config,
                         std::shared_ptr<FreshMarks> marks)
    : region_(region),
      pool_(executor, for_appending(std::move(config)),
            {.name = std::string(to_string(region)) + ".audit_append", .size = 1}),
      marks_(std::move(marks)) {}

Task<void> ChainWriter::write(std::vector<const Prepared*> events, bool uncertain, pg::Deadline deadline) {
  if (contended_ > 0) {
    --contended_;
  } else if (!uncertain && cached_ && knows_all(events)) {
    auto outcome = co_await write_from_cache(events, deadline);
    if (outcome == Outcome::written) co_return;
    if (outcome == Outcome::stale) contended_ = kStayContended;
  }
  co_await write_locked(std::move(events), deadline);
}

bool ChainWriter::knows_all(const std::vector<const Prepared*>& events) const {
  return std::ranges::all_of(events, [&](auto* one) { return links_.contains(chain_of(one->event)); });
}

ChainWriter::Chained ChainWriter::chain(const std::vector<const Prepared*>& events) const {
  Chained chained;
  chained.start = position_.sequence;
  chained.position = {position_.sequence + static_cast<std::int64_t>(events.size()),
                      std::max(now(), position_.sealed_at)};
  chained.places.reserve(events.size());
  chained.records.reserve(events.size());
  chained.hashes.reserve(events.size());
  auto sequence = position_.sequence;
  for (const auto* one : events) {
    auto id = chain_of(one->event);
    auto [link, first] = chained.links.try_emplace(id);
    if (first) link->second = links_.at(id);
    Place place{.region = region_,
                .region_sequence = ++sequence,
                .org_sequence = ++link->second.sequence,
                .prev_hash = link->second.hash,
                .sealed_at = chained.position.sealed_at};
    chained.records.push_back(encode_record(one->bytes, place));
    link->second.hash = hash_record(chained.records.back());
    chained.hashes.push_back(link->second.hash);
    chained.places.push_back(place);
  }
  return chained;
}

pg::Params ChainWriter::insert_params(const std::vector<const Prepared*>& events,
                                      const Chained& chained) const {
  pg::Params params;
  std::size_t size = 0;
  for (const auto& record : chained.records) size += 2 * record.size() + 256;
  params.reserve(24, size);
  params.add(chained.start);
  params.add(chained.position.sequence);
  params.add(chained.position.sealed_at);

  auto list = [&](const auto& range, auto get) {
    std::vector<std::decay_t<decltype(get(*range.begin()))>> values;
    values.reserve(range.size());
    for (const auto& one : range) values.push_back(get(one));
    params.add(values);
  };
  list(chained.links, [](const auto& link) { return link.first; });
  list(chained.links, [](const auto& link) { return link.second.sequence; });
  list(chained.links, [](const auto& link) { return link.second.hash; });

  list(chained.places, [](const Place& place) { return place.org_sequence; });
  list(events, [](auto* one) { return chain_of(one->event); });
  list(events, [](auto* one) { return one->event.id.value; });
  list(events, [](auto* one) { return one->event.recorded_at; });
  list(events, [](auto* one) { return to_string(one->event.actor_type); });
  list(events, [](auto* one) { return one->event.actor_id.value_or(Uuid{}); });
  list(events, [](auto* one) { return std::string_view(one->event.action); });
  list(events, [](auto* one) { return std::string_view(one->event.resource_type); });
  list(events, [](auto* one) { return std::string_view(one->event.resource_id); });
  list(events, [](auto* one) { return to_string(one->event.outcome); });
  list(events, [](auto* one) {
    return one->event.decision ? std::string_view(*one->event.decision) : std::string_view();
  });
  list(events, [](auto* one) { return one->event.workspace ? one->event.workspace->value : Uuid{}; });
  list(events, [](auto* one) { return std::string_view(one->event.request_id); });
  list(events, [](auto* one) { return payload_of(one->bytes); });
  list(chained.places, [](const Place& place) { return place.prev_hash; });
  list(chained.hashes, [](const Hash& hash) { return hash; });
  list(chained.records, [](const std::string& record) { return bytes(record); });
  params.add(to_string(region_));
  return params;
}

void ChainWriter::remember(const Chained& chained) {
  if (links_.size() > kMaxLinks) links_.clear();
  for (const auto& [id, link] : chained.links) links_[id] = link;
  position_ = chained.position;
  cached_ = true;
  for (const auto& [id, link] : chained.links) marks_->set(id, {link.sequence, link.hash});
}

Task<ChainWriter::Outcome> ChainWriter::write_from_cache(std::vector<const Prepared*> events,
                                                         pg::Deadline deadline) {
  auto chained = chain(events);
  // Until the answer is there, what the database holds is not known.
  cached_ = false;
  try {
    auto rows = co_await pool_.run(pg::Batch(kAppend, insert_params(events, chained)), deadline);
    if (rows.back().at(0, 0).integer() == 0) co_return Outcome::stale;
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return Outcome::duplicate;
  }
  GH_FAILPOINT("audit.append.committed");
  remember(chained);
  co_return Outcome::written;
}

Task<void> ChainWriter::write_locked(std::vector<const Prepared*> events, pg::Deadline deadline) {
  pg::Transaction transaction(co_await pool_.acquire(deadline), deadline);
  bool was_cached = std::exchange(cached_, false);
  auto rows = co_await transaction.run(locking_batch(events));
  learn(rows, was_cached, events);
  if (events.empty()) {
    co_await transaction.commit();
    cached_ = true;
    co_return;
  }
  auto chained = chain(events);
  auto written = co_await transaction.commit(pg::Batch(kAppend, insert_params(events, chained)));
  if (written.back().at(0, 0).integer() != 1) throw Failure("audit: the locked head moved");
  GH_FAILPOINT("audit.append.committed");
  remember(chained);
}

pg::Batch ChainWriter::locking_batch(const std::vector<const Prepared*>& events) {
  std::unordered_set<Uuid> chains;
  std::vector<Uuid> ids;
  ids.reserve(events.size());
  for (const auto* one : events) {
    chains.insert(chain_of(one->event));
    ids.push_back(one->event.id.value);
  }
  // Each statement has a snapshot of its own, taken when the lock is ours.
  pg::Batch batch;
  batch.add(kLockHead).add(kReadLinks, pg::params(std::vector<Uuid>(chains.begin(), chains.end())));
  batch.add(kFindChained, pg::params(ids));
  return batch;
}

void ChainWriter::check_went_forward(const Position& position, const Links& found,
                                     const std::vector<const Prepared*>& events) const {
  if (position.sequence < position_.sequence)
    refuse(region_, fmt::format("the region's head is {}, but {} was committed", position.sequence,
                                position_.sequence));
  for (const auto* one : events) {
    auto id = chain_of(one->event);
    auto known = links_.find(id);
    if (known == links_.end() || known->second.sequence == 0) continue;
    auto now = found.find(id);
    auto sequence = now == found.end() ? 0 : now->second.sequence;
    if (sequence < known->second.sequence)
      refuse(region_, fmt::format("the head of the chain {} is {}, but {} was committed", id.to_string(),
                                  sequence, known->second.sequence));
    if (sequence == known->second.sequence && now->second.hash != known->second.hash)
      refuse(region_, fmt::format("the head of the chain {} at {} is not the one that was committed",
                                  id.to_string(), sequence));
  }
}

void ChainWriter::learn(const std::vector<pg::Rows>& rows, bool was_cached,
                        std::vector<const Prepared*>& events) {
  const auto& head = rows.at(0);
  if (head.empty()) refuse(region_, "the region has no head");
  auto region = head.at(0, 0).get<std::optional<std::string>>();
  Position position{head.at(0, 1).integer(), head.at(0, 2).timestamp()};
  if (region.value_or(std::string(to_string(region_))) != to_string(region_))
    throw Failure("audit: this database belongs to another region");

  const auto& links = rows.at(1);
  Links found;
  for (std::size_t i = 0; i < links.size(); ++i) {
    Link link{.sequence = links.at(i, 1).integer()};
    auto hash = links.at(i, 2).binary();
    if (hash.size() != link.hash.size()) throw Failure("audit: a chain's head has no hash");
    std::ranges::copy(hash, link.hash.begin());
    found[links.at(i, 0).uuid()] = link;
  }
  check_went_forward(position, found, events);
  if (!was_cached || position.sequence != position_.sequence) links_.clear();
  position_ = position;
  for (const auto& [id, link] : found) links_[id] = link;

  std::unordered_set<Uuid> chained;
  for (auto id : rows.at(2).as<Uuid>()) chained.insert(id);
  // `insert` also leaves out what stands twice in this batch.
  std::erase_if(events, [&](auto* one) { return !chained.insert(one->event.id.value).second; });
  for (const auto* one : events) links_.try_emplace(chain_of(one->event));
}

}  // namespace gatehouse::audit
