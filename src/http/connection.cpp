// Reading requests and handing them over; the answers' side is in connection_write.cpp.
#include "http/connection.h"

#include <boost/asio/ssl/error.hpp>

#include "base/log.h"
#include "base/uuid.h"
#include "http/forwarded.h"
#include "http/origin.h"
#include "http/problem.h"
#include "http/syntax.h"

namespace gatehouse::http {
namespace {

constexpr std::size_t kBodyStep = 64 * 1024;
constexpr std::size_t kKeptBody = 16 * 1024;
constexpr std::size_t kLingerBytes = 64 << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr Refusal kNoRoom{ErrorCode::overloaded, "no_room_for_body", "too many bodies are being received"};

}  // namespace

void Connection::start(std::shared_ptr<Server::State> server, Socket socket, Admission::Place place) {
  auto executor = server->executor;
  auto connection = std::make_shared<Connection>(std::move(server), std::move(socket), std::move(place));
  auto* raw = connection.get();
  asio::co_spawn(executor, raw->run(std::move(connection)), [](std::exception_ptr failure) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log::error("http.connection_failed", {{"error", error.what()}});
    }
  });
}

Connection::Connection(std::shared_ptr<Server::State> server, Socket socket, Admission::Place place)
    : server_(std::move(server)), place_(std::move(place)), transport_(std::move(socket)) {
  boost::system::error_code error;
  auto endpoint = transport_.socket().remote_endpoint(error);
  if (!error) peer_ = {unmapped(endpoint.address()), endpoint.port()};
  server_->add(*this);
}

Connection::~Connection() {
  release_body();
  server_->remove(*this);
}

void Connection::link(Connection* previous, Connection* next) {
  previous_ = previous;
  next_ = next;
  if (next_ != nullptr) next_->previous_ = this;
}

void Connection::unlink() {
  if (previous_ != nullptr) previous_->next_ = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

void Connection::enter(Phase phase, std::chrono::milliseconds limit) {
  phase_ = phase;
  deadline_ = server_->now + limit;
}

void Connection::check_deadline(Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  expired_ = true;
  switch (phase_) {
    case Phase::head:
    case Phase::body:
      transport_.cancel();  // the reading coroutine answers 408
      break;
    case Phase::writing:
      server_->dropped("slow_reader");
      drop();
      break;
    case Phase::handshake:
      server_->dropped("handshake");
      transport_.close();
      break;
    case Phase::idle:
    case Phase::lingering:
    case Phase::handler:
    case Phase::closed:
      transport_.close();
      break;
  }
}

void Connection::close_if_idle() {
  bool nothing_sent_yet = phase_ == Phase::head && buffer_.empty();
  if (phase_ == Phase::idle || nothing_sent_yet) transport_.close();
}

void Connection::drop() {
  if (transport_.is_open()) transport_.abort();
  lose();
}

Task<void> Connection::run(std::shared_ptr<Connection> self) {
  if (!server_->config.tls || co_await handshake()) {
    // From accept, the first request has the head's time to come, not an idle connection's.
    enter(Phase::head, server_->config.timeouts.header);
    while (co_await serve_one()) {
    }
  }
  phase_ = Phase::closed;
  deadline_ = Clock::time_point::max();
  transport_.close();
}

Task<bool> Connection::handshake() {
  enter(Phase::handshake, server_->config.timeouts.handshake);
  auto& stream = transport_.start_tls(server_->config.tls->context);
  auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, use_result);
  if (error) {
    server_->malformed("tls_handshake");
    co_return false;
  }
  certificate_ = peer_certificate(stream.native_handle());
  co_return true;
}

