#include "http/client_connection.h"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/ssl.h>

namespace gatehouse::http {
namespace {

using tcp = asio::ip::tcp;

}  // namespace

ClientConnection::ClientConnection(std::shared_ptr<Client::State> state, std::string key)
    : state_(std::move(state)), key_(std::move(key)) {}

ClientConnection::~ClientConnection() {
  detach();
  close();
  if (state_) state_->closed(key_);
}

void ClientConnection::begin(const Deadlines& deadlines, Clock::time_point started, Cancel* cancel) {
  deadlines_ = deadlines;
  total_deadline_ = started + deadlines.total;
  deadline_ = total_deadline_;
  expired_ = cancelled_ = wrote_ = received_ = false;
  cancel_ = cancel;
  if (cancel_ != nullptr) {
    cancel_->connection_ = this;
    cancelled_ = cancel_->cancelled();
  }
  state_->link(*this);
  linked_ = true;
}

void ClientConnection::detach() {
  deadline_ = Clock::time_point::max();
  if (cancel_ != nullptr) cancel_->connection_ = nullptr;
  cancel_ = nullptr;
  if (std::exchange(linked_, false)) state_->unlink(*this);
}

void ClientConnection::close() {
  if (transport_) transport_->close();
  boost::system::error_code ignored;
  if (connecting_ != nullptr) connecting_->close(ignored);
}

void ClientConnection::cancel() {
  cancelled_ = true;
  close();
}

void ClientConnection::check_deadline(Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  expired_ = true;
  close();
}

void ClientConnection::set_deadline(std::chrono::milliseconds limit) {
  deadline_ = std::min(total_deadline_, Clock::now() + limit);
}

std::unexpected<Error> ClientConnection::failure(std::string_view what) const {
  if (cancelled_) return fail(ErrorCode::upstream_failed, "the call was cancelled");
  if (expired_) return fail(ErrorCode::upstream_timeout, "no progress in time");
  return fail(ErrorCode::upstream_failed, std::string(what));
}

Task<Result<void>> ClientConnection::connect(Endpoint endpoint) {
  set_deadline(deadlines_.connect);
  auto end = deadline_;
  auto resolved =
      co_await resolve_allowed(endpoint.host, endpoint.port, endpoint.tls, state_->config.egress, end);
  if (cancelled_ || expired_) co_return failure({});
  if (!resolved) co_return std::unexpected(resolved.error());
  auto opened = co_await open_socket(std::move(*resolved));
  if (!opened) co_return opened;
  if (endpoint.tls) co_return co_await handshake(endpoint.host);
  co_return Result<void>{};
}

Task<Result<void>> ClientConnection::open_socket(std::vector<tcp::endpoint> endpoints) {
  const auto end = deadline_;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    // A share of the time for each, so that a first address that swallows packets leaves some for the others.
    auto now = Clock::now();
    deadline_ = now + (end - now) / static_cast<std::int64_t>(endpoints.size() - i);
    Socket socket(state_->executor);
    connecting_ = &socket;
    auto [error] = co_await socket.async_connect(endpoints[i], use_result);
    connecting_ = nullptr;
    if (cancelled_) break;
    if (!error && !expired_) {
      deadline_ = end;
      transport_.emplace(std::move(socket));
      co_return Result<void>{};
    }
    if (i + 1 < endpoints.size()) expired_ = false;
  }
  co_return failure("the connection was refused");
}

Task<Result<void>> ClientConnection::handshake(const std::string& host) {
  auto& stream = transport_->start_tls(state_->tls->context);
  boost::system::error_code not_literal;
  asio::ip::make_address(host, not_literal);
  if (not_literal && SSL_set_tlsext_host_name(stream.native_handle(), host.c_str()) != 1)
    co_return failure("the host name cannot be sent by TLS");
  stream.set_verify_callback(asio::ssl::host_name_verification(host));
  auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, use_result);
  if (!error) co_return Result<void>{};
  bool unverified = SSL_get_verify_result(stream.native_handle()) != X509_V_OK;
  co_return failure(unverified ? "the upstream's certificate is not valid" : "the TLS handshake failed");
}

Task<bool> ClientConnection::write_all(Buffers buffers) {
  boost::system::error_code error;
  auto n = transport_->try_write(buffers, error);
  for (;;) {
    wrote_ = wrote_ || n > 0;
    if (error && error != asio::error::would_block) co_return false;
    if (!advance(buffers, n)) co_return true;
    set_deadline(deadlines_.idle);
    std::tie(error, n) = co_await transport_->write_some(buffers);
  }
}

Task<bool> ClientConnection::fill() {
  auto [error, n] = co_await transport_->read_some(buffer_.prepare());
  buffer_.commit(n);
  received_ = received_ || n > 0;
  co_return !error;
}

Task<Result<void>> ClientConnection::exchange(std::string_view head, std::string_view body,
                                              bool is_head_request) {
  if (cancelled_) co_return failure({});
  const auto max_header = state_->config.max_header_bytes;
  consume_next_ = 0;
  parser_.emplace(is_head_request, max_header);
  set_deadline(deadlines_.idle);
  bool written = co_await write_all({asio::buffer(head), asio::buffer(body)});
  if (!written && !wrote_) co_return failure("the connection was closed");
  // An upstream may answer early and close (413): then the answer counts, not the failed write.
  set_deadline(deadlines_.first_byte);
  for (;;) {
    std::size_t consumed = 0;
    std::string_view piece;
    auto outcome = parser_->feed(buffer_.view(), consumed, piece);
    if (outcome == ResponseParser::Outcome::failed) co_return failure("the answer is not valid HTTP");
    buffer_.consume(consumed);
    if (parser_->is_header_done()) {
      if (parser_->status() >= 200) break;
      if (parser_->status() == 101) co_return failure("the upstream changed the protocol");
      parser_.emplace(is_head_request, max_header);
      continue;
    }
    if (buffer_.size() >= max_header) co_return failure("the answer's header is too large");
    if (!co_await fill()) co_return failure("the connection was closed before an answer");
  }
  half_sent_ = !written;
  deadline_ = total_deadline_;
  co_return Result<void>{};
}

Task<Result<std::optional<std::string_view>>> ClientConnection::read_some() {
  buffer_.consume(std::exchange(consume_next_, 0));
  for (;;) {
    if (cancelled_ || expired_) co_return failure({});
    if (parser_->is_done()) co_return std::nullopt;
    std::size_t consumed = 0;
    std::string_view piece;
    auto outcome = parser_->feed(buffer_.view(), consumed, piece);
    if (outcome == ResponseParser::Outcome::failed) co_return failure("the answer's body is malformed");
    if (!piece.empty()) {
      consume_next_ = consumed;
      co_return piece;
    }
    buffer_.consume(consumed);
    if (parser_->is_done() || consumed > 0) continue;
    if (buffer_.size() >= state_->config.max_header_bytes) co_return failure("a chunk header is too long");
    set_deadline(deadlines_.idle);
    bool filled = co_await fill();
    deadline_ = total_deadline_;
    if (filled) continue;
    if (cancelled_ || expired_ || !parser_->feed_eof()) co_return failure("the answer was cut off");
  }
}

bool ClientConnection::is_reusable() {
  return is_open() && !ended_by_us() && parser_ && parser_->is_done() && parser_->keep_alive() &&
         !half_sent_ && buffer_.size() == consume_next_;
}

void Cancel::cancel() {
  if (std::exchange(cancelled_, true)) return;
  if (connection_ != nullptr) connection_->cancel();
}

}  // namespace gatehouse::http
