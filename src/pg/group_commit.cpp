#include "pg/group_commit.h"

#include <exception>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/vital_loop.h"
#include "pg/error.h"
#include "pg/pool.h"

namespace gatehouse::pg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause{10}, kLongestPause{500};
constexpr std::chrono::seconds kMaxTry{5};
constexpr std::chrono::milliseconds kLaterWithin{100};

/// A stack that many push to and one empties.
class Submissions {
 public:
  ~Submissions() {
    take([](auto) {});
  }

  /// Whether it was empty. Once pushed the entry is the writer's, which may finish and free it at once.
  bool push(std::unique_ptr<GroupWriter::Entry> entry) {
    auto* one = entry.release();
    auto* before = first_.load(std::memory_order_relaxed);
    do {
      one->next = before;
    } while (
        !first_.compare_exchange_weak(before, one, std::memory_order_release, std::memory_order_relaxed));
    return !before;
  }
  /// Newest first.
  void take(auto use) {
    for (auto* one = first_.exchange(nullptr, std::memory_order_acquire); one;) {
      std::unique_ptr<GroupWriter::Entry> entry(one);
      one = std::exchange(one->next, nullptr);
      use(std::move(entry));
    }
  }

 private:
  std::atomic<GroupWriter::Entry*> first_{nullptr};
};

}  // namespace

/// Touched on the submitter's reactor alone, but for its count of references.
struct Pending::State {
  explicit State(Executor executor) : caller(executor), guard(executor) {}

  Executor caller;
  // Keeps the submitter's reactor running while nothing else does.
  asio::executor_work_guard<Executor> guard;
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

struct GroupWriter::State : std::enable_shared_from_this<State> {
  using Entries = std::deque<std::unique_ptr<Entry>>;

  State(Executor executor, GroupCommitOptions chosen, GroupCommitMetrics metrics, Write write_batch)
      : options(std::move(chosen)),
        measured(metrics),
        write_(std::move(write_batch)),
        reactor(executor),
        idle(executor, Deadline::max()) {}

  std::exception_ptr failure(const char* why) const {
    return std::make_exception_ptr(Failure(options.name + ": " + why));
  }

  /// False if it does not fit or the writer is about to end.
  bool reserve(Weight weight) {
    // Counted before `closing` is read, while the writer reads them the other way round before it ends:
    // either it stays for us or we see that it goes.
    bool fits = units.fetch_add(weight.units) + weight.units <= options.max_queued;
    fits &= bytes.fetch_add(weight.bytes) + weight.bytes <= options.max_queued_bytes;
    if (closing || !fits) {
      units.fetch_sub(weight.units);
      bytes.fetch_sub(weight.bytes);
      return false;
    }
    measured.queue.add(static_cast<std::int64_t>(weight.units));
    return true;
  }

  void stamp(Entry& entry) const {
    entry.submitted_at = Clock::now();
    entry.deadline = entry.submitted_at + options.deadline;
  }

  void wake() {
    asio::post(reactor, [self = shared_from_this()] { self->idle.cancel(); });
  }

  void take_in() {
    auto take = [this](Submissions& from) {
      auto end = waiting.size();
      from.take([this](auto entry) { waiting.push_back(std::move(entry)); });
      std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(end), waiting.end());
    };
    take(incoming);
    take(later);
  }

  /// One post a reactor, so that a batch wakes each of them once.
  void finish(Entries done, std::exception_ptr error) {
    auto current = Clock::now();
    std::unordered_map<asio::execution_context*, std::vector<std::shared_ptr<Pending::State>>> by_reactor;
    for (auto& entry : done) {
      units.fetch_sub(entry->weight.units);
      bytes.fetch_sub(entry->weight.bytes);
      measured.queue.add(-static_cast<std::int64_t>(entry->weight.units));
      if (!entry->pending) continue;
      if (!error)
        measured.seconds.observe(std::chrono::duration<double>(current - entry->submitted_at).count());
      by_reactor[&entry->pending->caller.context()].push_back(std::move(entry->pending));
    }
    for (auto& [context, group] : by_reactor) {
      auto caller = group.front()->caller;
      asio::post(caller, [finished = std::move(group), error] {
        for (const auto& pending : finished) {
          pending->done = true;
          pending->error = error;
          pending->guard.reset();
          if (auto resume = std::exchange(pending->resume, nullptr)) resume();
        }
      });
    }
  }

