#include "models/journal.h"

#include <atomic>
#include <exception>
#include <functional>
#include <unordered_map>
#include <variant>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "base/failpoint.h"
#include "base/log.h"
#include "base/metrics.h"
#include "json/value.h"
#include "models/journal_store.h"

namespace gatehouse::models {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause{10}, kLongestPause{500};
constexpr std::chrono::seconds kMaxTry{5};
// Under load a commit of a few entries costs both sides nearly as much as one of many, and the processor is
// what there is least of: commits that carried several entries follow each other no faster than this.
constexpr std::chrono::microseconds kPace{1'000};
constexpr std::size_t kSeveral = 4;
constexpr std::chrono::seconds kRecoveryDeadline{30};

std::exception_ptr failure(const char* why) {
  return std::make_exception_ptr(Failure(why));
}

bool may_pass(const pg::Error& error) {
  return error.is_connection() || error.is_timeout() || error.is_serialization_failure() ||
         error.is_lock_timeout();
}

audit::Event unknown_event(const Intent& intent) {
  auto event = audit::make_event(intent.call.chat ? "chat.message.create" : "model.call");
  event.id = intent.event;
  event.organization = intent.call.organization;
  event.actor_type = intent.call.actor_type;
  event.actor_id = intent.call.actor;
  event.resource_type = intent.call.chat ? "chat" : "model";
  event.resource_id = intent.call.chat ? intent.call.chat->to_string() : intent.call.model;
  event.outcome = audit::EventOutcome::unknown;
  event.workspace = intent.call.workspace;
  event.request_id = intent.request_id;
  json::Object payload{{"model", intent.call.model},
                       {"provider", intent.call.provider},
                       {"model_call_id", intent.call.id.to_string()}};
  if (intent.message) payload["message_id"] = intent.message->to_string();
  if (auto decision = json::parse(intent.decision_json); decision && decision->is_object()) {
    if (const auto* outcome = decision->as_object().if_contains("outcome"); outcome && outcome->is_string())
      event.decision = std::string(outcome->as_string());
    payload["prompt"] = *std::move(decision);
  }
  event.payload = std::move(payload);
  return event;
}

}  // namespace

std::string_view to_string(CallOutcome outcome) {
  return boost::describe::enum_to_string(outcome, "?");
}

/// Touched on the submitter's reactor alone.
struct Pending::State {
  explicit State(Executor executor) : caller(executor) {}

