// The running server: reactors on threads, one background reactor for what is one per process, start and
// stop.
#pragma once

#include <functional>
#include <memory>

#include "server/installation.h"

namespace gatehouse::server {

struct Services;

class Node {
 public:
  /// Connects nothing yet. Blocks SIGINT and SIGTERM in this thread and those it starts: make it on the main
  /// thread.
  explicit Node(Installation installation);
  /// At any time, also after a start that failed. Without run_until_signal() what is in flight is cut off.
  ~Node();

  /// Checks the configuration and the databases, settles what an earlier process left unfinished, listens.
  /// Throws http::PortTaken, or Failure with what to do.
  void start();
  std::uint16_t port() const;
  Services& services();
  /// Runs a set-up task on a reactor of the serving node, and waits for it.
  void run_on_reactor(std::function<Task<void>(access::Reactor&)> task);

  /// Instead of start(): runs one task with everything but the listening sockets, then flushes and stops.
  void run_offline(std::function<Task<void>(access::Reactor&)> task);

  /// Returns when SIGINT or SIGTERM came and everything is flushed.
  void run_until_signal();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::server
