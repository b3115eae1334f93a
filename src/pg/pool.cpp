#include "pg/pool.h"

#include <algorithm>
#include <deque>
#include <random>

#include "base/log.h"
#include "base/metrics.h"
#include "pg/pipeline.h"

namespace gatehouse::pg {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kFirstPause = 50ms;
constexpr auto kLongestPause = 5'000ms;
constexpr auto kRollbackLimit = 2s;

const char* describe(PoolExhausted::Reason reason) {
  switch (reason) {
    case PoolExhausted::Reason::queue_full:
      return "too many callers wait for a database connection";
    case PoolExhausted::Reason::deadline:
      return "no database connection became free in time";
    case PoolExhausted::Reason::closed:
      return "the database pool is closed";
  }
  return "";
}

}  // namespace

PoolExhausted::PoolExhausted(Reason reason) : Failure(describe(reason)), reason_(reason) {}

struct PoolWaiter {
  Timer timer;
  std::optional<Connection> granted;
  std::exception_ptr refused;
};

struct PoolState : std::enable_shared_from_this<PoolState> {
  Executor executor;
  Config config;
  PoolOptions options;
  std::vector<Connection> idle;  // the last used is the first lent: its caches are warm
  std::deque<PoolWaiter*> waiters;
  std::size_t lent = 0;
  std::size_t opening = 0;
  std::chrono::milliseconds pause{0};  // before the next attempt to connect
  bool closed = false;
  std::vector<Timer*> drainers;
  metrics::Gauge &in_use_gauge, &idle_gauge, &waiting_gauge;
  metrics::Counter &connects, &connect_failures;

  PoolState(Executor ex, Config c, PoolOptions o)
      : executor(ex),
        config(std::move(c)),
        options(std::move(o)),
        in_use_gauge(
            metrics::gauge("gatehouse_pg_pool_in_use", "Connections lent", {{"pool", options.name}})),
        idle_gauge(metrics::gauge("gatehouse_pg_pool_idle", "Connections idle", {{"pool", options.name}})),
        waiting_gauge(
            metrics::gauge("gatehouse_pg_pool_waiting", "Callers waiting", {{"pool", options.name}})),
        connects(
            metrics::counter("gatehouse_pg_connects_total", "Connections opened", {{"pool", options.name}})),
        connect_failures(metrics::counter("gatehouse_pg_connect_failures_total", "Attempts that failed",
                                          {{"pool", options.name}})) {}

  std::optional<Connection> take_idle();
  void put(Connection);
  void give_back(Connection);
  void forget_lent();
  void open_as_needed();
  Task<void> open_one();
  void refuse_all(std::exception_ptr);
  void shut();
};

std::optional<Connection> PoolState::take_idle() {
  while (!idle.empty()) {
    auto connection = std::move(idle.back());
    idle.pop_back();
    idle_gauge.add(-1);
    if (connection.check_idle()) return connection;
  }
  return std::nullopt;
}

// Hands a sound connection to whoever waits longest, or keeps it.
void PoolState::put(Connection connection) {
  if (closed || Clock::now() - connection.opened_at() > options.max_age) return;
  if (waiters.empty()) {
    idle.push_back(std::move(connection));
    idle_gauge.add(1);
    return;
  }
  auto* waiter = waiters.front();
  waiters.pop_front();
  waiter->granted.emplace(std::move(connection));
  waiter->timer.cancel();
  ++lent;
  in_use_gauge.add(1);
}

void PoolState::forget_lent() {
  --lent;
  in_use_gauge.add(-1);
  if (lent == 0)
    for (auto* timer : drainers) timer->cancel();
}

void PoolState::give_back(Connection connection) {
  if (connection.in_transaction() && !executor.context().stopped()) {
    // Whoever left it open is gone; the connection is worth one more round trip.
    asio::co_spawn(
        executor,
        [](std::shared_ptr<PoolState> self, Connection open) -> Task<void> {
          try {
            co_await open.execute_script("rollback", within(kRollbackLimit));
          } catch (const std::exception& error) {
            log::warn("pg.rollback_failed", {{"pool", self->options.name}, {"error", error.what()}});
            open.close();
          }
          if (open.in_transaction()) open.close();
          self->give_back(std::move(open));
        }(shared_from_this(), std::move(connection)),
        asio::detached);
    return;
  }
  forget_lent();
  if (connection.is_reusable()) put(std::move(connection));
  open_as_needed();
}

void PoolState::open_as_needed() {
  // After a failure one attempt at a time, so that a database coming back is not stormed.
  std::size_t parallel = pause.count() > 0 ? 1 : options.size;
  while (!closed && opening < std::min(parallel, waiters.size()) &&
         lent + idle.size() + opening < options.size) {
    ++opening;
    asio::co_spawn(
        executor,
        [](std::shared_ptr<PoolState> self) -> Task<void> { co_await self->open_one(); }(shared_from_this()),
        asio::detached);
  }
}

