#include "audit/drain.h"

#include <atomic>

#include <boost/asio/post.hpp>

#include "audit/marks.h"
#include "audit/outbox.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/vital_loop.h"
#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "pg/pool.h"
#include "pg/statement.h"
#include "pg/transaction.h"

namespace gatehouse::audit {
namespace {

// `array(…)` is taken once; a plain sub-select with LIMIT may be run again for each row.
constexpr pg::Statement kTake{"audit.take_outbox",
                              "delete from audit_outbox where id = any (array("
                              " select id from audit_outbox order by id limit $1 for update skip locked))"
                              " returning id, organization_id, recorded_at, event"};

// Counting stops at a bound; beyond it the lag says enough.
constexpr pg::Statement kMeasure{
    "audit.measure_outbox",
    "select count(*), coalesce(extract(epoch from now() - min(recorded_at)), 0)::bigint"
    " from (select recorded_at from audit_outbox order by id limit 100000) as waiting"};

constexpr std::chrono::seconds kCycleTime{30};
constexpr std::chrono::seconds kMeasurePause{1};
constexpr std::size_t kMaxUnreadable = 20 << 10;

struct Row {
  AuditEventId id;
  std::optional<OrganizationId> organization;
  Timestamp recorded_at;
  std::string_view bytes;
};

// Who may insert an event is checked by row-level security on the column, so the event must not say
// otherwise.
std::optional<Event> read_event(const Row& row) {
  auto event = parse_event(row.bytes);
  if (!event || event->id != row.id || event->organization != row.organization ||
      event->recorded_at != row.recorded_at)
    return std::nullopt;
  return event;
}

Event unreadable_event(const Row& row) {
  Event event = make_event("audit.unreadable_row");
  event.id = row.id;
  event.organization = row.organization;
  event.resource_type = "audit_outbox";
  event.resource_id = row.id.to_string();
  event.outcome = EventOutcome::failed;
  event.payload = json::Object{{"size", row.bytes.size()},
                               {"sha256", crypto::to_hex(crypto::sha256(crypto::ByteView(row.bytes)))},
                               {"base64", crypto::to_base64(row.bytes.substr(0, kMaxUnreadable))}};
  return event;
}

}  // namespace

struct Drain::State : std::enable_shared_from_this<State> {
  State(Executor executor, DrainOptions chosen, Appender& into)
      : options(std::move(chosen)),
        appender(into),
        fresh_marks(into.fresh_marks()),
        reactor(executor),
        pause(executor),
        pool(executor, options.database,
             {.name = std::string(to_string(options.region)) + ".audit_drain", .size = 1}),
        rows(metrics::gauge("gatehouse_audit_outbox_rows", "Events in the outbox, at most 100000",
                            {{"region", to_string(options.region)}})),
        lag(metrics::gauge("gatehouse_audit_outbox_lag_seconds", "Age of the oldest event in the outbox",
                           {{"region", to_string(options.region)}})),
        chained(metrics::histogram("gatehouse_audit_commit_to_chained_seconds",
                                   "From an event's recording to durable and chained, through the outbox",
                                   {{"region", to_string(options.region)}})) {}