  Executor caller;
  bool done = false;
  std::exception_ptr error;
  std::move_only_function<void()> resume;
};

Task<void> Pending::wait() {
  auto state = std::move(state_);
  if (!state->done) {
    auto initiate = [](auto handler, State* waited) {
      waited->resume = [handler = std::move(handler)]() mutable { std::move(handler)(); };
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(initiate, use_task,
                                                                                 state.get());
  }
  if (state->error) std::rethrow_exception(state->error);
}

struct Journal::State : std::enable_shared_from_this<State> {
  struct Entry {
    std::variant<Intent, Settlement> what;
    std::shared_ptr<Pending::State> pending;
    // Keeps the submitter's reactor running while nothing else does.
    asio::executor_work_guard<Executor> guard;
    pg::Deadline submitted_at;
    pg::Deadline deadline;
    Entry* next = nullptr;  // while in `incoming`
  };
  using Entries = std::vector<std::unique_ptr<Entry>>;

  State(Executor executor, JournalOptions chosen)
      : options(std::move(chosen)),
        reactor(executor),
        idle(executor, pg::Deadline::max()),
        queue(metrics::gauge("gatehouse_journal_queue", "Intents and settlements waiting to be durable",
                             {{"region", to_string(options.region)}})),
        commits(metrics::counter("gatehouse_journal_commits_total", "Transactions of the journal",
                                 {{"region", to_string(options.region)}})),
        seconds(metrics::histogram("gatehouse_journal_seconds", "From submission to durable",
                                   {{"region", to_string(options.region)}})) {}

  ~State() {
    for (auto* one = incoming.exchange(nullptr); one;) {
      std::unique_ptr<Entry> owner(one);
      one = one->next;
    }
  }

  Pending submit(Executor caller, std::variant<Intent, Settlement> what) {
    // Counted before `closing` is read, while the writer reads them the other way round before it ends.
    bool fits = entries.fetch_add(1) < options.max_queued;
    if (closing || !fits) {
      entries.fetch_sub(1);
      throw Failure(closing ? "models: the journal is closed" : "models: the journal is full");
    }
    queue.add(1);
    auto pending = std::make_shared<Pending::State>(caller);
    auto current = Clock::now();
    auto* one = new Entry{.what = std::move(what),
                          .pending = pending,
                          .guard = asio::make_work_guard(caller),
                          .submitted_at = current,
                          .deadline = current + options.deadline};
    // Once it is in the list the entry is the writer's, which may finish and free it at once.
    Entry* before = incoming.load(std::memory_order_relaxed);
    do {
      one->next = before;
    } while (
        !incoming.compare_exchange_weak(before, one, std::memory_order_release, std::memory_order_relaxed));
    // Whoever finds the list empty wakes the writer; the others' entries are found with it.
    if (!before) wake();
    return Pending(std::move(pending));
  }

  void wake() {
    asio::post(reactor, [self = shared_from_this()] { self->idle.cancel(); });
  }

  void take_incoming() {
    auto first = waiting.size();
    for (auto* one = incoming.exchange(nullptr, std::memory_order_acquire); one;) {
      waiting.emplace_back(one);
      one = std::exchange(one->next, nullptr);
    }
    // The list is newest first.
    std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(first), waiting.end());
  }

  /// One post a reactor, so that a batch wakes each of them once.
  void finish(Entries done, std::exception_ptr error) {
    entries.fetch_sub(done.size());
    queue.add(-static_cast<std::int64_t>(done.size()));
    auto current = Clock::now();
    std::unordered_map<asio::execution_context*, Entries> by_reactor;
    for (auto& entry : done) {
      if (!error) seconds.observe(std::chrono::duration<double>(current - entry->submitted_at).count());
      by_reactor[&entry->pending->caller.context()].push_back(std::move(entry));
    }
    for (auto& [context, group] : by_reactor) {
      auto caller = group.front()->pending->caller;
      asio::post(caller, [finished = std::move(group), error]() mutable {
        for (auto& entry : finished) {
          auto pending = std::move(entry->pending);
          pending->done = true;
          pending->error = error;
          if (auto resume = std::exchange(pending->resume, nullptr)) resume();
        }
      });
    }
  }

  Entries next_batch() {
    Entries batch;
    auto count = std::min(waiting.size(), options.max_batch);
    std::move(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count),
              std::back_inserter(batch));
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
    return batch;
  }

  static Task<void> run(std::shared_ptr<State> self) {
    while (!self->aborted) {
      self->take_incoming();
      if (!self->waiting.empty()) {
        if (auto pause = self->paced_until - Clock::now(); pause > Clock::duration::zero()) {
          co_await sleep_for(pause);
          self->take_incoming();
        }
        auto started = Clock::now();
        auto batch = self->next_batch();
        if (batch.size() >= kSeveral) self->paced_until = started + kPace;
        co_await write(self, std::move(batch));
      } else if (self->closing && self->entries == 0) {
        break;
      } else {
        co_await self->idle.async_wait(use_result);
      }
    }
    self->take_incoming();
    self->finish(
        {std::make_move_iterator(self->waiting.begin()), std::make_move_iterator(self->waiting.end())},
        failure("models: the journal is closed"));
    self->waiting.clear();
    self->connection.reset();
  }