Task<void> PoolState::open_one() {
  std::exception_ptr hopeless;
  if (pause.count() > 0) {
    // Spread by up to a half, or all nodes return in step.
    thread_local std::minstd_rand random{std::random_device{}()};
    co_await sleep_for(pause + pause * static_cast<int>(random() % 50) / 100);
  }
  if (!closed) {
    try {
      auto connection = co_await Connection::connect(config, within(options.connect_timeout));
      connects.add();
      pause = {};
      --opening;
      put(std::move(connection));
      open_as_needed();
      co_return;
    } catch (const Error& error) {
      connect_failures.add();
      log::warn("pg.connect_failed",
                {{"pool", options.name}, {"sqlstate", error.sqlstate()}, {"error", error.what()}});
      if (error.sqlstate().starts_with("28") || error.sqlstate() == "3D000")
        hopeless = std::current_exception();
    } catch (const std::exception& error) {
      connect_failures.add();
      log::error("pg.connect_failed", {{"pool", options.name}, {"error", error.what()}});
      hopeless = std::current_exception();
    }
  }
  pause = std::clamp<std::chrono::milliseconds>(pause * 2, kFirstPause, kLongestPause);
  --opening;
  if (hopeless) refuse_all(hopeless);
  open_as_needed();
}

void PoolState::refuse_all(std::exception_ptr why) {
  for (auto* waiter : std::exchange(waiters, {})) {
    waiter->refused = why;
    waiter->timer.cancel();
  }
}

void PoolState::shut() {
  if (std::exchange(closed, true)) return;
  idle_gauge.add(-static_cast<std::int64_t>(idle.size()));
  idle.clear();
  refuse_all(std::make_exception_ptr(PoolExhausted(PoolExhausted::Reason::closed)));
}

Lease::Lease(std::shared_ptr<PoolState> pool, Connection connection)
    : pool_(std::move(pool)), connection_(std::move(connection)) {}
Lease::Lease(Lease&& other) noexcept
    : pool_(std::move(other.pool_)), connection_(std::exchange(other.connection_, std::nullopt)) {}
Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  pool_ = std::move(other.pool_);
  connection_ = std::exchange(other.connection_, std::nullopt);
  return *this;
}
Lease::~Lease() {
  give_back();
}

void Lease::give_back() noexcept {
  if (!connection_) return;
  Connection connection = *std::move(connection_);
  connection_.reset();
  pool_->give_back(std::move(connection));
}

Pool::Pool(Executor executor, Config config, PoolOptions options)
    : state_(std::make_shared<PoolState>(executor, std::move(config), std::move(options))) {
  if (state_->options.shared > 0)
    pipeline_ = std::make_shared<Pipeline>(
        executor, [state = state_](Deadline deadline) { return acquire_from(state, deadline); },
        std::min(state_->options.shared, state_->options.size), state_->options.max_waiting);
}

Pool::~Pool() {
  close();
}

Task<Lease> Pool::acquire(Deadline deadline) {
  return acquire_from(state_, deadline);
}

Task<Lease> Pool::acquire_from(std::shared_ptr<PoolState> state, Deadline deadline) {
  if (state->closed) throw PoolExhausted(PoolExhausted::Reason::closed);
  if (state->waiters.empty())
    if (auto connection = state->take_idle()) {
      ++state->lent;
      state->in_use_gauge.add(1);
      co_return Lease(state, *std::move(connection));
    }
  if (state->waiters.size() >= state->options.max_waiting)
    throw PoolExhausted(PoolExhausted::Reason::queue_full);

  // Whatever ends the wait, the queue forgets us, and a connection granted in the same moment is not lost.
  struct Place {
    PoolState& state;
    PoolWaiter waiter;
    Place(PoolState& s, Deadline until) : state(s), waiter{Timer(s.executor, until), {}, {}} {
      state.waiters.push_back(&waiter);
      state.waiting_gauge.add(1);
    }
    ~Place() {
      std::erase(state.waiters, &waiter);
      state.waiting_gauge.add(-1);
      if (waiter.granted) state.give_back(*std::move(waiter.granted));
    }
  } place(*state, deadline);
  auto& waiter = place.waiter;
  state->open_as_needed();
  auto [ec] = co_await waiter.timer.async_wait(use_result);
  if (waiter.refused) std::rethrow_exception(waiter.refused);
  if (waiter.granted) co_return Lease(state, *std::exchange(waiter.granted, std::nullopt));
  if (ec) throw boost::system::system_error(ec);
  throw PoolExhausted(PoolExhausted::Reason::deadline);
}

Task<std::vector<Rows>> Pool::run(Batch batch, Deadline deadline) {
  if (pipeline_) co_return co_await pipeline_->run(std::move(batch), deadline);
  auto lease = co_await acquire(deadline);
  co_return co_await lease->run(std::move(batch), deadline);
}

void Pool::close() {
  if (pipeline_) pipeline_->close();
  state_->shut();
}

Task<bool> Pool::drain(Deadline deadline) {
  close();
  auto state = state_;
  Timer timer(state->executor, deadline);
  state->drainers.push_back(&timer);
  struct Leave {
    PoolState& state;
    Timer* timer;
    ~Leave() { std::erase(state.drainers, timer); }
  } leave{*state, &timer};
  if (state->lent > 0) co_await timer.async_wait(use_result);
  co_return state->lent == 0;
}

std::size_t Pool::in_use() const {
  return state_->lent;
}
std::size_t Pool::idle() const {
  return state_->idle.size();
}
std::size_t Pool::waiting() const {
  return state_->waiters.size();
}

}  // namespace gatehouse::pg