/// One request and its answer. False: the connection ends.
Task<bool> Connection::serve_one() {
  std::size_t head_size = 0;
  begin_request();
  for (;;) {
    // The usual case, a whole head in one packet, costs no coroutine beyond the read itself.
    if (buffer_.view().starts_with("\r\n")) buffer_.consume(2);  // RFC 9112 §2.2
    auto scanned = scanner_.scan(buffer_.view(), server_->config.limits);
    if (!scanned) {
      co_await refuse(scanned.error());
      co_return false;
    }
    if (*scanned) {
      head_size = **scanned;
      break;
    }
    // A watch's read may have brought the first bytes.
    if (!buffer_.empty() && phase_ == Phase::idle) enter(Phase::head, server_->config.timeouts.header);
    if (co_await read_more() == Step::stop) co_return false;
  }
  const auto& limits = server_->config.limits;
  RequestParser parser(request_, limits);
  if (auto parsed = parser.parse_head(buffer_.view().substr(0, head_size)); !parsed) {
    co_await refuse(parsed.error());
    co_return false;
  }
  http_1_0_ = parser.http_1_0();
  keep_alive_ = parser.keep_alive();
  buffer_.consume(head_size);
  scanner_.reset();

  if (auto id = request_.headers.find("x-request-id"); id && is_request_id(*id)) request_.request_id = *id;
  if (auto trace = request_.headers.find("traceparent"))
    if (auto parsed = TraceContext::parse(*trace)) request_.trace = *parsed;
  apply_forwarded(request_, server_->config.trusted_proxies);
  if (!host_allowed(request_.host, server_->config.allowed_hosts)) {
    co_await refuse({ErrorCode::origin_refused, "host_not_allowed", "this host is not served here"});
    co_return false;
  }

  if (parser.length() != 0) {
    body_limit_ = server_->body_limit(request_.method, request_.path);
    if (parser.length() && *parser.length() > body_limit_) {
      co_await refuse(
          {ErrorCode::payload_too_large, "body_too_large", "the body is larger than this call takes"});
      co_return false;
    }
    // What did not come with the head waits until the handler asks, which first asks who sends it.
    if (!(parser.length() && take_buffered_body(*parser.length()))) unread_ = &parser;
  }
  co_await handle();
  unread_ = nullptr;
  co_return keep_alive_ && !gone_ && !server_->draining && transport_.is_open();
}

void Connection::begin_request() {
  request_.headers.clear();
  request_.body.clear();
  if (request_.body.capacity() > kKeptBody) request_.body = {};
  request_.request_id = Uuid::v7().to_string();
  request_.trace = TraceContext::make();
  request_.target.clear();
  request_.path.clear();
  request_.query.clear();
  request_.host.clear();
  request_.method = Method::other;
  request_.peer = peer_;
  request_.tls = transport_.is_tls();
  request_.client_certificate = certificate_;
  answer_ = Answer::none;
  status_ = 0;
  expired_ = false;
  keep_alive_ = false;
  if (buffer_.empty()) buffer_.shrink();
}

bool Connection::take_buffered_body(std::size_t length) {
  if (buffer_.size() < length) return false;
  request_.body.assign(buffer_.view().substr(0, length));
  buffer_.consume(length);
  return true;
}

Task<Connection::Step> Connection::read_more() {
  if (monitoring_) {
    Timer ended(server_->executor, Clock::time_point::max());
    reader_waiting_ = &ended;
    co_await ended.async_wait(use_result);
    reader_waiting_ = nullptr;
    if (!gone_) co_return Step::go_on;
  } else {
    auto [error, n] = co_await transport_.read_some(buffer_.prepare());
    if (!error) {
      if (buffer_.empty() && phase_ == Phase::idle) enter(Phase::head, server_->config.timeouts.header);
      buffer_.commit(n);
      co_return Step::go_on;
    }
  }
  if (expired_ && phase_ == Phase::head && !buffer_.empty() && transport_.is_open())
    co_await refuse({ErrorCode::request_timeout, "slow_head", "the request did not arrive in time"});
  co_return Step::stop;
}

void Connection::begin_body_window() {
  body_window_ = request_.body.size();
  deadline_ = server_->now + server_->config.timeouts.body;
}

// Time is not earned in advance: a body that stalls is refused a window later, however much of it came
// before.
void Connection::note_body_progress() {
  const auto& timeouts = server_->config.timeouts;
  auto due = timeouts.body_bytes_per_second * static_cast<std::size_t>(timeouts.body.count()) / 1000;
  if (request_.body.size() - body_window_ >= due) begin_body_window();
}

bool Connection::grow_body_reservation(std::size_t bytes) {
  if (bytes <= body_reserved_) return true;
  if (!server_->config.admission->reserve_body(bytes - body_reserved_)) return false;
  body_reserved_ = bytes;
  return true;
}

void Connection::release_body() {
  if (body_reserved_ > 0) server_->config.admission->release_body(std::exchange(body_reserved_, 0));
}

void Connection::drop_body() {
  if (body_reserved_ > 0) request_.body = {};
  release_body();
}

std::string Connection::take_body() {
  release_body();
  return std::exchange(request_.body, {});
}

Task<bool> Connection::read_body() {
  if (gone_ || unread_ == nullptr) co_return !gone_;
  auto& parser = *unread_;
  if (parser.wants_continue() && buffer_.empty() && !co_await send({asio::buffer(kContinue)}))
    co_return false;
  phase_ = Phase::body;
  begin_body_window();
  bool whole = parser.length() ? co_await receive_body(parser) : co_await receive_chunks(parser);
  phase_ = Phase::handler;
  deadline_ = Clock::time_point::max();
  if (whole) {
    unread_ = nullptr;
    co_return true;
  }
  drop_body();
  if (!answered()) {
    bool late = expired_ && transport_.is_open();
    if (!late ||
        !co_await answer({ErrorCode::request_timeout, "slow_body", "the body did not arrive in time"}))
      lose();
  }
  co_return false;
}

