#include "pg/pipeline.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "pg/session.h"

namespace gatehouse::pg {
namespace {

// Deeper gains no throughput and makes the last wait for all before it.
constexpr std::size_t kDepth = 16;

}  // namespace

struct Pipeline::Call {
  Batch batch;
  Deadline deadline;
  Timer wake;
  Reply reply = {};
  // Not owned: the lane owns those in flight, and both must go when a reactor is destroyed under them.
  std::weak_ptr<Lane> lane = {};
  std::exception_ptr failure = {};
  bool finished = false;
  bool abandoned = false;

  void finish(std::exception_ptr why = {}) {
    failure = std::move(why);
    finished = true;
    lane.reset();
    wake.cancel();
  }
};

struct Pipeline::Lane {
  std::shared_ptr<Session> session;  // none while the connection is being borrowed
  std::deque<std::shared_ptr<Call>> in_flight;
  bool retiring = false;

  bool takes_more() const { return session && !retiring && in_flight.size() < kDepth; }
};

Pipeline::Pipeline(Executor executor, Acquire acquire, std::size_t lanes, std::size_t max_waiting)
    : executor_(executor), acquire_(std::move(acquire)), max_lanes_(lanes), max_waiting_(max_waiting) {}

Task<std::vector<Rows>> Pipeline::run(Batch batch, Deadline deadline) {
  if (batch.empty()) co_return std::vector<Rows>{};
  auto self = shared_from_this();
  auto call = std::make_shared<Call>(std::move(batch), deadline, Timer(executor_));
  auto first = co_await run_once(call);
  if (!call->reply.error) co_return first;
  // It relied on the Parse of a batch ahead of it, which failed before it got there. Nothing of ours was
  // done, so it is asked again, with a Parse of its own.
  if (call->reply.error->sqlstate() == "26000") {
    call->reply = {};
    call->finished = false;
    first = co_await run_once(call);
  }
  if (call->reply.error) throw Error(*std::move(call->reply.error));
  co_return first;
}

Task<std::vector<Rows>> Pipeline::run_once(std::shared_ptr<Call> call) {
  if (closed_) throw PoolExhausted(PoolExhausted::Reason::closed);
  if (call->deadline <= std::chrono::steady_clock::now()) throw Error::deadline_passed();
  struct Leave {
    Pipeline& pipeline;
    std::shared_ptr<Call> call;
    ~Leave() {
      if (!call->finished) pipeline.leave(call);
    }
  } leave{*this, call};
  submit(call);
  if (!call->finished) {
    call->wake.expires_at(call->deadline);
    auto [ec] = co_await call->wake.async_wait(use_result);
    if (!call->finished && ec) throw boost::system::system_error(ec);
    if (!call->finished && call->lane.expired()) throw PoolExhausted(PoolExhausted::Reason::deadline);
    if (!call->finished) throw Error::deadline_passed(call->batch.items().front().name);
  }
  if (call->failure) std::rethrow_exception(call->failure);
  co_return std::move(call->reply.rows);
}

void Pipeline::submit(const std::shared_ptr<Call>& call) {
  auto emptiest = std::ranges::min_element(
      lanes_, {}, [](const auto& lane) { return lane->takes_more() ? lane->in_flight.size() : kDepth; });
  bool any = emptiest != lanes_.end() && (*emptiest)->takes_more();
  if (any && waiting_.empty() && ((*emptiest)->in_flight.empty() || lanes_.size() == max_lanes_)) {
    send(*emptiest, call);
    return;
  }
  if (waiting_.size() >= max_waiting_) throw PoolExhausted(PoolExhausted::Reason::queue_full);
  waiting_.push_back(call);
  open_lane();
}

void Pipeline::open_lane() {
  if (waiting_.empty() || lanes_.size() == max_lanes_) return;
  auto lane = std::make_shared<Lane>();
  lanes_.push_back(lane);
  asio::co_spawn(
      executor_,
      [](std::shared_ptr<Pipeline> self, std::shared_ptr<Lane> opening, Deadline deadline) -> Task<void> {
        co_await self->drive(opening, deadline);
        self->open_lane();
      }(shared_from_this(), lane, waiting_.front()->deadline),
      asio::detached);
}

void Pipeline::leave(const std::shared_ptr<Call>& call) {
  call->abandoned = true;
  auto lane = call->lane.lock();
  if (!lane) {
    std::erase(waiting_, call);
    return;
  }
  lane->retiring = true;
  bool all_left = std::ranges::all_of(lane->in_flight, [](const auto& other) { return other->abandoned; });
  if (all_left && lane->session) lane->session->close();
}

void Pipeline::send(const std::shared_ptr<Lane>& lane, const std::shared_ptr<Call>& call) {
  call->lane = lane;
  lane->in_flight.push_back(call);
  try {
    lane->session->send(call->batch, call->reply);
    lane->session->nudge_if_unsent();
  } catch (...) {
    // Half a batch may be in the buffer: nothing after it would be understood.
    lane->retiring = true;
    lane->session->close();
    std::erase(lane->in_flight, call);
    call->finish(std::current_exception());
  }
}

void Pipeline::send_waiting(const std::shared_ptr<Lane>& lane) {
  while (!waiting_.empty() && lane->takes_more()) {
    auto call = std::move(waiting_.front());
    waiting_.pop_front();
    send(lane, call);
  }
}

void Pipeline::fail(std::deque<std::shared_ptr<Call>>& calls, std::exception_ptr why) {
  for (auto& call : std::exchange(calls, {})) call->finish(why);
}

Task<void> Pipeline::drive(std::shared_ptr<Lane> lane, Deadline deadline) {
  try {
    auto lease = co_await acquire_(deadline);
    lane->session = lease->session_;
    bool rested = false;
    while (true) {
      send_waiting(lane);
      if (lane->in_flight.empty()) {
        // Those just answered may have more to ask: let them, once, before the connection goes back.
        if (std::exchange(rested, true) || lane->retiring) break;
        co_await asio::post(executor_, use_task);
        continue;
      }
      rested = false;
      if (lane->session->read(lane->in_flight.front()->reply)) {
        auto call = std::move(lane->in_flight.front());
        lane->in_flight.pop_front();
        lane->retiring = lane->retiring || lane->session->is_worn();
        call->finish();
      } else {
        co_await lane->session->wait();
      }
    }
    if (lane->retiring) lane->session->close();
    std::erase(lanes_, lane);
    lane->session.reset();
  } catch (const PoolExhausted& exhausted) {
    std::erase(lanes_, lane);
    // A deadline is one caller's, whose own timer tells it; the others wait on.
    if (exhausted.reason() != PoolExhausted::Reason::deadline) fail(waiting_, std::current_exception());
  } catch (...) {
    bool acquired = lane->session != nullptr;
    if (acquired) lane->session->close();
    std::erase(lanes_, lane);
    fail(acquired ? lane->in_flight : waiting_, std::current_exception());
    lane->session.reset();
  }
}

void Pipeline::close() {
  closed_ = true;
  fail(waiting_, std::make_exception_ptr(PoolExhausted(PoolExhausted::Reason::closed)));
}

}  // namespace gatehouse::pg
