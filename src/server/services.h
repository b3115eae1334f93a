// The capabilities of one process and their operations, wired together.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/dispatcher.h"
#include "access/grant_uses.h"
#include "access/operations.h"
#include "audit/appender.h"
#include "chat/chats.h"
#include "identity/identity.h"
#include "mail/outbox.h"
#include "models/gateway.h"
#include "policy/rule_sets.h"
#include "server/installation.h"
#include "server/system_api.h"
#include "sso/sso_service.h"
#include "tenancy/tenants.h"

namespace gatehouse::server {

struct SeededDemo {
  std::vector<DemoAccount> accounts;
  std::map<std::string, std::string> new_api_keys;  // by organization's slug
};

struct Services {
  /// `background` runs what is one per process. `installation` outlives the services.
  Services(const Installation& installation, Executor background,
           const std::map<Region, std::unique_ptr<audit::Appender>>& appenders);

  /// Settles what an earlier process left unfinished. Before the first request.
  Task<void> recover(access::Reactor&);
  /// Starts what runs as long as the process.
  void start_loops(access::Reactor&);
  /// Writes what is counted in memory, at the end.
  Task<void> flush_counts(access::Reactor&);
  /// Lets model calls settle; after the servers have stopped taking requests.
  Task<void> stop(pg::Deadline);

  /// Makes what is missing of the demo. `known_api_keys` by organization's slug.
  Task<SeededDemo> seed_demo(access::Reactor&, std::map<std::string, std::string> known_api_keys);

  SystemState system;
  access::GrantUses grant_uses;
  access::Plans plans;
  policy::HitCounter hits;
  identity::Identity identity;
  tenancy::TenantMaker tenants;
  sso::SingleSignOn sso;
  models::Gateway gateway;
  chat::Chats chats;
  access::Operations operations;
  std::unique_ptr<mail::Postman> postman;  // null: no mail is sent
};

}  // namespace gatehouse::server