  /// Gives the number of events moved.
  Task<std::size_t> cycle() {
    auto deadline = pg::within(kCycleTime);
    pg::Transaction transaction(co_await pool.acquire(deadline), deadline);
    auto taken = co_await transaction.query(kTake, pg::params(static_cast<std::int64_t>(options.batch)));
    if (taken.empty()) {
      co_await transaction.commit();
      co_return 0;
    }
    std::vector<Event> events;
    std::vector<Timestamp> recorded;
    events.reserve(taken.size());
    for (std::size_t i = 0; i < taken.size(); ++i) {
      auto bytes = taken.at(i, 3).binary();
      Row row{.id = {taken.at(i, 0).uuid()},
              .organization = taken.at(i, 1).get<std::optional<OrganizationId>>(),
              .recorded_at = taken.at(i, 2).timestamp(),
              .bytes = {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
      auto event = read_event(row);
      if (!event) log::error("audit.unreadable_row", {{"event_id", row.id.to_string()}});
      events.push_back(event ? std::move(*event) : unreadable_event(row));
      recorded.push_back(row.recorded_at);
    }
    // RETURNING has no order; ids are in order of time.
    std::ranges::sort(events, {}, &Event::id);
    auto count = events.size();
    co_await appender.append_all(std::move(events));
    GH_FAILPOINT("audit.drain.appended");
    auto sealed = now();
    for (auto at : recorded) chained.observe(std::chrono::duration<double>(sealed - at).count());
    co_await transaction.commit();
    co_return count;
  }

  Task<void> write_marks() {
    for (const auto& [chain, head] : fresh_marks->take()) unwritten[chain] = head;
    if (unwritten.empty()) co_return;
    pg::Batch batch;
    add_write_marks(batch, unwritten);
    co_await pool.run(std::move(batch), pg::within(std::chrono::seconds(5)));
    unwritten.clear();
  }

  Task<void> measure() {
    auto result = co_await pool.run(pg::Batch(kMeasure, {}), pg::within(std::chrono::seconds(5)));
    rows.set(result.back().at(0, 0).integer());
    lag.set(result.back().at(0, 1).integer());
  }

  Task<void> wait(std::chrono::milliseconds time) {
    if (stopping || hinted) co_return;
    pause.expires_after(time);
    co_await pause.async_wait(use_result);
  }

  static Task<void> run(std::shared_ptr<State> self) {
    auto poll = self->options.busy_poll;
    auto measured = pg::Deadline::min();
    bool backlog = false;
    while (!self->stopping) {
      if (self->hinted) {
        // Lowered only after the pause: hints that come while we gather need not wake us. Behind a full batch
        // there is nothing to gather.
        if (!backlog) {
          self->pause.expires_after(self->options.gather);
          co_await self->pause.async_wait(use_result);
        }
        self->hinted = false;
        poll = self->options.busy_poll;
      }
      auto asked = self->polls_asked.load();
      std::size_t moved = 0;
      bool failed = false;
      try {
        moved = co_await self->cycle();
        if (std::chrono::steady_clock::now() - kMeasurePause > measured) {
          co_await self->write_marks();
          co_await self->measure();
          measured = std::chrono::steady_clock::now();
        }
      } catch (const std::exception& error) {
        log::warn("audit.drain_failed",
                  {{"region", to_string(self->options.region)}, {"error", error.what()}});
        failed = true;
      }
      if (!failed && moved == 0) self->emptied_at = asked;
      if (moved > 0) poll = self->options.busy_poll;
      backlog = moved == self->options.batch;
      if (!backlog) co_await self->wait(poll);
      if (moved == 0) poll = std::min(poll * 2, self->options.idle_poll);
    }
    try {
      co_await self->write_marks();
    } catch (const std::exception& error) {
      log::warn("audit.marks_not_written",
                {{"region", to_string(self->options.region)}, {"error", error.what()}});
    }
    self->pool.close();
    self->over = true;
  }

  DrainOptions options;
  Appender& appender;
  std::shared_ptr<FreshMarks> fresh_marks;  // the appender may be gone when the loop ends
  Executor reactor;
  Timer pause;
  pg::Pool pool;
  Marks unwritten;
  bool stopping = false;
  std::atomic<bool> over{false};
  std::atomic<bool> hinted{false};
  // flush() raises the first; the second follows when a poll that began later found nothing.
  std::atomic<std::uint64_t> polls_asked{0};
  std::atomic<std::uint64_t> emptied_at{0};
  metrics::Gauge& rows;
  metrics::Gauge& lag;
  metrics::Histogram& chained;
};

Drain::Drain(Executor reactor, DrainOptions options, Appender& appender)
    : state_(std::make_shared<State>(reactor, std::move(options), appender)) {
  run_vital(reactor, "audit.drain", State::run(state_));
}

Drain::~Drain() {
  state_->stopping = true;
  state_->pause.cancel();
}

void Drain::notify_local() noexcept {
  if (state_->hinted.exchange(true)) return;
  try {
    asio::post(state_->reactor, [state = state_] { state->pause.cancel(); });
  } catch (const std::bad_alloc&) {
    // A hint lost is a poll later.
    state_->hinted = false;
  }
}

Task<bool> Drain::flush(pg::Deadline deadline) {
  auto mine = ++state_->polls_asked;
  while (state_->emptied_at < mine && !state_->over && std::chrono::steady_clock::now() < deadline) {
    notify_local();
    co_await sleep_for(std::chrono::milliseconds(1));
  }
  co_return state_->emptied_at >= mine;
}

Task<void> Drain::stop() {
  state_->stopping = true;
  state_->pause.cancel();
  while (!state_->over) co_await sleep_for(std::chrono::milliseconds(1));
}

}  // namespace gatehouse::audit
