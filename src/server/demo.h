// `gatehouse demo`: a private PostgreSQL cluster, both regions, seeded, on loopback. Its data stay between
// starts.
#pragma once

#include <cstdint>
#include <string>

namespace gatehouse::server {

struct DemoOptions {
  std::string data;  // folder; empty: /var/lib/gatehouse for root, else the XDG data folder
  bool fresh = false;
  std::uint16_t port = 8080;
  std::string console;     // built console; empty: API only
  std::string migrations;  // folder
  std::string ready_file;  // written when ready; empty: none
};

/// Runs until SIGINT or SIGTERM. Returns the exit code.
int run_demo(const DemoOptions&);

}  // namespace gatehouse::server
