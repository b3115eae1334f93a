#include "policy/compile_aside.h"

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "crypto/digest.h"
#include "json/codec.h"

namespace gatehouse::policy {
namespace {

using Compiled = Result<std::shared_ptr<const RuleSet>>;

class Remembered {
 public:
  std::shared_ptr<const RuleSet> find(const std::string& key) {
    std::lock_guard lock(mutex_);
    auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
    return found->second->rules;
  }
  void put(const std::string& key, std::shared_ptr<const RuleSet> rules) {
    std::lock_guard lock(mutex_);
    if (by_key_.contains(key)) return;
    newest_first_.push_front({key, std::move(rules)});
    by_key_[key] = newest_first_.begin();
    if (newest_first_.size() <= kMost) return;
    by_key_.erase(newest_first_.back().key);
    newest_first_.pop_back();
  }

 private:
  static constexpr std::size_t kMost = 64;
  struct Entry {
    std::string key;
    std::shared_ptr<const RuleSet> rules;
  };
  std::mutex mutex_;
  std::list<Entry> newest_first_;
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

Remembered& remembered() {
  static Remembered sets;
  return sets;
}

// A service of the reactor's io_context, which ends its services before itself: no result can come back to a
// reactor that is gone.
class CompilerThread : public asio::execution_context::service {
 public:
  // Asio asks for this name.
  inline static asio::execution_context::id id;

  explicit CompilerThread(asio::execution_context& context)
      : asio::execution_context::service(context), pool_(1) {}

  asio::thread_pool& pool() { return pool_; }

 private:
  void shutdown() override {
    pool_.stop();
    pool_.join();
  }
  asio::thread_pool pool_;
};

std::string key_of(OrganizationId organization, const std::vector<Rule>& rules, const Defaults& defaults) {
  std::string text = organization.to_string();
  text += to_string(defaults.no_match);
  text += to_string(defaults.unscannable);
  text += json::encode(rules);
  auto digest = crypto::sha256(text);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

Task<Compiled> compile_aside(OrganizationId organization, std::vector<Rule> rules, Defaults defaults) {
  auto key = key_of(organization, rules, defaults);
  if (auto known = remembered().find(key)) co_return known;
  Executor reactor = co_await asio::this_coro::executor;
  auto& thread = asio::use_service<CompilerThread>(reactor.context());
  auto job = [key, rules = std::move(rules), defaults = std::move(defaults)]() mutable -> Compiled {
    if (auto known = remembered().find(key)) return known;
    auto compiled = RuleSet::compile(std::move(rules), std::move(defaults));
    if (compiled) remembered().put(key, *compiled);
    return compiled;
  };
  auto start = [&thread, reactor](auto handler, auto work) {
    asio::post(thread.pool(), [handler = std::move(handler), work = std::move(work),
                               alive = asio::make_work_guard(reactor)]() mutable {
      std::exception_ptr failure;
      Compiled result;
      try {
        result = work();
      } catch (...) {
        failure = std::current_exception();
      }
      asio::post(alive.get_executor(),
                 [handler = std::move(handler), failure, result = std::move(result)]() mutable {
                   std::move(handler)(failure, std::move(result));
                 });
    });
  };
  auto token = use_task;
  co_return co_await asio::async_initiate<decltype(token), void(std::exception_ptr, Compiled)>(
      std::move(start), token, std::move(job));
}

}  // namespace gatehouse::policy