  /// Nothing of `batch` is left unfinished when it returns.
  static Task<void> write(std::shared_ptr<State> self, Entries batch) {
    auto pause = kFirstPause;
    while (true) {
      auto current = Clock::now();
      Entries late;
      std::erase_if(batch, [&](auto& entry) {
        bool is_late = entry->deadline <= current || self->aborted;
        if (is_late) late.push_back(std::move(entry));
        return is_late;
      });
      if (!late.empty())
        self->finish(std::move(late), failure("models: a call could not be made durable in time"));
      if (batch.empty()) co_return;

      std::exception_ptr fatal;
      try {
        co_await commit(self, batch, current + kMaxTry);
        self->finish(std::move(batch), nullptr);
        co_return;
      } catch (const pg::Error& error) {
        log::warn("models.journal_failed",
                  {{"region", to_string(self->options.region)}, {"error", error.what()}});
        if (!may_pass(error)) fatal = std::current_exception();
      } catch (const std::exception& error) {
        log::error("models.journal_failed",
                   {{"region", to_string(self->options.region)}, {"error", error.what()}});
        fatal = std::current_exception();
      }
      if (fatal && batch.size() == 1) {
        self->finish(std::move(batch), fatal);
        co_return;
      }
      if (fatal) {
        // One entry that the database refuses must not take the others with it.
        for (auto& entry : batch) {
          Entries alone;
          alone.push_back(std::move(entry));
          co_await write(self, std::move(alone));
        }
        co_return;
      }
      self->connection.reset();
      co_await sleep_for(pause);
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  static Task<void> commit(std::shared_ptr<State> self, const Entries& batch, pg::Deadline deadline) {
    std::vector<const Intent*> intents;
    std::vector<const Settlement*> settlements;
    for (const auto& entry : batch) {
      if (const auto* intent = std::get_if<Intent>(&entry->what))
        intents.push_back(intent);
      else
        settlements.push_back(&std::get<Settlement>(entry->what));
    }
    pg::Batch statements;
    if (!intents.empty()) add_intents(statements, intents, self->options.node, self->boot);
    if (!settlements.empty()) add_settlements(statements, settlements);
    if (!self->connection || !self->connection->is_reusable()) {
      self->connection.reset();
      self->connection.emplace(co_await open(self->options.database, deadline));
    }
    co_await self->connection->run(std::move(statements), deadline);
    self->commits.add();
  }

  static Task<pg::Connection> open(pg::Config database, pg::Deadline deadline) {
    auto connection = co_await pg::Connection::connect(std::move(database), deadline);
    co_await connection.execute_script(kJournalSession, deadline);
    co_return connection;
  }

  JournalOptions options;
  const Uuid boot = Uuid::v7();
  Executor reactor;
  Timer idle;
  std::optional<pg::Connection> connection;    // the writer's
  std::deque<std::unique_ptr<Entry>> waiting;  // the writer's
  Clock::time_point paced_until{};             // the writer's
  bool aborted = false;                        // the writer's
  std::atomic<Entry*> incoming{nullptr};
  std::atomic<std::size_t> entries{0};  // submitted and not finished
  std::atomic<bool> closing{false};
  metrics::Gauge& queue;
  metrics::Counter& commits;
  metrics::Histogram& seconds;
};

Journal::Journal(Executor writer, JournalOptions options)
    : state_(std::make_shared<State>(writer, std::move(options))) {
  asio::co_spawn(writer, State::run(state_), asio::detached);
}

Journal::~Journal() {
  state_->closing = true;
  asio::post(state_->reactor, [state = state_] {
    state->aborted = true;
    state->idle.cancel();
  });
}

Pending Journal::begin(Executor caller, Intent intent) {
  return state_->submit(caller, std::move(intent));
}

Pending Journal::settle(Executor caller, Settlement settlement) {
  return state_->submit(caller, std::move(settlement));
}

Task<std::size_t> Journal::recover(audit::Appender& appender) {
  auto deadline = pg::within(kRecoveryDeadline);
  auto connection = co_await State::open(state_->options.database, deadline);
  std::size_t recovered = 0;
  for (;;) {
    pg::Batch find;
    add_find_abandoned(find, state_->options.node, state_->boot, now() - kAbandonedAfter);
    auto rows = co_await connection.run(std::move(find), deadline);
    auto intents = read_abandoned(rows[0]);
    if (intents.empty()) break;
    // The event first: a crash in between finds the intent again, and the appender knows the event's id.
    std::vector<audit::Event> events;
    events.reserve(intents.size());
    for (const Intent& intent : intents) events.push_back(unknown_event(intent));
    co_await appender.append_all(std::move(events));
    std::vector<Settlement> settlements;
    std::vector<const Settlement*> pointers;
    settlements.reserve(intents.size());
    pointers.reserve(intents.size());
    for (const Intent& intent : intents)
      settlements.push_back({.call = intent.call, .is_estimated = true, .outcome = CallOutcome::unknown});
    for (const Settlement& settlement : settlements) pointers.push_back(&settlement);
    pg::Batch settle;
    add_mark_messages_unknown(settle, intents);
    add_settlements(settle, pointers);
    co_await connection.run(std::move(settle), deadline);
    recovered += intents.size();
  }
  if (recovered)
    log::warn("models.recovered", {{"region", to_string(state_->options.region)}, {"calls", recovered}});
  co_return recovered;
}

Task<bool> Journal::close(pg::Deadline deadline) {
  state_->closing = true;
  state_->wake();
  while (state_->entries > 0 && Clock::now() < deadline) co_await sleep_for(std::chrono::milliseconds(1));
  co_return state_->entries == 0;
}

}  // namespace gatehouse::models
