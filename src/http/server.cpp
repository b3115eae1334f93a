#include "http/server.h"

#include <fmt/chrono.h>

#include "base/log.h"
#include "base/vital_loop.h"
#include "http/connection.h"
#include "http/problem.h"
#include "http/server_state.h"

namespace gatehouse::http {
namespace {

using tcp = asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::size_t kDefaultBodyLimit = 1 << 20;
constexpr int kBacklog = 4096;
// Out of descriptors: wait for some to be closed instead of spinning.
constexpr std::chrono::milliseconds kAcceptPause{20};

void listen_on(Acceptor& acceptor, const std::string& name, std::uint16_t port, bool shares_port) {
  boost::system::error_code error;
  auto address = asio::ip::make_address(name, error);
  if (error) throw Failure("not an address to listen on: " + name);
  tcp::endpoint endpoint(address, port);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    if (shares_port) acceptor.set_option(ReusePort(true));
    acceptor.bind(endpoint);
    acceptor.listen(kBacklog);
    // Only now: with the option set before, Linux would let any process of the same user listen beside us.
    acceptor.set_option(ReusePort(true));
    acceptor.non_blocking(true);
  } catch (const boost::system::system_error& failure) {
    if (failure.code() == asio::error::address_in_use) throw PortTaken(port);
    throw Failure(fmt::format("cannot listen on {}:{}: {}", name, port, failure.what()));
  }
}

}  // namespace

PortTaken::PortTaken(std::uint16_t port) : Failure(fmt::format("port {} is taken", port)) {}

Server::State::State(asio::io_context& context, ServerConfig server_config, Handler request_handler)
    : executor(context.get_executor()),
      config(std::move(server_config)),
      handler(std::move(request_handler)),
      acceptor(executor),
      sweep_timer_(executor),
      connections_(metrics::gauge("gatehouse_http_connections", "Open client connections")),
      shed_(metrics::counter("gatehouse_http_connections_shed_total",
                             "Connections refused with 503 at the limit")) {
  if (!config.admission) config.admission = Admission::make({});
  listen_on(acceptor, config.address, config.port, config.shares_port);
  port = acceptor.local_endpoint().port();
  tick();
}

void Server::State::start() {
  run_vital(executor, "http.accept", accept_loop(shared_from_this()));
}

Task<void> Server::State::accept_loop(std::shared_ptr<State> self) {
  while (self->acceptor.is_open()) {
    auto [error, socket] = co_await self->acceptor.async_accept(use_result);
    if (!self->acceptor.is_open() || error == asio::error::operation_aborted) break;
    if (error) {
      log::warn("http.accept_failed", {{"error", error.message()}});
      Timer pause(self->executor, kAcceptPause);
      co_await pause.async_wait(use_result);
      continue;
    }
    boost::system::error_code unknown;
    auto peer = socket.remote_endpoint(unknown).address();
    auto place = self->config.admission->enter(peer, any_contains(self->config.trusted_proxies, peer));
    if (!place) {
      self->shed(std::move(socket));
      continue;
    }
    if (!self->sweeping_) {
      self->sweeping_ = true;
      self->tick();
      run_vital(self->executor, "http.sweep", self->sweep_loop(self));
    }
    Connection::start(self, std::move(socket), std::move(*place));
  }
}

// Best effort and never waited for: a server that is full must not hold on to those it refuses. Under TLS the
// client could not read it, and is closed without a word.
void Server::State::shed(Socket socket) {
  shed_.add();
  if (config.tls) return;
  Error error{.code = ErrorCode::overloaded, .detail = "too many connections"};
  auto response = problem(error, {}, {});
  std::string text = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n";
  response.headers.write_to(text);
  text += fmt::format("content-length: {}\r\n\r\n{}", response.body.size(), response.body);
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

Task<void> Server::State::sweep_loop(std::shared_ptr<State> self) {
  while (self->open > 0 || self->acceptor.is_open()) {
    self->sweep_timer_.expires_after(self->config.timeouts.tick);
    co_await self->sweep_timer_.async_wait(use_result);
    self->tick();
    if (self->open == 0) break;
  }
  self->sweeping_ = false;
}

void Server::State::tick() {
  now = Clock::now();
  auto wall = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (auto second = wall.time_since_epoch().count(); second != date_second_) {
    date_second_ = second;
    date = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(second)));
  }
  for (Connection* connection = first; connection != nullptr;) {
    Connection* next = connection->next();
    connection->check_deadline(now);
    connection = next;
  }
}

void Server::State::stop_accepting() {
  boost::system::error_code ignored;
  acceptor.close(ignored);
}

void Server::State::close_all() {
  for (Connection* connection = first; connection != nullptr;) {
    Connection* next = connection->next();
    connection->drop();
    connection = next;
  }
}

void Server::State::close_idle() {
  for (Connection* connection = first; connection != nullptr;) {
    Connection* next = connection->next();
    connection->close_if_idle();
    connection = next;
  }
}

std::size_t Server::State::body_limit(Method method, std::string_view path) const {
  return config.limits.body_limit ? config.limits.body_limit(method, path) : kDefaultBodyLimit;
}

void Server::State::add(Connection& connection) {
  connection.link(nullptr, first);
  first = &connection;
  ++open;
  connections_.add(1);
}

void Server::State::remove(Connection& connection) {
  if (first == &connection) first = connection.next();
  connection.unlink();
  --open;
  connections_.add(-1);
  if (open == 0 && drained != nullptr) drained->cancel();
}

void Server::State::malformed(std::string_view reason) {
  metrics::counter("gatehouse_http_malformed_total", "Requests refused as malformed", {{"reason", reason}})
      .add();
}

void Server::State::dropped(std::string_view reason) {
  metrics::counter("gatehouse_http_dropped_total", "Connections dropped by the server", {{"reason", reason}})
      .add();
}

void check_port(const std::string& address, std::uint16_t port) {
  asio::io_context context(1);
  Acceptor acceptor(context.get_executor());
  listen_on(acceptor, address, port, false);
}

Server::Server(asio::io_context& context, ServerConfig config, Handler handler)
    : state_(std::make_shared<State>(context, std::move(config), std::move(handler))) {
  state_->start();
}

Server::~Server() {
  state_->stop_accepting();
  state_->draining = true;
  state_->close_all();
}

std::uint16_t Server::port() const {
  return state_->port;
}
std::size_t Server::connections() const {
  return state_->open;
}

Task<void> Server::drain(Clock::time_point deadline) {
  auto state = state_;
  state->draining = true;
  state->stop_accepting();
  state->close_idle();
  if (state->open > 0) {
    Timer done(state->executor, deadline);
    state->drained = &done;
    co_await done.async_wait(use_result);
    state->drained = nullptr;
  }
  state->close_all();
}

}  // namespace gatehouse::http
