// One client connection, from accept to close; internal to http/. Lives as long as its coroutine and its
// outstanding read.
#pragma once

#include <memory>
#include <string>

#include "http/exchange.h"
#include "http/read_buffer.h"
#include "http/request_parser.h"
#include "http/server_state.h"
#include "http/transport.h"

namespace gatehouse::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  static void start(std::shared_ptr<Server::State>, Socket, Admission::Place);
  Connection(std::shared_ptr<Server::State>, Socket, Admission::Place);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // For the server's list and its tick.
  Connection* next() const { return next_; }
  void link(Connection* previous, Connection* next);
  void unlink();
  void check_deadline(Clock::time_point now);
  void close_if_idle();
  /// Closes at once; a handler that runs sees its client gone.
  void drop();

  // For Exchange; see there.
  Request& request() { return request_; }
  bool has_body() const { return unread_ == nullptr; }
  Task<bool> read_body();
  std::string take_body();
  Task<bool> respond(Response);
  Task<bool> start_stream(int status, Headers, std::string_view first);
  Task<bool> write(std::string_view chunk);
  Task<bool> finish(std::string_view last);
  void watch(std::function<void()> gone);
  void unwatch();
  bool gone() const { return gone_; }
  bool answered() const { return answer_ != Answer::none; }
  int status() const { return status_; }

 private:
  enum class Phase : std::uint8_t { handshake, idle, head, body, handler, writing, lingering, closed };
  enum class Answer : std::uint8_t { none, streaming, whole };
  enum class Step : std::uint8_t { go_on, stop };

  Task<void> run(std::shared_ptr<Connection> self);
  Task<bool> handshake();
  Task<bool> serve_one();
  Task<bool> receive_body(RequestParser&);
  Task<bool> receive_chunks(RequestParser&);
  Task<Step> read_more();
  Task<void> handle();
  /// Answers; refuse() also ends the connection.
  Response written(const Error&) const;
  Task<bool> answer(Refusal);
  Task<void> refuse(Refusal);
  Task<void> linger();
  void begin_request();
  void enter(Phase, std::chrono::milliseconds);
  void begin_body_window();
  void note_body_progress();
  bool grow_body_reservation(std::size_t bytes);
  void release_body();
  void drop_body();
  bool take_buffered_body(std::size_t length);

  void write_head(int status, const Headers&);
  Task<bool> send(Buffers);
  Task<bool> send_rest(Buffers);
  bool send_now(Buffers&);
  void lose();
  void start_monitor();
  void on_monitor(boost::system::error_code, std::size_t);

  std::shared_ptr<Server::State> server_;
  Admission::Place place_;
  Transport transport_;
  ReadBuffer buffer_;
  HeadScanner scanner_;
  Request request_;
  RemoteAddress peer_;
  std::shared_ptr<const ClientCertificate> certificate_;
  std::string out_;  // the head being sent; reused
  std::function<void()> on_gone_;
  Timer* reader_waiting_ = nullptr;  // cancelled when the monitor's read ends
  Connection* previous_ = nullptr;
  Connection* next_ = nullptr;
  Clock::time_point deadline_ = Clock::time_point::max();
  RequestParser* unread_ = nullptr;  // whose body is still to be read, while a handler runs
  std::size_t body_limit_ = 0;
  std::size_t body_reserved_ = 0;
  std::size_t body_window_ = 0;  // bytes of the body that were there when the window began
  int status_ = 0;
  Phase phase_ = Phase::idle;
  Answer answer_ = Answer::none;
  bool http_1_0_ = false;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool expired_ = false;
  bool gone_ = false;
  bool monitoring_ = false;
};

}  // namespace gatehouse::http
