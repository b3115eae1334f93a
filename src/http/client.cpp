#include "http/client.h"

#include <charconv>

#include <boost/url/parse.hpp>

#include "base/vital_loop.h"
#include "http/client_connection.h"
#include "http/client_state.h"
#include "http/origin.h"
#include "http/syntax.h"

namespace gatehouse::http {

Result<Endpoint> Endpoint::parse(std::string_view text) {
  auto refuse = [](std::string message) { return fail(ErrorCode::validation_failed, std::move(message)); };
  auto url = boost::urls::parse_absolute_uri(boost::core::string_view(text.data(), text.size()));
  if (!url) return refuse("not an absolute URL");
  Endpoint endpoint;
  if (url->scheme_id() == boost::urls::scheme::https)
    endpoint.tls = true;
  else if (url->scheme_id() != boost::urls::scheme::http)
    return refuse("only http and https URLs can be called");
  if (url->has_userinfo()) return refuse("a URL must not carry credentials");
  if (url->has_query()) return refuse("a base URL has no query");
  endpoint.host = to_lower(url->host_address());
  auto encoded_host = url->encoded_host();
  if (endpoint.host.empty() || !valid_host({encoded_host.data(), encoded_host.size()}))
    return refuse("the URL's host is not valid");
  endpoint.port = endpoint.tls ? 443 : 80;
  if (url->has_port()) {
    // Not port_number(): Boost.URL 1.81 wraps a port beyond 65535.
    auto digits = url->port();
    auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
    if (failed != std::errc{} || end != digits.data() + digits.size() || endpoint.port == 0)
      return refuse("the URL's port is not valid");
  }
  auto path = url->encoded_path();
  endpoint.base_path.assign(path.data(), path.size());
  while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
  return endpoint;
}

std::string Endpoint::authority() const {
  std::string out = host.contains(':') ? "[" + host + "]" : host;
  if (port != (tls ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

Client::State::State(Executor ex, ClientConfig client_config)
    : executor(ex),
      config(std::move(client_config)),
      tls(config.tls ? config.tls : load_client_tls({})),
      timer_(ex) {}

std::unique_ptr<ClientConnection> Client::State::take_idle(const std::string& key) {
  auto pool = pools.find(key);
  while (pool != pools.end() && !pool->second.idle.empty()) {
    auto connection = std::move(pool->second.idle.back());
    pool->second.idle.pop_back();
    --idle;
    connection->set_state(shared_from_this());
    if (!connection->is_disturbed()) return connection;
    connection.reset();
    pool = pools.find(key);  // the last one takes its pool along
  }
  return nullptr;
}

std::unique_ptr<ClientConnection> Client::State::make(const std::string& key) {
  auto& pool = pools[key];
  if (pool.open >= config.max_per_endpoint) return nullptr;
  auto connection = std::make_unique<ClientConnection>(shared_from_this(), key);
  ++pool.open;
  ++open;
  ensure_ticking();
  return connection;
}

void Client::State::give_back(std::unique_ptr<ClientConnection> connection) {
  connection->detach();
  auto& pool = pools[connection->key()];
  if (shut || pool.idle.size() >= config.idle_per_endpoint) return;
  connection->buffer().consume(connection->buffer().size());
  connection->buffer().release();
  connection->idle_since = Clock::now();
  connection->release_state();
  pool.idle.push_back(std::move(connection));
  ++idle;
}

void Client::State::closed(const std::string& key) {
  --open;
  auto pool = pools.find(key);
  if (--pool->second.open == 0) pools.erase(pool);
}

void Client::State::link(ClientConnection& connection) {
  connection.previous = nullptr;
  connection.next = first;
  if (first != nullptr) first->previous = &connection;
  first = &connection;
}

void Client::State::unlink(ClientConnection& connection) {
  if (first == &connection) first = connection.next;
  if (connection.previous != nullptr) connection.previous->next = connection.next;
  if (connection.next != nullptr) connection.next->previous = connection.previous;
}

void Client::State::close_idle(Clock::time_point since) {
  std::vector<std::unique_ptr<ClientConnection>> dying;
  for (auto& [key, pool] : pools) {
    while (!pool.idle.empty() && pool.idle.front()->idle_since <= since) {
      dying.push_back(std::move(pool.idle.front()));
      pool.idle.erase(pool.idle.begin());
      --idle;
    }
  }
  // Their end changes `pools`, so it comes after the walk.
  for (auto& connection : dying) connection->set_state(shared_from_this());
}

void Client::State::ensure_ticking() {
  if (std::exchange(ticking_, true)) return;
  run_vital(executor, "http.client_tick", tick_loop(shared_from_this()));
}

Task<void> Client::State::tick_loop(std::shared_ptr<State> self) {
  while (self->open > 0) {
    self->timer_.expires_after(self->config.tick);
    co_await self->timer_.async_wait(use_result);
    self->now = Clock::now();
    for (auto* connection = self->first; connection != nullptr;) {
      auto* next = connection->next;
      connection->check_deadline(self->now);
      connection = next;
    }
    self->close_idle(self->now - self->config.pool_idle);
  }
  self->ticking_ = false;
}

Client::Client(Executor executor, ClientConfig config)
    : state_(std::make_shared<State>(executor, std::move(config))) {}

Client::~Client() {
  state_->shut = true;
  state_->close_idle(Clock::time_point::max());
}

std::size_t Client::idle_connections() const {
  return state_->idle;
}
std::size_t Client::open_connections() const {
  return state_->open;
}

Task<Result<ClientResponse>> Client::send(ClientRequest request, Deadlines deadlines, Cancel* cancel,
                                          bool* sent) {
  auto state = state_;
  const auto started = Clock::now();
  const auto authority = request.endpoint.authority();
  const auto key = (request.endpoint.tls ? "https://" : "http://") + authority;
  if (sent != nullptr) *sent = false;

  std::string head;
  head.reserve(512);
  head.append(to_string(request.method))
      .append(" ")
      .append(request.endpoint.base_path)
      .append(request.target);
  if (has_control(head) || request.target.contains(' ') || request.method == Method::other)
    throw Failure("not a request target, or not a method");
  head.append(" HTTP/1.1\r\nhost: ").append(authority).append("\r\n");
  request.headers.write_to(head);
  head += "accept-encoding: identity\r\n";
  if (!request.body.empty() || !is_safe(request.method))
    head.append("content-length: ").append(std::to_string(request.body.size())).append("\r\n");
  head += "\r\n";

  bool may_reuse = true;
  for (;;) {
    auto connection = may_reuse ? state->take_idle(key) : nullptr;
    const bool reused = connection != nullptr;
    if (!connection) connection = state->make(key);
    if (!connection) co_return fail(ErrorCode::overloaded, "too many calls to this upstream");
    connection->begin(deadlines, started, cancel);
    if (!reused) {
      auto connected = co_await connection->connect(request.endpoint);
      if (!connected) co_return std::unexpected(std::move(connected).error());
    }
    auto outcome = co_await connection->exchange(head, request.body, request.method == Method::head);
    if (sent != nullptr) *sent = *sent || connection->wrote();
    if (outcome) co_return ClientResponse(std::move(connection));
    bool unprocessed = !connection->wrote() || (is_idempotent(request.method) && !connection->received());
    if (!reused || !unprocessed || connection->ended_by_us())
      co_return std::unexpected(std::move(outcome).error());
    may_reuse = false;
  }
}

ClientResponse::ClientResponse(std::unique_ptr<ClientConnection> connection)
    : status_(connection->parser().status()),
      headers_(std::move(connection->parser().headers())),
      connection_(std::move(connection)) {}

ClientResponse::ClientResponse(ClientResponse&&) noexcept = default;

ClientResponse& ClientResponse::operator=(ClientResponse&& other) noexcept {
  if (this != &other) {
    finish();
    status_ = other.status_;
    headers_ = std::move(other.headers_);
    connection_ = std::move(other.connection_);
  }
  return *this;
}

ClientResponse::~ClientResponse() {
  finish();
}

void ClientResponse::finish() {
  if (!connection_) return;
  auto connection = std::move(connection_);
  auto state = connection->state();
  if (connection->is_reusable()) state->give_back(std::move(connection));
}

Task<Result<std::optional<std::string_view>>> ClientResponse::read_some() {
  if (!connection_) co_return std::nullopt;
  auto piece = co_await connection_->read_some();
  if (piece && !*piece) finish();
  co_return piece;
}

Task<Result<std::string>> ClientResponse::read_all(std::size_t limit) {
  constexpr std::size_t kLargeReads = 64 * 1024;
  std::string body;
  if (connection_ && limit > kLargeReads) connection_->buffer().reserve(kLargeReads);
  for (;;) {
    GH_CO_TRY(auto piece, co_await read_some());
    if (!piece) co_return body;
    if (body.size() + piece->size() > limit)
      co_return fail(ErrorCode::upstream_failed, "the answer is too large");
    body += *piece;
  }
}

}  // namespace gatehouse::http
