// Unwrapped keys kept in memory for a moment, so that not every request asks the database and the wrapper.
//
// This is not "caching a decrypted secret in a database": the entries are keys, not the secrets that they
// seal; they live in this process's memory alone, as Secrets that are wiped when they leave; nothing writes
// them anywhere. The price is that a shredded key opens values for up to the time to live on nodes that had
// it loaded: at most a minute, and `erase` ends it at once on the node that shreds.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "base/uuid.h"
#include "vault/data_key.h"

namespace gatehouse::vault {

/// `owner` is nil for an organization's key.
struct KeyId {
  Uuid organization;
  Uuid owner;
  std::uint32_t version = 1;
  bool operator==(const KeyId&) const = default;
};

/// Least recently used goes first. One per reactor: no lock, not thread-safe. Time is handed in.
template <class Key>
class KeyCache {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kLongestTimeToLive{60};

  /// Throws Failure if `time_to_live` is over a minute or `capacity` is 0.
  KeyCache(std::size_t capacity, std::chrono::seconds time_to_live);

  /// Null if absent or older than the time to live, counted from `put`: use does not prolong it.
  std::shared_ptr<const Key> find(const KeyId& id, Clock::time_point now);
  void put(std::shared_ptr<const Key> key, Clock::time_point now);
  /// Every version of one owner's key.
  void erase(Uuid organization, Uuid owner);
  /// Every key of the organization.
  void erase_organization(Uuid organization);
  /// Drops what has expired; call it from a timer, so that an idle process holds no keys.
  void expire(Clock::time_point now);
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    KeyId id;
    std::shared_ptr<const Key> key;
    Clock::time_point expires;
  };
  struct Hash {
    std::size_t operator()(const KeyId& id) const noexcept;
  };
  using Entries = std::list<Entry>;  // most recently used first

  void remove(typename Entries::iterator entry);
  template <class Predicate>
  void remove_if(Predicate predicate);

  std::size_t capacity_;
  std::chrono::seconds time_to_live_;
  Entries entries_;
  std::unordered_map<KeyId, typename Entries::iterator, Hash> by_id_;
};

extern template class KeyCache<OrganizationKey>;
extern template class KeyCache<PersonKey>;

}  // namespace gatehouse::vault
