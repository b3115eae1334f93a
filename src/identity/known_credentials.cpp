#include "identity/known_credentials.h"

namespace gatehouse::identity {
namespace {

template <class Map>
typename Map::mapped_type find(const Map& map, const typename Map::key_type& key) {
  auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

template <class Map>
void put_into(Map& map, const typename Map::key_type& key, typename Map::mapped_type value) {
  // Forgetting any one is right: it costs a look-up when it comes again.
  if (map.size() >= KnownCredentials::kMostOfEach && !map.contains(key)) map.erase(map.begin());
  map.insert_or_assign(key, std::move(value));
}

}  // namespace

Task<std::shared_ptr<KnownCredentials>> KnownCredentials::load(const access::TenantSnapshot& /*tenant*/) {
  co_return std::make_shared<KnownCredentials>();
}

std::shared_ptr<SessionRecord> KnownCredentials::session(SessionId id) const {
  return find(sessions_, id);
}

void KnownCredentials::put(SessionId id, std::shared_ptr<SessionRecord> record) {
  put_into(sessions_, id, std::move(record));
}

std::shared_ptr<ApiKeyRecord> KnownCredentials::api_key(ApiKeyId id) const {
  return find(api_keys_, id);
}

void KnownCredentials::put(ApiKeyId id, std::shared_ptr<ApiKeyRecord> record) {
  put_into(api_keys_, id, std::move(record));
}

std::shared_ptr<ServiceAccountRecord> KnownCredentials::service_account(ServiceAccountId id) const {
  return find(service_accounts_, id);
}

void KnownCredentials::put(ServiceAccountId id, std::shared_ptr<ServiceAccountRecord> record) {
  put_into(service_accounts_, id, std::move(record));
}

std::shared_ptr<ScimTokenRecord> KnownCredentials::scim_token(ScimTokenId id) const {
  return find(scim_tokens_, id);
}

void KnownCredentials::put(ScimTokenId id, std::shared_ptr<ScimTokenRecord> record) {
  put_into(scim_tokens_, id, std::move(record));
}

}  // namespace gatehouse::identity
