#include "audit/appender.h"

#include <atomic>
#include <deque>
#include <exception>
#include <functional>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "audit/chain_writer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxTogether = 4096;
constexpr std::size_t kMaxBatchBytes = 4 << 20;
constexpr std::chrono::seconds kMaxTry{5};
constexpr std::chrono::milliseconds kFirstPause{10}, kLongestPause{500};
// Commits that chained several events follow each other no faster than this: a commit of a few costs nearly
// as much as one of many.
constexpr std::chrono::microseconds kPace{1'000};
constexpr std::size_t kSeveral = 4;

struct Submission {
  std::vector<Prepared> events;
  std::size_t bytes = 0;
  pg::Deadline deadline;
  pg::Deadline submitted_at;
  std::move_only_function<void(std::exception_ptr)> done;  // resumes the caller on its reactor
  Submission* next = nullptr;                              // while in `incoming_`
};

std::exception_ptr failure(const char* why) {
  return std::make_exception_ptr(Failure(why));
}

}  // namespace

struct Appender::State : std::enable_shared_from_this<State> {
  State(Executor executor, AppenderOptions chosen)
      : options(std::move(chosen)),
        reactor(executor),
        idle(executor, pg::Deadline::max()),
        writer(executor, options.region, options.database),
        appended(metrics::counter("gatehouse_audit_appended_total", "Events chained",
                                  {{"region", to_string(options.region)}})),
        queue(metrics::gauge("gatehouse_audit_append_queue", "Events waiting to be chained",
                             {{"region", to_string(options.region)}})),
        seconds(metrics::histogram("gatehouse_audit_append_seconds", "From submission to durable and chained",
                                   {{"region", to_string(options.region)}})) {}

  ~State() {
    for (auto* one = incoming.exchange(nullptr); one;) {
      std::unique_ptr<Submission> owner(one);
      one = one->next;
    }
  }

  void reserve(const Submission& submission) {
    // Counted before `closing` is read, while the writer reads them the other way round before it ends:
    // either it stays for us or we see that it goes.
    auto count = submission.events.size();
    bool fits = events.fetch_add(count) + count <= options.max_queued;
    fits &= bytes.fetch_add(submission.bytes) + submission.bytes <= options.max_queued_bytes;
    if (closing || !fits) {
      events.fetch_sub(count);
      bytes.fetch_sub(submission.bytes);
      throw Failure(closing ? "audit: the appender is closed" : "audit: too many events wait to be chained");
    }
    queue.add(static_cast<std::int64_t>(count));
  }

  void submit(std::unique_ptr<Submission> submission) {
    auto* one = submission.release();
    // Kept apart: once published, the submission is the writer's and may be gone.
    Submission* before = incoming.load(std::memory_order_relaxed);
    do {
      one->next = before;
    } while (
        !incoming.compare_exchange_weak(before, one, std::memory_order_release, std::memory_order_relaxed));
    // Whoever finds the list empty wakes the writer; the others' events are found with it.
    if (!before) wake();
  }

  void wake() {
    asio::post(reactor, [self = shared_from_this()] { self->idle.cancel(); });
  }

  void take_incoming() {
    std::deque<std::unique_ptr<Submission>> taken;
    for (auto* one = incoming.exchange(nullptr, std::memory_order_acquire); one;) {
      taken.emplace_front(one);  // the list is newest first
      one = std::exchange(one->next, nullptr);
    }
    std::ranges::move(taken, std::back_inserter(waiting));
  }

  void finish(std::unique_ptr<Submission> submission, std::exception_ptr error) {
    auto count = submission->events.size();
    events.fetch_sub(count);
    bytes.fetch_sub(submission->bytes);
    queue.add(-static_cast<std::int64_t>(count));
    if (!error) {
      appended.add(count);
      seconds.observe(
          std::chrono::duration<double>(std::chrono::steady_clock::now() - submission->submitted_at).count());
    }
    submission->done(error);
  }

  void fail_all(const char* why) {
    take_incoming();
    while (!waiting.empty()) {
      auto first = std::move(waiting.front());
      waiting.pop_front();
      finish(std::move(first), failure(why));
    }
  }

