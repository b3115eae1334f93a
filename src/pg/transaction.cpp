#include "pg/transaction.h"

#include <iterator>

namespace gatehouse::pg {
namespace {

constexpr Statement kBegin{"pg.begin", "begin"};
constexpr Statement kCommit{"pg.commit", "commit"};
constexpr Statement kRollback{"pg.rollback", "rollback"};

}  // namespace

Transaction::Transaction(Lease lease, Deadline deadline, Batch prologue)
    : lease_(std::move(lease)), deadline_(deadline), prologue_(std::move(prologue)) {}

Task<std::vector<Rows>> Transaction::send(Batch batch, bool and_commit) {
  if (state_ == State::failed) throw Failure("a failed transaction can only be rolled back");
  if (state_ == State::over) throw Failure("the transaction is over");
  Batch all;
  std::size_t before = 0, wanted = batch.size();
  if (state_ == State::fresh) {
    all.add(kBegin).append(std::move(prologue_));
    before = all.size();
  }
  all.append(std::move(batch));
  if (and_commit) all.add(kCommit);

  state_ = State::failed;  // unless we come back
  auto rows = co_await lease_->run(std::move(all), deadline_);
  // A transaction that the server gave up answers COMMIT with ROLLBACK and without an error.
  if (and_commit && rows.back().tag() != "COMMIT") throw Failure("the server rolled the transaction back");
  state_ = and_commit ? State::over : State::open;
  auto first = std::next(rows.begin(), static_cast<std::ptrdiff_t>(before));
  auto last = std::next(first, static_cast<std::ptrdiff_t>(wanted));
  co_return std::vector<Rows>(std::make_move_iterator(first), std::make_move_iterator(last));
}

Task<std::vector<Rows>> Transaction::run(Batch batch) {
  co_return co_await send(std::move(batch), false);
}

Task<Rows> Transaction::query(Statement statement, Params values) {
  auto rows = co_await send(Batch(statement, std::move(values)), false);
  co_return std::move(rows.front());
}

Task<std::vector<Rows>> Transaction::commit(Batch last) {
  if (state_ == State::fresh && last.empty()) {
    state_ = State::over;
    co_return std::vector<Rows>{};
  }
  co_return co_await send(std::move(last), true);
}

Task<void> Transaction::rollback() {
  if (lease_->in_transaction()) co_await lease_->query(kRollback, {}, deadline_);
  state_ = State::over;
}

}  // namespace gatehouse::pg
