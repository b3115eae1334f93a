// The models that a tenant may call, as a part of its snapshot: no database on the way of a call.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/describe/enum.hpp>

#include "access/tenants.h"
#include "base/task.h"
#include "crypto/secret.h"
#include "http/client.h"
#include "models/cost.h"
#include "vault/keyring.h"
#include "vault/sealed.h"

namespace gatehouse::models {

enum class ProviderKind { demo, openai_compatible };
BOOST_DESCRIBE_ENUM(ProviderKind, demo, openai_compatible)

/// A provider's sealed key with the words it was sealed under. It is opened for each call and wiped after
/// it (about 4 µs while the organization's key is loaded); nothing decrypted is kept.
struct SealedKey {
  vault::SealContext context;
  vault::Sealed sealed;
};

/// Where a model name leads.
struct Route {
  ModelId model;
  std::string name;  // what the caller asks for: `openai/gpt-5`
  std::string display_name;
  std::string upstream_name;  // what the provider is asked for: `gpt-5`
  std::string provider;
  ProviderKind kind = ProviderKind::demo;
  http::Endpoint endpoint;  // not for demo
  std::optional<SealedKey> key;
  Prices prices;
  Timestamp created_at;
};

class Catalogue {
 public:
  /// Active models of active providers. A provider whose base address does not parse is left out.
  static Task<std::shared_ptr<Catalogue>> load(const access::TenantSnapshot&);
  explicit Catalogue(std::vector<std::shared_ptr<const Route>> routes);

  /// Null if the tenant has no such model.
  std::shared_ptr<const Route> find(std::string_view model) const;
  /// By name.
  const std::vector<std::shared_ptr<const Route>>& routes() const { return routes_; }

 private:
  std::vector<std::shared_ptr<const Route>> routes_;
  std::unordered_map<std::string_view, std::shared_ptr<const Route>> by_name_;  // keys live in the routes
};

/// Row `key` of provider_keys, as it is sealed and opened.
vault::SealContext key_context(OrganizationId, Uuid key);
/// Throws Failure if the key does not open.
Task<crypto::Secret> open_key(vault::Keyring&, SealedKey);

}  // namespace gatehouse::models