  std::vector<std::unique_ptr<Submission>> next_batch() {
    std::vector<std::unique_ptr<Submission>> batch;
    std::size_t count = 0, size = 0;
    while (!waiting.empty()) {
      const auto& first = *waiting.front();
      count += first.events.size();
      size += first.bytes;
      if (!batch.empty() && (count > options.max_batch || size > kMaxBatchBytes)) break;
      batch.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    return batch;
  }

  static Task<void> run(std::shared_ptr<State> self) {
    while (!self->aborted) {
      self->take_incoming();
      if (!self->waiting.empty()) {
        using Clock = std::chrono::steady_clock;
        if (auto pause = self->paced_until - Clock::now(); pause > Clock::duration::zero()) {
          co_await sleep_for(pause);
          self->take_incoming();
        }
        auto started = Clock::now();
        auto batch = self->next_batch();
        if (batch.size() >= kSeveral) self->paced_until = started + kPace;
        co_await write(self, std::move(batch));
      } else if (self->closing && self->events == 0) {
        break;
      } else {
        co_await self->idle.async_wait(use_result);
      }
    }
    self->fail_all("audit: the appender is closed");
    self->writer.close();
  }

  static Task<void> write(std::shared_ptr<State> self, std::vector<std::unique_ptr<Submission>> batch) {
    bool uncertain = false;
    auto pause = kFirstPause;
    while (true) {
      auto current = std::chrono::steady_clock::now();
      std::vector<const Prepared*> events;
      std::erase_if(batch, [&](auto& submission) {
        if (submission->deadline > current && !self->aborted) {
          for (const auto& one : submission->events) events.push_back(&one);
          return false;
        }
        self->finish(std::move(submission), failure("audit: the events could not be made durable in time"));
        return true;
      });
      if (batch.empty()) co_return;

      std::exception_ptr fatal;
      try {
        co_await self->writer.write(std::move(events), uncertain, current + kMaxTry);
        for (auto& submission : batch) self->finish(std::move(submission), nullptr);
        co_return;
      } catch (const pg::PoolExhausted&) {
      } catch (const pg::Error& error) {
        log::warn("audit.append_failed",
                  {{"region", to_string(self->options.region)}, {"error", error.what()}});
        bool passes = error.is_connection() || error.is_timeout() || error.is_serialization_failure() ||
                      error.is_lock_timeout();
        if (!passes) fatal = std::current_exception();
      } catch (const std::exception& error) {
        log::error("audit.append_failed",
                   {{"region", to_string(self->options.region)}, {"error", error.what()}});
        fatal = std::current_exception();
      }
      if (fatal) {
        for (auto& submission : batch) self->finish(std::move(submission), fatal);
        co_return;
      }
      uncertain = true;
      co_await sleep_for(pause);
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  AppenderOptions options;
  Executor reactor;
  Timer idle;
  ChainWriter writer;
  std::deque<std::unique_ptr<Submission>> waiting;      // the writer's
  std::chrono::steady_clock::time_point paced_until{};  // the writer's
  bool aborted = false;                                 // the writer's
  std::atomic<Submission*> incoming{nullptr};
  std::atomic<std::size_t> events{0};  // submitted and not finished
  std::atomic<std::size_t> bytes{0};
  std::atomic<bool> closing{false};
  metrics::Counter& appended;
  metrics::Gauge& queue;
  metrics::Histogram& seconds;
};

Appender::Appender(Executor writer, AppenderOptions options)
    : state_(std::make_shared<State>(writer, std::move(options))) {
  asio::co_spawn(writer, State::run(state_), asio::detached);
}

Appender::~Appender() {
  state_->closing = true;
  asio::post(state_->reactor, [state = state_] {
    state->aborted = true;
    state->idle.cancel();
  });
}

Task<void> Appender::append(Event event) {
  std::vector<Event> one;
  one.push_back(std::move(event));
  return append_all(std::move(one));
}

Task<void> Appender::append_all(std::vector<Event> events) {
  if (events.empty()) co_return;
  if (events.size() > kMaxTogether) throw Failure("audit: at most 4096 events are appended together");
  auto submission = std::make_unique<Submission>();
  submission->events.reserve(events.size());
  for (auto& event : events) {
    auto encoded = encode_event(event);
    submission->bytes += encoded.size() + 256;
    submission->events.push_back({std::move(event), std::move(encoded)});
  }
  submission->submitted_at = std::chrono::steady_clock::now();
  submission->deadline = submission->submitted_at + state_->options.deadline;
  state_->reserve(*submission);

  auto initiate = [](auto handler, std::shared_ptr<State> state, std::unique_ptr<Submission> waiting) {
    auto reactor = asio::get_associated_executor(handler);
    // The guard keeps the caller's reactor running while nothing else does.
    waiting->done = [handler = std::move(handler), guard = asio::make_work_guard(reactor),
                     reactor](std::exception_ptr error) mutable {
      asio::post(reactor, [handler = std::move(handler), error]() mutable { std::move(handler)(error); });
      guard.reset();
    };
    state->submit(std::move(waiting));
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(std::exception_ptr)>(
      initiate, use_task, state_, std::move(submission));
}

Task<bool> Appender::close(pg::Deadline deadline) {
  state_->closing = true;
  state_->wake();
  while (state_->events > 0 && std::chrono::steady_clock::now() < deadline)
    co_await sleep_for(std::chrono::milliseconds(1));
  co_return state_->events == 0;
}

}  // namespace gatehouse::audit
