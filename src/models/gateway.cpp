#include "models/gateway.h"

#include <boost/asio/post.hpp>

#include "access/reactor.h"
#include "base/log.h"

namespace gatehouse::models {
namespace {

using namespace std::chrono_literals;

constexpr auto kSweepEvery = 1min;
constexpr auto kWatchEvery = 5ms;
constexpr auto kSettleWithin = 5s;  // after calls were told to stop
constexpr auto kStandingEvery = 500ms;

}  // namespace

Gateway::Gateway(GatewayOptions options) : options_(std::move(options)) {
  for (const auto& [region, settings] : options_.regions)
    journals_[region] = std::make_unique<Journal>(
        options_.writer,
        JournalOptions{.region = region, .database = settings.database, .node = options_.node});
}

Gateway::~Gateway() = default;

Journal& Gateway::journal(Region region) {
  auto found = journals_.find(region);
  if (found == journals_.end())
    throw Failure("this node keeps no journal for the region " + std::string(to_string(region)));
  return *found->second;
}

void Gateway::decided(OrganizationId organization, const policy::Decision& decision) const {
  if (options_.on_decision) options_.on_decision(organization, decision);
}

Task<void> Gateway::recover() {
  for (auto& [region, journal] : journals_) co_await journal->recover(*options_.regions.at(region).appender);
}

Task<void> Gateway::sweep() {
  for (;;) {
    co_await sleep_for(kSweepEvery);
    for (auto& [region, journal] : journals_) {
      try {
        co_await journal->recover(*options_.regions.at(region).appender, under_way());
      } catch (const std::exception& failure) {
        log::warn("models.sweep_failed", {{"region", to_string(region)}, {"error", failure.what()}});
      }
    }
  }
}

Task<void> Gateway::watch(access::Reactor& reactor) {
  for (;;) {
    co_await sleep_for(kStandingEvery);
    std::vector<std::weak_ptr<Ways>> under_way;
    {
      std::lock_guard lock(mutex_);
      for (const auto& entry : running_)
        if (entry.reactor == reactor.executor()) under_way.push_back(entry.ways);
    }
    for (auto& one : under_way) {
      auto ways = one.lock();
      if (!ways || !ways->standing) continue;
      auto standing = *ways->standing;
      ways.reset();
      Result<void> stands;
      try {
        stands = co_await standing.check(reactor);
      } catch (const std::exception& failure) {
        // Asked again in a moment; a call that began while the database was there is not ended because it is
        // gone.
        log::warn("models.standing_unknown", {{"error", failure.what()}});
        continue;
      }
      // The call may have ended meanwhile.
      if (ways = one.lock(); !stands && ways) ways->refuse(std::move(stands).error());
    }
  }
}

Gateway::Running::~Running() {
  if (!gateway_) return;
  std::lock_guard lock(gateway_->mutex_);
  gateway_->running_.erase(at_);
}

Gateway::Running Gateway::enter(ModelCallId call, Executor reactor, Ways ways) {
  Running running;
  std::lock_guard lock(mutex_);
  running.gateway_ = this;
  running.at_ = running_.insert(running_.end(), {call, reactor, std::make_shared<Ways>(std::move(ways))});
  return running;
}

std::vector<ModelCallId> Gateway::under_way() const {
  std::lock_guard lock(mutex_);
  std::vector<ModelCallId> calls;
  for (const auto& entry : running_) calls.push_back(entry.call);
  return calls;
}

std::size_t Gateway::running() const {
  std::lock_guard lock(mutex_);
  return running_.size();
}

Task<bool> Gateway::close(pg::Deadline deadline) {
  auto wait = [this](pg::Deadline until) -> Task<void> {
    while (running() > 0 && std::chrono::steady_clock::now() < until) co_await sleep_for(kWatchEvery);
  };
  co_await wait(deadline);
  {
    std::lock_guard lock(mutex_);
    // By weak reference: the call may be over before its reactor hears of it.
    for (const auto& entry : running_)
      asio::post(entry.reactor, [ways = std::weak_ptr(entry.ways)] {
        if (auto still_there = ways.lock()) still_there->stop();
      });
  }
  co_await wait(std::chrono::steady_clock::now() + kSettleWithin);
  bool settled = running() == 0;
  for (auto& [region, journal] : journals_)
    settled &= co_await journal->close(std::chrono::steady_clock::now() + kSettleWithin);
  co_return settled;
}

}  // namespace gatehouse::models