  Entries next_batch() {
    Entries batch;
    Weight sum{.units = 0};
    while (!waiting.empty()) {
      auto weight = waiting.front()->weight;
      sum.units += weight.units;
      sum.bytes += weight.bytes;
      if (!batch.empty() && (sum.units > options.max_batch || sum.bytes > options.max_batch_bytes)) break;
      batch.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    return batch;
  }

  static Task<void> run(std::shared_ptr<State> self) {
    while (!self->aborted) {
      self->take_in();
      if (!self->waiting.empty()) {
        co_await write(self, self->next_batch());
      } else if (self->closing && self->units == 0) {
        break;
      } else {
        // The timer is for what was submitted for later; everything else cancels it.
        self->idle.expires_after(kLaterWithin);
        co_await self->idle.async_wait(use_result);
      }
    }
    self->take_in();
    self->finish(std::move(self->waiting), self->failure("closed"));
    self->waiting.clear();
    // What it holds (a connection) belongs to this reactor.
    self->write_ = nullptr;
  }

  /// Nothing of `batch` is left unfinished when it returns.
  static Task<void> write(std::shared_ptr<State> self, Entries batch) {
    bool uncertain = false;
    auto pause = kFirstPause;
    while (true) {
      auto current = Clock::now();
      Entries late;
      std::vector<const Entry*> entries;
      std::erase_if(batch, [&](auto& entry) {
        bool is_late = entry->deadline <= current || self->aborted;
        if (is_late)
          late.push_back(std::move(entry));
        else
          entries.push_back(entry.get());
        return is_late;
      });
      if (!late.empty()) self->finish(std::move(late), self->failure("could not be made durable in time"));
      if (batch.empty()) co_return;

      std::exception_ptr fatal;
      try {
        co_await self->write_(std::move(entries), uncertain, current + kMaxTry);
        self->finish(std::move(batch), nullptr);
        co_return;
      } catch (const PoolExhausted&) {
      } catch (const Error& error) {
        log::warn("pg.group_commit_failed", {{"writer", self->options.name}, {"error", error.what()}});
        if (!error.may_pass()) fatal = std::current_exception();
      } catch (const std::exception& error) {
        log::error("pg.group_commit_failed", {{"writer", self->options.name}, {"error", error.what()}});
        fatal = std::current_exception();
      }
      if (fatal && batch.size() == 1) {
        self->finish(std::move(batch), fatal);
        co_return;
      }
      if (fatal) {
        for (auto& entry : batch) {
          Entries alone;
          alone.push_back(std::move(entry));
          co_await write(self, std::move(alone));
        }
        co_return;
      }
      uncertain = true;
      co_await sleep_for(pause);
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  GroupCommitOptions options;
  GroupCommitMetrics measured;
  Write write_;  // the writer's
  Executor reactor;
  Timer idle;
  Entries waiting;       // the writer's
  bool aborted = false;  // the writer's
  Submissions incoming;
  Submissions later;
  std::atomic<std::size_t> units{0};  // submitted and not finished
  std::atomic<std::size_t> bytes{0};
  std::atomic<bool> closing{false};
};

GroupWriter::GroupWriter(Executor writer, GroupCommitOptions options, GroupCommitMetrics metrics, Write write)
    : state_(std::make_shared<State>(writer, std::move(options), metrics, std::move(write))) {
  run_vital(writer, state_->options.name, State::run(state_));
}

GroupWriter::~GroupWriter() {
  state_->closing = true;
  asio::post(state_->reactor, [state = state_] {
    state->aborted = true;
    state->idle.cancel();
  });
}

Pending GroupWriter::submit(Executor caller, std::unique_ptr<Entry> entry) {
  if (!state_->reserve(entry->weight))
    throw Failure(state_->options.name + (state_->closing ? ": closed" : ": too much waits to be durable"));
  state_->stamp(*entry);
  auto pending = std::make_shared<Pending::State>(caller);
  entry->pending = pending;
  // Whoever finds the list empty wakes the writer; the others' entries are found with it.
  if (state_->incoming.push(std::move(entry))) state_->wake();
  return Pending(std::move(pending));
}

bool GroupWriter::submit_later(std::unique_ptr<Entry> entry) {
  if (!state_->reserve(entry->weight)) return false;
  state_->stamp(*entry);
  state_->later.push(std::move(entry));
  return true;
}

Task<bool> GroupWriter::close(Deadline deadline) {
  state_->closing = true;
  state_->wake();
  while (state_->units > 0 && Clock::now() < deadline) co_await sleep_for(std::chrono::milliseconds(1));
  co_return state_->units == 0;
}

}  // namespace gatehouse::pg
