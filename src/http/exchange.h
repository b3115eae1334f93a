// One request and its answer, as a handler sees them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "http/message.h"

namespace gatehouse::http {

class Connection;

/// Ends the notification when it dies.
class DisconnectWatch {
 public:
  DisconnectWatch() = default;
  explicit DisconnectWatch(Connection* connection) : connection_(connection) {}
  DisconnectWatch(DisconnectWatch&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  DisconnectWatch& operator=(DisconnectWatch&& other) noexcept;
  ~DisconnectWatch();

 private:
  Connection* connection_ = nullptr;
};

/// Lives as long as the handler's coroutine; use it on the connection's reactor only.
///
/// A handler answers once: either respond(), or start_stream(), write()…, finish(). Returning without an
/// answer, or throwing before one, gives a 500 problem; throwing or returning amid a stream closes the
/// connection without the final chunk, so that the client can tell a cut answer from a whole one.
///
/// A handler is never cancelled from outside: what it has begun (metering, audit) it finishes. That the
/// client left is told by the `bool` of a write, by client_gone() and by on_disconnect(). After that, further
/// writes return false at once and do nothing.
///
/// Every response gets `x-request-id`, `date` and its framing headers from the server; do not set them.
class Exchange {
 public:
  explicit Exchange(Connection& connection) : connection_(connection) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Its body is here if has_body() says so.
  const Request& request() const;
  /// True if there is none, or it came with the head, or was read.
  bool has_body() const;
  /// Reads the rest of the body: ask only when it is known who sends it and that it may be sent. False: it
  /// did not come whole, and the client was answered (a problem) or is gone; the handler returns. A body that
  /// is never read costs the connection. Before on_disconnect().
  Task<bool> read_body();
  /// Moves the body out, sparing a copy. request().body is empty afterwards.
  std::string take_body();

  /// Sends the whole answer and returns when the kernel took it. False: the client is gone. For HEAD only
  /// the head is sent, with the length of the body.
  Task<bool> respond(Response);

  /// Sends the head, and `first` with it in one packet if not empty. HTTP/1.1 clients get chunked coding,
  /// HTTP/1.0 clients an answer that ends with the connection.
  Task<bool> start_stream(int status, Headers, std::string_view first = {});
  /// Suspends until the kernel took all of `chunk` (which must live as long): this is the back-pressure.
  /// A client that takes nothing for Timeouts::write is dropped, and the write returns false.
  Task<bool> write(std::string_view chunk);
  /// Ends the stream; `last` goes into the same packet. False: the client left before.
  Task<bool> finish(std::string_view last = {});

  /// Known without asking the network only after a failed write, or while a watch from on_disconnect() lives.
  bool client_gone() const;
  /// Calls `gone` once, on this reactor, when the client closes or breaks the connection while the watch
  /// lives; at once if it is gone already. Closing its sending half counts as leaving. Typical use:
  /// `auto watch = exchange.on_disconnect([&] { upstream_cancel.cancel(); });`
  /// One watch at a time. Costs nothing for handlers that do not call it. More than Limits::pipelined_bytes
  /// of further requests sent meanwhile hide a disconnect until the next write.
  [[nodiscard]] DisconnectWatch on_disconnect(std::function<void()> gone);

  /// Has respond() or start_stream() been called?
  bool answered() const;
  /// The status sent, 0 before; for metrics after the handler ran.
  int status() const;

 private:
  Connection& connection_;
};

/// Copied into every server; called once for each request that is well-formed HTTP.
using Handler = std::function<Task<void>(Exchange&)>;

}  // namespace gatehouse::http
