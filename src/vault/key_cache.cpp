#include "vault/key_cache.h"

#include "base/error.h"

namespace gatehouse::vault {

template <class Key>
KeyCache<Key>::KeyCache(std::size_t capacity, std::chrono::seconds time_to_live)
    : capacity_(capacity), time_to_live_(time_to_live) {
  if (capacity == 0) throw Failure("a key cache holds at least one key");
  if (time_to_live > kLongestTimeToLive) throw Failure("a key cache keeps a key for a minute at most");
}

template <class Key>
std::shared_ptr<const Key> KeyCache<Key>::find(const KeyId& id, Clock::time_point now) {
  auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  if (found->second->expires <= now) {
    remove(found->second);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->key;
}

template <class Key>
void KeyCache<Key>::put(std::shared_ptr<const Key> key, Clock::time_point now) {
  KeyId id{key->organization(), key->owner(), key->version()};
  if (auto known = by_id_.find(id); known != by_id_.end()) remove(known->second);
  if (entries_.size() == capacity_) remove(std::prev(entries_.end()));
  entries_.push_front({id, std::move(key), now + time_to_live_});
  by_id_.emplace(id, entries_.begin());
}

template <class Key>
void KeyCache<Key>::erase(Uuid organization, Uuid owner) {
  remove_if([&](const Entry& e) { return e.id.organization == organization && e.id.owner == owner; });
}

template <class Key>
void KeyCache<Key>::erase_organization(Uuid organization) {
  remove_if([&](const Entry& e) { return e.id.organization == organization; });
}

template <class Key>
void KeyCache<Key>::expire(Clock::time_point now) {
  remove_if([&](const Entry& e) { return e.expires <= now; });
}

template <class Key>
void KeyCache<Key>::remove(typename Entries::iterator entry) {
  by_id_.erase(entry->id);
  entries_.erase(entry);
}

template <class Key>
template <class Predicate>
void KeyCache<Key>::remove_if(Predicate predicate) {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    auto current = entry++;
    if (predicate(*current)) remove(current);
  }
}

template <class Key>
std::size_t KeyCache<Key>::Hash::operator()(const KeyId& id) const noexcept {
  std::hash<Uuid> hash;
  return hash(id.organization) * 31 + hash(id.owner) * 17 + id.version;
}

template class KeyCache<OrganizationKey>;
template class KeyCache<PersonKey>;

}  // namespace gatehouse::vault
