// HTTP/1.1 client: one per reactor, connections pooled by endpoint, answers streamed with back-pressure.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "http/egress.h"
#include "http/message.h"
#include "http/tls.h"

namespace gatehouse::http {

class ClientConnection;

/// Where to connect. Make it once for each provider, not once for each call.
struct Endpoint {
  bool tls = false;
  std::string host;  // lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string base_path;  // what stands after the authority, without a trailing slash; often empty

  /// `http://` or `https://` only; no user information, no fragment, no query. Errors: validation_failed.
  static Result<Endpoint> parse(std::string_view url);
  /// `host[:port]`, the port only if it is not the scheme's.
  std::string authority() const;
};

struct ClientRequest {
  Method method = Method::get;
  Endpoint endpoint;
  std::string target = "/";  // path and query, percent-encoded; appended to endpoint.base_path
  /// `host`, `content-length`, `connection` and `accept-encoding: identity` are the client's to set.
  Headers headers;
  std::string body;
};

struct Deadlines {
  std::chrono::milliseconds connect{5'000};      // resolving, connecting and TLS together
  std::chrono::milliseconds first_byte{60'000};  // from the request sent to the answer's head
  std::chrono::milliseconds idle{60'000};        // between two pieces of the body
  std::chrono::milliseconds total{600'000};      // from send() to the last byte
};

/// Ends one call from outside, at any moment, on the same reactor: whatever waits in send() or in read_some()
/// then fails at once with upstream_failed, and the connection is closed; only a name that is being resolved
/// is waited for, at most Deadlines::connect. Must outlive the call and its response.
class Cancel {
 public:
  Cancel() = default;
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;
  void cancel();
  bool cancelled() const { return cancelled_; }

 private:
  friend class Client;
  friend class ClientConnection;
  bool cancelled_ = false;
  ClientConnection* connection_ = nullptr;
};

struct ClientConfig {
  EgressPolicy egress;
  std::shared_ptr<ClientTls> tls;       // null: the system's authorities
  std::size_t idle_per_endpoint = 32;   // kept open; more are closed after use
  std::size_t max_per_endpoint = 1024;  // open at once; more calls fail with overloaded
  std::chrono::milliseconds pool_idle{30'000};
  std::size_t max_header_bytes = 64 * 1024;
  std::chrono::milliseconds tick{50};  // every deadline can be late by this
};

/// An answer whose head has arrived. Reading it to its end (the empty optional) gives the connection back to
/// the pool; destroying it earlier closes the connection, which is how an upstream learns that nobody listens
/// any more. It may outlive the Client, but not the reactor.
class ClientResponse {
 public:
  ClientResponse(ClientResponse&&) noexcept;
  ClientResponse& operator=(ClientResponse&&) noexcept;
  ~ClientResponse();

  int status() const { return status_; }
  const Headers& headers() const { return headers_; }

  /// The next piece of the body, empty optional at its end. The view lives until the next call. Nothing is
  /// read from the network while nobody asks. Errors: upstream_failed (cut, malformed, cancelled),
  /// upstream_timeout.
  Task<Result<std::optional<std::string_view>>> read_some();
  /// The rest of the body. Errors: those, and upstream_failed beyond `limit` bytes.
  Task<Result<std::string>> read_all(std::size_t limit);

 private:
  friend class Client;
  explicit ClientResponse(std::unique_ptr<ClientConnection>);
  void finish();

  int status_ = 0;
  Headers headers_;
  std::unique_ptr<ClientConnection> connection_;  // null once the answer is read
};

class Client {
 public:
  Client(Executor, ClientConfig);
  /// Closes the pooled connections. Calls under way go on.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Returns when the answer's head is read; 4xx and 5xx are answers, redirects are not followed, bodies are
  /// not decompressed. Interim 1xx answers are skipped.
  ///
  /// Errors: egress_refused (nothing was sent), upstream_timeout, upstream_failed, overloaded. All of them
  /// come before any part of the answer was handed out, so a caller may go to another target; whether the
  /// first one has acted on the request is not known unless `sent` is false.
  ///
  /// A pooled connection that turns out to be dead is replaced once, unseen: always while nothing of the
  /// request was written, and after that only for idempotent methods and only while no byte of an answer came
  /// (RFC 9110 §9.2.2). A POST is never sent twice.
  Task<Result<ClientResponse>> send(ClientRequest, Deadlines = {}, Cancel* = nullptr, bool* sent = nullptr);

  std::size_t idle_connections() const;
  std::size_t open_connections() const;

  struct State;  // internal

 private:
  std::shared_ptr<State> state_;
};

}  // namespace gatehouse::http
