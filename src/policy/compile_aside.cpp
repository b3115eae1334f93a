#include "policy/compile_aside.h"

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/beside.h"
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
  co_return co_await run_beside(
      [key, rules = std::move(rules), defaults = std::move(defaults)]() mutable -> Compiled {
        if (auto known = remembered().find(key)) return known;
        auto compiled = RuleSet::compile(std::move(rules), std::move(defaults));
        if (compiled) remembered().put(key, *compiled);
        return compiled;
      });
}

}  // namespace gatehouse::policy
