// Operations of the installation itself: health, metrics, documents, what this server is.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "access/operations.h"
#include "identity/identity.h"

namespace gatehouse::server {

struct DemoAccount {
  std::string email;
  std::string password;
  std::string organization;  // empty for the operator
  std::string role;
};
BOOST_DESCRIBE_STRUCT(DemoAccount, (), (email, password, organization, role))

struct SystemState {
  std::string version;
  bool demo = false;
  bool mail = false;
  identity::SignUpMode sign_up = identity::SignUpMode::closed;
  std::vector<DemoAccount> demo_accounts;  // shown on the sign-in page, in the demo alone
  std::atomic<bool> stopping = false;      // readyz says so, so that a load balancer looks elsewhere
  std::string openapi;                     // made once all operations are known
};

/// `state` outlives the operations.
void add_system_operations(access::Operations&, SystemState& state);

}  // namespace gatehouse::server
