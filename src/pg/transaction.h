// An explicit transaction on a borrowed connection.
#pragma once

#include <vector>

#include "base/task.h"
#include "pg/pool.h"

namespace gatehouse::pg {

/// Nothing is sent by the constructor: BEGIN and the prologue (session context) travel with the first batch,
/// COMMIT with the last, so a transaction of one batch is one round trip.
///
/// After an error only rollback is possible. Destroyed without commit it rolls back: the connection goes to
/// the pool only when the server has answered the ROLLBACK, else it is dropped.
class Transaction {
 public:
  /// `deadline` is for the whole transaction. The results of `prologue` are not handed out.
  Transaction(Lease lease, Deadline deadline, Batch prologue = {});

  /// One Rows for each statement of the batch. Throws Error; the transaction can then only be rolled back.
  Task<std::vector<Rows>> run(Batch);
  Task<Rows> query(Statement, Params);
  /// Sends `last` and COMMIT in one round trip and gives the results of `last`. If `last` fails, nothing is
  /// committed. An Error with `is_connection` or `is_timeout` leaves the outcome unknown.
  Task<std::vector<Rows>> commit(Batch last = {});
  Task<void> rollback();

  Deadline deadline() const { return deadline_; }

 private:
  enum class State { fresh, open, failed, over };
  Task<std::vector<Rows>> send(Batch, bool and_commit);

  Lease lease_;
  Deadline deadline_;
  Batch prologue_;
  State state_ = State::fresh;
};

}  // namespace gatehouse::pg