Task<bool> Connection::receive_chunks(RequestParser& parser) {
  for (;;) {
    if (!grow_body_reservation(request_.body.size() + buffer_.size())) {
      co_await answer(kNoRoom);
      co_return false;
    }
    auto fed = parser.feed_chunked(buffer_.view(), body_limit_);
    if (!fed) {
      co_await answer(fed.error());
      co_return false;
    }
    buffer_.consume(*fed);
    if (parser.is_done()) co_return true;
    // What remains is a chunk's header or the trailers, and neither is long.
    if (buffer_.size() > server_->config.limits.header_bytes) {
      co_await answer({ErrorCode::malformed_http, "chunk", "a chunk header or the trailers are too long"});
      co_return false;
    }
    note_body_progress();
    if (co_await read_more() == Step::stop) co_return false;
  }
}

/// Straight into the body, in steps: memory follows what was sent, not what was announced.
Task<bool> Connection::receive_body(RequestParser& parser) {
  const auto length = static_cast<std::size_t>(*parser.length());
  auto& body = request_.body;
  body.assign(buffer_.view());
  buffer_.consume(body.size());
  while (body.size() < length) {
    auto have = body.size();
    auto room = std::min(length, have + std::max(kBodyStep, have));
    if (!grow_body_reservation(room)) {
      co_await answer(kNoRoom);
      co_return false;
    }
    body.resize(room);
    auto [error, n] = co_await transport_.read_some(asio::buffer(body.data() + have, body.size() - have));
    body.resize(have + n);
    if (error) co_return false;
    note_body_progress();
  }
  co_return true;
}

Task<void> Connection::handle() {
  phase_ = Phase::handler;
  deadline_ = Clock::time_point::max();
  bool failed = false;
  {
    Exchange exchange(*this);
    try {
      co_await server_->handler(exchange);
    } catch (const std::exception& error) {
      failed = true;
      log::error("http.handler_failed", {{"request_id", request_.request_id},
                                         {"trace_id", request_.trace.trace_id_hex()},
                                         {"error", error.what()}});
    }
  }
  unwatch();
  drop_body();
  if (answer_ == Answer::whole) {
    if (keep_alive_ && !server_->draining)
      enter(buffer_.empty() ? Phase::idle : Phase::head,
            buffer_.empty() ? server_->config.timeouts.idle : server_->config.timeouts.header);
    else if (!gone_)
      co_await linger();
    co_return;
  }
  keep_alive_ = false;
  if (answer_ == Answer::streaming) {
    if (!gone_ && !failed)
      log::error("http.stream_unfinished",
                 {{"request_id", request_.request_id}, {"trace_id", request_.trace.trace_id_hex()}});
    // Without the final chunk, whoever reads knows that the answer is not whole; HTTP/1.0 needs a reset for
    // that.
    if (!chunked_)
      drop();
    else if (!gone_)
      co_await linger();
    co_return;
  }
  if (gone_) co_return;
  if (!failed)
    log::error("http.no_answer",
               {{"request_id", request_.request_id}, {"trace_id", request_.trace.trace_id_hex()}});
  co_await respond(written({.code = ErrorCode::internal}));
  co_await linger();
}

Task<bool> Connection::answer(Refusal refusal) {
  server_->malformed(refusal.reason);
  keep_alive_ = false;
  http_1_0_ = false;
  request_.method = Method::other;  // a HEAD would hide the reason
  co_return co_await respond(written({.code = refusal.code, .detail = std::string(refusal.detail)}));
}

Response Connection::written(const Error& error) const {
  const auto& write = server_->config.write_refusal;
  return write ? write(error, request_.path, request_.request_id)
               : problem(error, request_.path, request_.request_id);
}

Task<void> Connection::refuse(Refusal refusal) {
  if (co_await answer(refusal)) co_await linger();
}

// Closing while unread bytes wait makes the kernel send a reset, which can destroy the answer on its way.
// So say that nothing more comes, and discard what the client still sends, for a while.
Task<void> Connection::linger() {
  enter(Phase::lingering, server_->config.timeouts.linger);
  if (monitoring_) co_return;
  if (transport_.is_tls()) {
    co_await transport_.tls().async_shutdown(use_result);
    co_return;
  }
  transport_.shutdown_send();
  std::size_t discarded = 0;
  while (discarded < kLingerBytes) {
    buffer_.consume(buffer_.size());
    auto [error, n] = co_await transport_.read_some(buffer_.prepare());
    if (error) break;
    discarded += n;
  }
}

}  // namespace gatehouse::http
