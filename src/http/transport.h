// A TCP connection with or without TLS, with one interface and no virtual calls; internal to http/.
#pragma once

#include <memory>
#include <span>
#include <sys/socket.h>
#include <tuple>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/task.h"
#include "http/tls_context.h"

namespace gatehouse::http {

using ErrorCodeIo = boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using IoResult = std::tuple<ErrorCodeIo, std::size_t>;
using Buffers = std::array<asio::const_buffer, 3>;

class Transport {
 public:
  explicit Transport(Socket socket) : plain_(std::move(socket)) {
    ErrorCodeIo ignored;
    plain_.set_option(asio::ip::tcp::no_delay(true), ignored);
    plain_.non_blocking(true, ignored);
  }

  bool is_tls() const { return tls_ != nullptr; }
  Socket& socket() { return tls_ ? tls_->next_layer() : plain_; }
  TlsStream& start_tls(asio::ssl::context& context) {
    tls_ = std::make_unique<TlsStream>(std::move(plain_), context);
    return *tls_;
  }
  TlsStream& tls() { return *tls_; }

  template <class Token>
  auto async_read_some(asio::mutable_buffer buffer, Token&& token) {
    return tls_ ? tls_->async_read_some(buffer, std::forward<Token>(token))
                : plain_.async_read_some(buffer, std::forward<Token>(token));
  }
  Task<IoResult> read_some(asio::mutable_buffer buffer) { return async_read_some(buffer, use_result); }
  Task<IoResult> write_some(const Buffers& buffers) {
    return tls_ ? tls_->async_write_some(buffers, use_result) : plain_.async_write_some(buffers, use_result);
  }
  /// What the kernel takes at once; would_block if nothing, and always with TLS. Saves a turn of the reactor.
  std::size_t try_write(const Buffers& buffers, ErrorCodeIo& error) {
    if (!tls_) return plain_.write_some(buffers, error);
    error = asio::error::would_block;
    return 0;
  }

  /// Has the other side closed, or sent something unasked for? For connections that should be silent.
  bool is_disturbed() {
    char byte;
    auto n = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  /// Waiting operations fail with operation_aborted; the connection stays open.
  void cancel() {
    ErrorCodeIo ignored;
    socket().cancel(ignored);
  }
  void close() {
    ErrorCodeIo ignored;
    socket().close(ignored);
  }
  /// Closes with a reset, so that the kernel forgets what the peer would not read.
  void abort() {
    ErrorCodeIo ignored;
    socket().set_option(asio::socket_base::linger(true, 0), ignored);
    socket().close(ignored);
  }
  void shutdown_send() {
    ErrorCodeIo ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
  }
  bool is_open() { return socket().is_open(); }

 private:
  Socket plain_;
  std::unique_ptr<TlsStream> tls_;
};

/// Drops `n` bytes from the front of `buffers`; false when nothing is left.
inline bool advance(Buffers& buffers, std::size_t n) {
  bool left = false;
  for (auto& buffer : buffers) {
    auto step = std::min(n, buffer.size());
    buffer += step;
    n -= step;
    left = left || buffer.size() > 0;
  }
  return left;
}

}  // namespace gatehouse::http
