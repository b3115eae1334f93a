// The running server: reactors on threads, one background reactor for what is one per process, start and
// stop.
#pragma once

#include <memory>

#include "server/installation.h"

namespace gatehouse::server {

class Node {
 public:
  /// Connects nothing yet. `installation` is taken over.
  explicit Node(Installation installation);
  ~Node();

  /// Checks the databases, recovers what an earlier process left unfinished, listens. Throws Failure with
  /// what to do.
  void start();
  std::uint16_t port() const;
  /// A reactor on which set-up tasks may run while the node serves (seeding the demo).
  access::Reactor& setup_reactor();

  /// Returns when SIGINT or SIGTERM came and everything is flushed.
  void run_until_signal();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::server
