// Gives a batch of events their places in the chains and commits them: the SQL half of the appender.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "audit/marks.h"
#include "audit/record.h"
#include "pg/pool.h"
#include "pg/transaction.h"

namespace gatehouse::audit {

/// An event and what encode_event made of it.
struct Prepared {
  Event event;
  std::string bytes;
};

/// One at a time, on one reactor.
class ChainWriter {
 public:
  /// `marks` is told of every chain that grew.
  ChainWriter(Executor, Region, pg::Config, std::shared_ptr<FreshMarks> marks);

  /// Returns when all events are durable and chained, in this order; those whose id is chained already are
  /// left out. `uncertain`: an earlier try may have been committed, so look before writing. Throws what pg/
  /// throws; after a lost connection or a passed deadline the outcome is unknown. Throws Failure, and writes
  /// nothing, if the database's heads are gone or lie before those that this process saw committed.
  Task<void> write(std::vector<const Prepared*> events, bool uncertain, pg::Deadline);

  void close() { pool_.close(); }

 private:
  struct Link {
    std::int64_t sequence = 0;
    Hash hash{};
  };
  /// Of organizations by id; the platform's is nil.
  using Links = std::unordered_map<Uuid, Link>;
  struct Position {
    std::int64_t sequence = 0;
    Timestamp sealed_at;
  };
  struct Chained;
  enum class Outcome { written, stale, duplicate };

  bool knows_all(const std::vector<const Prepared*>&) const;
  Chained chain(const std::vector<const Prepared*>&) const;
  pg::Params insert_params(const std::vector<const Prepared*>&, const Chained&) const;
  void remember(const Chained&);
  /// Compares what the database says with what this process saw committed. Throws Failure.
  void check_went_forward(const Position&, const Links& found, const std::vector<const Prepared*>&) const;
  Task<Outcome> write_from_cache(std::vector<const Prepared*>, pg::Deadline);
  Task<void> write_locked(std::vector<const Prepared*>, pg::Deadline);
  static pg::Batch locking_batch(const std::vector<const Prepared*>&);
  /// Takes in the answer to locking_batch, and drops events that are chained already.
  void learn(const std::vector<pg::Rows>&, bool was_cached, std::vector<const Prepared*>& events);

  Region region_;
  pg::Pool pool_;
  bool cached_ = false;  // position_ and links_ are the database's, as long as nobody else appends
  int contended_ = 0;    // so many batches lock at once, because another process appends too
  Position position_;
  Links links_;
  std::shared_ptr<FreshMarks> marks_;
};

}  // namespace gatehouse::audit
