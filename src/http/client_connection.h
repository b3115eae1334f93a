// One connection to an upstream: connecting, one exchange at a time, reuse; internal to http/.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/client_state.h"
#include "http/read_buffer.h"
#include "http/response_parser.h"
#include "http/transport.h"

namespace gatehouse::http {

class ClientConnection {
 public:
  /// `state` counts it as open until it dies.
  ClientConnection(std::shared_ptr<Client::State> state, std::string key);
  ~ClientConnection();
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  /// Puts it under the deadlines and under `cancel`.
  void begin(const Deadlines&, Clock::time_point started, Cancel* cancel);
  Task<Result<void>> connect(Endpoint);
  /// Sends the request and reads the answer's head. `head` and `body` must live as long.
  Task<Result<void>> exchange(std::string_view head, std::string_view body, bool is_head_request);
  Task<Result<std::optional<std::string_view>>> read_some();

  ResponseParser& parser() { return *parser_; }
  ReadBuffer& buffer() { return buffer_; }
  bool wrote() const { return wrote_; }
  bool received() const { return received_; }
  bool ended_by_us() const { return expired_ || cancelled_; }
  bool is_open() { return transport_ && transport_->is_open(); }
  bool is_disturbed() { return !is_open() || transport_->is_disturbed(); }
  bool is_reusable();
  const std::string& key() const { return key_; }

  /// Leaves the call's deadlines and its Cancel; the state no longer lists it.
  void detach();
  /// While pooled it must not own the state that owns it.
  void release_state() { state_.reset(); }
  std::shared_ptr<Client::State> state() const { return state_; }
  void set_state(std::shared_ptr<Client::State> state) { state_ = std::move(state); }

  void cancel();
  void check_deadline(Clock::time_point now);

  ClientConnection* previous = nullptr;
  ClientConnection* next = nullptr;
  Clock::time_point idle_since;

 private:
  Task<Result<void>> open_socket(std::vector<asio::ip::tcp::endpoint> endpoints);
  Task<Result<void>> handshake(const std::string& host);
  Task<bool> write_all(Buffers);
  Task<bool> fill();
  void set_deadline(std::chrono::milliseconds limit);
  std::unexpected<Error> failure(std::string_view what) const;
  void close();

  std::shared_ptr<Client::State> state_;
  std::string key_;
  std::optional<Transport> transport_;
  Socket* connecting_ = nullptr;
  ReadBuffer buffer_;
  std::optional<ResponseParser> parser_;
  std::size_t consume_next_ = 0;  // the view handed out last still needs these bytes
  Deadlines deadlines_;
  Clock::time_point total_deadline_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Cancel* cancel_ = nullptr;
  bool linked_ = false;
  bool wrote_ = false;
  bool half_sent_ = false;  // the request did not go out whole: never reuse
  bool received_ = false;
  bool expired_ = false;
  bool cancelled_ = false;

  friend class Cancel;
};

}  // namespace gatehouse::http
