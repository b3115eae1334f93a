// What the connections of one server share; internal to http/. One thread, so nothing here is locked.
#pragma once

#include <chrono>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "base/metrics.h"
#include "http/server.h"
#include "http/transport.h"

namespace gatehouse::http {

using Clock = std::chrono::steady_clock;

/// The list outlives the server object: connections hold the state, the state never owns connections.
struct Server::State : std::enable_shared_from_this<Server::State> {
  State(asio::io_context& context, ServerConfig server_config, Handler request_handler);

  void start();
  void stop_accepting();
  void close_all();
  void close_idle();
  std::size_t body_limit(Method, std::string_view path) const;
  /// Called by connections.
  void add(Connection&);
  void remove(Connection&);
  void malformed(std::string_view reason);
  void dropped(std::string_view reason);

  Executor executor;
  ServerConfig config;
  Handler handler;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
  std::uint16_t port = 0;

  Clock::time_point now = Clock::now();  // as of the last tick
  std::string date;                      // IMF-fixdate, as of the last tick
  bool draining = false;
  std::size_t open = 0;
  Connection* first = nullptr;
  Timer* drained = nullptr;  // cancelled when the last connection ends

 private:
  Task<void> accept_loop(std::shared_ptr<State> self);
  Task<void> sweep_loop(std::shared_ptr<State> self);
  void shed(Socket);
  void tick();

  Timer sweep_timer_;
  bool sweeping_ = false;
  std::int64_t date_second_ = 0;
  metrics::Gauge& connections_;
  metrics::Counter& shed_;
};

}  // namespace gatehouse::http
