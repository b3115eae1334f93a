// HTTP/1.1 server: one per reactor, each with its own listening socket (SO_REUSEPORT within the process).
//
// Strict on purpose: a message that two parsers could read differently (obs-fold, bare LF or CR,
// Content-Length together with Transfer-Encoding, several Content-Length, a coding other than chunked, spaces
// before the colon, absolute-form, a missing, doubled or malformed Host) gets a problem+json 4xx and the
// connection is closed. HTTP/1.0 is served, with or without Host.
//
// Metrics: gatehouse_http_connections, gatehouse_http_connections_shed_total,
// gatehouse_http_malformed_total{reason}, gatehouse_http_dropped_total{reason}.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "http/address.h"
#include "http/admission.h"
#include "http/exchange.h"
#include "http/tls.h"

namespace gatehouse::http {

struct Limits {
  std::size_t request_line = 8 * 1024;   // longer: 414
  std::size_t header_bytes = 16 * 1024;  // request line and fields together; more: 431
  std::size_t header_count = 100;        // more: 431
  std::size_t query_parameters = 200;    // more: 400
  /// Read ahead while a handler watches for disconnects; see Exchange::on_disconnect().
  std::size_t pipelined_bytes = 16 * 1024;
  /// The largest body that this request may have; more gives 413. Asked once the head is read. Not set: 1
  /// MiB.
  std::function<std::size_t(Method, std::string_view path)> body_limit;
};

/// Checked every `tick`, so each can be early or late by that much, and no request sets a timer.
struct Timeouts {
  std::chrono::milliseconds header{
      10'000};  // from accept, or from a request's first byte, to the head's end: 408
  std::chrono::milliseconds body{
      10'000};  // a body's window: it ends within one, or brings so much in each: 408
  std::size_t body_bytes_per_second = 4 * 1024;
  std::chrono::milliseconds idle{75'000};   // between requests: closed silently
  std::chrono::milliseconds write{30'000};  // without any progress: the client is dropped
  std::chrono::milliseconds linger{1'000};  // discarding what an answered-with-an-error client still sends
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds tick{100};
};

struct ServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, see Server::port()
  /// Listen beside another server of this process, which has the port already. Otherwise the port must be
  /// free: two processes never share one by accident.
  bool shares_port = false;
  /// Shared by all servers of a process. Null: one of its own, with the default bounds. Connections beyond:
  /// 503 with retry-after, and closed. Bodies beyond: 503.
  std::shared_ptr<Admission> admission;
  Limits limits;
  Timeouts timeouts;
  /// Shared by all servers of a process, made by load_server_tls(). Null: plain text.
  std::shared_ptr<ServerTls> tls;
  /// Peers whose X-Forwarded-For, -Proto and -Host are believed, and whose connections are not limited as one
  /// client's.
  std::vector<Cidr> trusted_proxies;
  /// Names that Host may have, without port, `*.example.org` for any one label. Empty: any. Others: 403
  /// origin_refused.
  std::vector<std::string> allowed_hosts;
  /// How what the server itself refuses is written, by the request's path (empty if there is none yet). Null:
  /// as problems.
  std::function<Response(const Error&, std::string_view path, std::string_view request_id)> write_refusal;
};

/// Somebody listens on the port already.
class PortTaken : public Failure {
 public:
  explicit PortTaken(std::uint16_t port);
};

/// Binds and lets go again: whether a server could listen there now. Throws as Server does.
void check_port(const std::string& address, std::uint16_t port);

class Server {
 public:
  /// Binds, listens and starts to accept. Throws PortTaken, or Failure if the address cannot be bound for
  /// another reason. The io_context must be run by one thread and outlive the server.
  Server(asio::io_context&, ServerConfig, Handler);
  /// Stops accepting and closes every connection; handlers that still run see their client gone. The reactor
  /// may go on running.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;

  /// Graceful stop: stops accepting, closes idle connections, answers requests in flight with
  /// `connection: close`, lets streams finish until `deadline`, then closes what is left.
  Task<void> drain(std::chrono::steady_clock::time_point deadline);

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace gatehouse::http
