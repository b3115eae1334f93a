// The model gateway of a process: what all model calls share.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "access/standing.h"
#include "audit/appender.h"
#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "http/client.h"
#include "http/egress.h"
#include "models/journal.h"
#include "pg/connection.h"
#include "policy/decision.h"

namespace gatehouse::models {

struct GatewayRegion {
  pg::Config database;  // the product database, as gatehouse_platform
  audit::Appender* appender = nullptr;
};

struct GatewayOptions {
  /// Where the journals' writers run; outlives the gateway.
  Executor writer;
  /// Names this server among those of the installation (`server.node`).
  std::string node;
  std::map<Region, GatewayRegion> regions;
  /// The exceptions that the operator configured, to judge base addresses by; the client applies its own copy
  /// when it connects.
  http::EgressPolicy egress;
  http::Deadlines upstream;
  /// Between two pieces (a few words) of what `demo/assistant` says; `demo/echo` takes a fifth of it.
  std::chrono::milliseconds demo_pace{30};
  /// Told every decision, prompt and answer; called on any reactor, must not block.
  std::function<void(OrganizationId, const policy::Decision&)> on_decision;
};

/// One a process. Thread-safe.
class Gateway {
 public:
  explicit Gateway(GatewayOptions);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  const GatewayOptions& options() const { return options_; }
  /// Throws Failure for a region that this node does not serve.
  Journal& journal(Region);
  void decided(OrganizationId, const policy::Decision&) const;

  /// Settles what earlier processes left unfinished (Journal::recover). Before the first request.
  Task<void> recover();
  /// The same every minute, for ever, for what was left since.
  Task<void> sweep();

  /// Ends what is under way on this reactor for callers who would not be admitted any more: a lost role,
  /// membership or key, a suspended tenant. Every half second, for ever; from snapshots, so that it costs no
  /// round trip while nothing changed.
  Task<void> watch(access::Reactor&);

  /// Graceful stop, after the servers have refused new work: waits for the calls under way until `deadline`,
  /// stops those that are left (they are settled as stopped), and closes the journals. False if something was
  /// left unsettled: the next start records it as unknown.
  Task<bool> close(pg::Deadline deadline);

  /// How to end a call under way.
  struct Ways {
    std::function<void()> stop;
    /// Its caller would not be admitted any more.
    std::function<void(Error)> refuse;
    const access::Standing* standing = nullptr;  // lives as long as the call; null: not asked
  };
  /// A call under way, so that close() and watch() can find it.
  class Running {
   public:
    Running() = default;
    Running(Running&& other) noexcept : gateway_(std::exchange(other.gateway_, nullptr)), at_(other.at_) {}
    Running& operator=(Running&&) = delete;
    ~Running();

   private:
    friend class Gateway;
    struct Entry {
      ModelCallId call;
      Executor reactor;
      std::shared_ptr<Ways> ways;
    };
    Gateway* gateway_ = nullptr;
    std::list<Entry>::iterator at_;
  };
  /// `ways` are used on `reactor`, if the call still runs then.
  Running enter(ModelCallId, Executor reactor, Ways ways);
  std::size_t running() const;

 private:
  std::vector<ModelCallId> under_way() const;

  GatewayOptions options_;
  std::map<Region, std::unique_ptr<Journal>> journals_;
  mutable std::mutex mutex_;
  std::list<Running::Entry> running_;
};

}  // namespace gatehouse::models
