// Group commit: what callers on any reactor submit is written by one coroutine, a batch at a time, so that
// they share a transaction and its fsync. While one batch is being committed the next one gathers.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "pg/connection.h"

namespace gatehouse::pg {

struct GroupCommitOptions {
  std::string name;             // in logs and failures: `models.journal`
  std::size_t max_batch = 512;  // units
  std::size_t max_batch_bytes = 4 << 20;
  std::size_t max_queued = 16'384;  // units
  std::size_t max_queued_bytes = 64 << 20;
  std::chrono::milliseconds deadline{10'000};
};

struct GroupCommitMetrics {
  metrics::Gauge& queue;        // units submitted and not finished
  metrics::Histogram& seconds;  // from submission to durable
};

/// What an entry takes of the bounds.
struct Weight {
  std::size_t units = 1;
  std::size_t bytes = 0;
};

/// Something submitted and not yet known to be durable. Move only; waited for on the reactor that submitted
/// it, at most once. Dropping it changes nothing: the writing goes on.
class Pending {
 public:
  struct State;
  explicit Pending(std::shared_ptr<State> state) : state_(std::move(state)) {}
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&&) noexcept = default;

  /// Returns when it is durable. Does not listen to cancellation, because the outcome would be unknown.
  /// Throws Failure if it could not be made durable within the deadline (it may still turn out to be), and
  /// pg::Error if the database refuses it.
  Task<void> wait();

 private:
  std::shared_ptr<State> state_;
};

/// The part of GroupCommit that does not know what is written.
class GroupWriter {
 public:
  struct Entry {
    virtual ~Entry() = default;

    Weight weight;
    std::shared_ptr<Pending::State> pending;  // null: nobody waits
    Deadline submitted_at;
    Deadline deadline;
    Entry* next = nullptr;  // while in a list of submissions
  };
  using Write = std::move_only_function<Task<void>(std::vector<const Entry*>, bool uncertain, Deadline)>;

  GroupWriter(Executor writer, GroupCommitOptions, GroupCommitMetrics, Write);
  ~GroupWriter();
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  Pending submit(Executor caller, std::unique_ptr<Entry>);
  bool submit_later(std::unique_ptr<Entry>);
  Task<bool> close(Deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// One a process and database. `submit` and `submit_later` are thread-safe.
template <class Item>
class GroupCommit {
 public:
  /// Writes the items in one transaction, in this order. `uncertain`: an earlier try of them may have been
  /// committed. After it throws, what may pass (a lost connection, a timeout, a conflict) is tried again
  /// until the entries' deadline; what else the database refuses is tried one by one, so that no item takes
  /// others with it. Called on the writer's reactor, one at a time; kept until the writer has ended.
  using Write = std::move_only_function<Task<void>(std::vector<const Item*>, bool uncertain, Deadline)>;

  /// The writer runs on `writer` until `close` or destruction, which fails what is still waiting.
  GroupCommit(Executor writer, GroupCommitOptions options, GroupCommitMetrics metrics, Write write)
      : writer_(writer, std::move(options), metrics,
                [write = std::move(write)](std::vector<const GroupWriter::Entry*> entries, bool uncertain,
                                           Deadline deadline) mutable {
                  std::vector<const Item*> items;
                  items.reserve(entries.size());
                  for (const auto* entry : entries) items.push_back(&static_cast<const Slot*>(entry)->item);
                  return write(std::move(items), uncertain, deadline);
                }) {}

  /// Throws Failure if the queue is full or closed: nothing was submitted.
  Pending submit(Executor caller, Item item, Weight weight = {}) {
    return writer_.submit(caller, std::make_unique<Slot>(std::move(item), weight));
  }
  /// Written along with the next batch, within a tenth of a second, and nobody waits. False, and dropped, if
  /// the queue is full or closed.
  bool submit_later(Item item, Weight weight = {}) {
    return writer_.submit_later(std::make_unique<Slot>(std::move(item), weight));
  }
  /// Refuses new submissions and waits for those made. False if some were left at the deadline.
  Task<bool> close(Deadline deadline) { return writer_.close(deadline); }

 private:
  struct Slot : GroupWriter::Entry {
    Slot(Item made, Weight takes) : item(std::move(made)) { weight = takes; }
    Item item;
  };

  GroupWriter writer_;
};

}  // namespace gatehouse::pg
