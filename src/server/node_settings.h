// What a serving node makes of its configuration before it starts anything: networks, TLS, console, shares.
#pragma once

#include <memory>

#include "access/dispatcher.h"
#include "http/egress.h"
#include "http/server.h"
#include "http/static_files.h"
#include "server/connection_budget.h"
#include "server/installation.h"

namespace gatehouse::server {

struct NodeSettings {
  ConnectionBudget budget;
  http::ServerConfig listen;  // without body limits, which the operations know
  http::EgressPolicy egress;
  std::shared_ptr<const http::StaticFiles> console;  // null: API only
};

/// Reads every file that serving needs beside the secrets. Throws Failure, naming the key, for what a node
/// could not serve with.
NodeSettings load_settings(const Installation&);

access::DispatcherOptions dispatcher_options(const ServerSection&);
ConnectionBudget connection_budget(const Installation&);
/// Throws Failure for a network that is none.
http::EgressPolicy egress_policy(const Config&);

/// Lets the process have the descriptors that `max_connections` clients and their upstream calls take, or as
/// many as the system allows; a limit below that is logged.
void raise_descriptor_limit(const Config&);

}  // namespace gatehouse::server
