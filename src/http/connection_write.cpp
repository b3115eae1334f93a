// Answers, streams and the watch for a client that leaves.
#include <charconv>

#include "base/error.h"
#include "http/connection.h"
#include "http/security_headers.h"

namespace gatehouse::http {
namespace {

// A body up to this size is copied behind the head: cheaper than a second buffer for the kernel.
constexpr std::size_t kCopiedBody = 2 * 1024;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

bool has_no_body(int status) {
  return status == 204 || status == 304 || status < 200;
}

void append_number(std::string& out, std::size_t number, int base) {
  std::array<char, 24> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void Connection::write_head(int status, const Headers& headers) {
  status_ = status;
  out_.clear();
  out_ += "HTTP/1.1 ";
  append_number(out_, static_cast<std::size_t>(status), 10);
  out_.append(" ").append(reason_phrase(status)).append("\r\n");
  headers.write_to(out_);
  write_api_security_headers(out_, headers, request_.tls);
  out_.append("date: ").append(server_->date);
  out_.append("\r\nx-request-id: ").append(request_.request_id).append("\r\n");
  // A body that nobody wanted would be taken for the next request.
  if (server_->draining || unread_ != nullptr) keep_alive_ = false;
  if (!keep_alive_)
    out_ += "connection: close\r\n";
  else if (http_1_0_)
    out_ += "connection: keep-alive\r\n";
}

Task<bool> Connection::respond(Response response) {
  if (answer_ != Answer::none) throw Failure("a request is answered once");
  answer_ = Answer::whole;
  auto content = response.content();
  write_head(response.status, response.headers);
  if (has_no_body(response.status)) {
    content = {};
  } else {
    out_ += "content-length: ";
    append_number(out_, content.size(), 10);
    out_ += kLineEnd;
  }
  out_ += kLineEnd;
  if (request_.method == Method::head) content = {};
  if (content.size() <= kCopiedBody) {
    out_ += content;
    content = {};
  }
  Buffers buffers{asio::buffer(out_), asio::buffer(content)};
  co_return send_now(buffers) || co_await send_rest(buffers);
}

Task<bool> Connection::start_stream(int status, Headers headers, std::string_view first) {
  if (answer_ != Answer::none) throw Failure("a request is answered once");
  answer_ = Answer::streaming;
  chunked_ = !http_1_0_;
  if (!chunked_) keep_alive_ = false;
  write_head(status, headers);
  out_ += chunked_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n";
  // A stream is long, and there are many: give back what reading the request took.
  if (!monitoring_) buffer_.release();
  if (!first.empty() && request_.method != Method::head) {
    if (chunked_) {
      append_number(out_, first.size(), 16);
      out_ += kLineEnd;
    }
    co_return co_await send(
        {asio::buffer(out_), asio::buffer(first), asio::buffer(chunked_ ? kLineEnd : "")});
  }
  co_return co_await send({asio::buffer(out_)});
}

Task<bool> Connection::write(std::string_view chunk) {
  if (answer_ != Answer::streaming) throw Failure("write outside of a stream");
  if (gone_) co_return false;
  if (chunk.empty() || request_.method == Method::head) co_return true;
  out_.clear();
  if (chunked_) {
    append_number(out_, chunk.size(), 16);
    out_ += kLineEnd;
  }
  Buffers buffers{asio::buffer(out_), asio::buffer(chunk), asio::buffer(chunked_ ? kLineEnd : "")};
  co_return send_now(buffers) || co_await send_rest(buffers);
}

Task<bool> Connection::finish(std::string_view last) {
  if (answer_ != Answer::streaming) throw Failure("finish outside of a stream");
  answer_ = Answer::whole;
  if (request_.method == Method::head) co_return !gone_;
  out_.clear();
  std::string_view end = "";
  if (chunked_) {
    end = kLastChunk;
    if (!last.empty()) {
      append_number(out_, last.size(), 16);
      out_ += kLineEnd;
      end = "\r\n0\r\n\r\n";
    }
  }
  co_return co_await send({asio::buffer(out_), asio::buffer(last), asio::buffer(end)});
}

Task<bool> Connection::send(Buffers buffers) {
  co_return send_now(buffers) || co_await send_rest(buffers);
}

/// True if the kernel took everything at once, which is the usual case and spares a turn of the reactor.
bool Connection::send_now(Buffers& buffers) {
  if (gone_) return false;
  boost::system::error_code error;
  auto n = transport_.try_write(buffers, error);
  if (error && error != asio::error::would_block) {
    lose();
    return false;
  }
  return !advance(buffers, n);
}

Task<bool> Connection::send_rest(Buffers buffers) {
  auto before = phase_;
  phase_ = Phase::writing;
  while (!gone_) {
    deadline_ = server_->now + server_->config.timeouts.write;
    auto [error, n] = co_await transport_.write_some(buffers);
    if (error) {
      lose();
      break;
    }
    if (!advance(buffers, n)) break;
  }
  phase_ = before;
  deadline_ = Clock::time_point::max();
  co_return !gone_;
}

void Connection::lose() {
  if (gone_) return;
  gone_ = true;
  keep_alive_ = false;
  if (auto callback = std::exchange(on_gone_, nullptr)) callback();
}

void Connection::watch(std::function<void()> gone) {
  if (unread_ != nullptr && !answered()) throw Failure("a body is read before its sender is watched");
  if (gone_) {
    gone();
    return;
  }
  on_gone_ = std::move(gone);
  start_monitor();
}

void Connection::unwatch() {
  on_gone_ = nullptr;
}

void Connection::start_monitor() {
  if (monitoring_ || gone_ || buffer_.size() >= server_->config.limits.pipelined_bytes) return;
  monitoring_ = true;
  transport_.async_read_some(buffer_.prepare(),
                             [self = shared_from_this()](boost::system::error_code error, std::size_t n) {
                               self->on_monitor(error, n);
                             });
}

void Connection::on_monitor(boost::system::error_code error, std::size_t n) {
  monitoring_ = false;
  if (error)
    lose();
  else
    buffer_.commit(n);
  if (reader_waiting_ != nullptr)
    reader_waiting_->cancel();
  else if (on_gone_)
    start_monitor();
}

DisconnectWatch& DisconnectWatch::operator=(DisconnectWatch&& other) noexcept {
  if (this != &other) {
    if (connection_ != nullptr) connection_->unwatch();
    connection_ = std::exchange(other.connection_, nullptr);
  }
  return *this;
}

DisconnectWatch::~DisconnectWatch() {
  if (connection_ != nullptr) connection_->unwatch();
}

const Request& Exchange::request() const {
  return connection_.request();
}
bool Exchange::has_body() const {
  return connection_.has_body();
}
Task<bool> Exchange::read_body() {
  return connection_.read_body();
}
std::string Exchange::take_body() {
  return connection_.take_body();
}
Task<bool> Exchange::respond(Response response) {
  return connection_.respond(std::move(response));
}
Task<bool> Exchange::start_stream(int status, Headers headers, std::string_view first) {
  return connection_.start_stream(status, std::move(headers), first);
}
Task<bool> Exchange::write(std::string_view chunk) {
  return connection_.write(chunk);
}
Task<bool> Exchange::finish(std::string_view last) {
  return connection_.finish(last);
}
bool Exchange::client_gone() const {
  return connection_.gone();
}
DisconnectWatch Exchange::on_disconnect(std::function<void()> gone) {
  connection_.watch(std::move(gone));
  return DisconnectWatch(&connection_);
}
bool Exchange::answered() const {
  return connection_.answered();
}
int Exchange::status() const {
  return connection_.status();
}

}  // namespace gatehouse::http
