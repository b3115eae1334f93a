// The pool and the clock that the connections of one client share; internal to http/.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/client.h"

namespace gatehouse::http {

using Clock = std::chrono::steady_clock;

struct Client::State : std::enable_shared_from_this<Client::State> {
  State(Executor, ClientConfig);

  /// An idle connection that still looks alive, or null.
  std::unique_ptr<ClientConnection> take_idle(const std::string& key);
  /// A new one, not connected; null at the limit.
  std::unique_ptr<ClientConnection> make(const std::string& key);
  void give_back(std::unique_ptr<ClientConnection>);
  void closed(const std::string& key);
  void link(ClientConnection&);
  void unlink(ClientConnection&);
  void close_idle(Clock::time_point since);
  void ensure_ticking();

  struct Pool {
    std::vector<std::unique_ptr<ClientConnection>> idle;  // the one used last is at the back
    std::size_t open = 0;
  };

  Executor executor;
  ClientConfig config;
  std::shared_ptr<ClientTls> tls;
  std::unordered_map<std::string, Pool> pools;
  ClientConnection* first = nullptr;  // those in use
  std::size_t open = 0;
  std::size_t idle = 0;
  Clock::time_point now = Clock::now();
  bool shut = false;

 private:
  Task<void> tick_loop(std::shared_ptr<State> self);
  Timer timer_;
  bool ticking_ = false;
};

}  // namespace gatehouse::http
