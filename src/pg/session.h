// The wire below Connection and Pipeline: libpq's pipeline mode, its socket on Asio, prepared statements.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <libpq-fe.h>

#include "base/metrics.h"
#include "base/task.h"
#include "pg/connection.h"

namespace gatehouse::pg {

/// A statement as one connection knows it.
struct PreparedStatement {
  std::string_view sql;
  std::vector<Oid> types;
  std::string wire_name;
  metrics::Histogram* seconds;
  bool prepared = false;  // or on its way to being so
};

/// A batch on its way: which answers are due, and those that came.
struct Reply {
  struct Step {
    PreparedStatement* statement;
    std::string_view name;
    bool is_parse;
  };
  std::vector<Step> steps;
  std::size_t next = 0;
  bool answered = false;  // the step at `next`; its end is still to come
  std::vector<Rows> rows;
  std::optional<Error> error;  // the first
  std::chrono::steady_clock::time_point sent;
  bool done = false;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  /// Takes a connected PGconn and puts it into non-blocking pipeline mode.
  Session(Executor, PGconn*);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Puts the batch and a Sync into libpq's buffer and sends what the socket takes.
  void send(const Batch&, Reply&);
  /// Consumes what has arrived. True when the reply is complete. Throws Error if the connection is lost.
  bool read(Reply&);
  /// Sends what is left to send, and waits until something may have arrived. Throws Error at the deadline.
  Task<void> wait();
  Task<void> run_script(std::string sql);
  /// Wakes a `wait` under way if the socket did not take all that was sent since.
  void nudge_if_unsent();

  /// From now until `disarm`, `wait` ends with an Error at the deadline.
  void arm(Deadline);
  void disarm() { armed_for_.reset(); }

  void close();
  bool is_open() const { return connection_ != nullptr; }
  bool busy() const { return busy_; }
  void set_busy(bool busy) { busy_ = busy; }
  /// Its prepared plans no longer fit the schema: do not lend it again.
  bool is_worn() const { return worn_; }
  std::chrono::steady_clock::time_point opened_at() const { return opened_at_; }
  PGconn* raw() const { return connection_; }

 private:
  struct Key {
    std::string_view name;
    std::vector<Oid> types;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };

  PreparedStatement& find_or_add(const Batch::Item&);
  void send_item(const Batch::Item&, Reply&);
  void take(PGresult*, Reply&);
  [[noreturn]] void lose();
  void watch(Deadline);

  PGconn* connection_;
  const std::chrono::steady_clock::time_point opened_at_ = std::chrono::steady_clock::now();
  asio::posix::basic_stream_descriptor<Executor> socket_;
  Timer watchdog_;
  std::optional<Deadline> armed_for_;
  std::optional<Deadline> watching_until_;
  bool timed_out_ = false;
  bool busy_ = false;
  bool worn_ = false;
  bool nudged_ = false;
  std::uint64_t write_wait_ = 0;

  std::unordered_map<Key, PreparedStatement, Hash> statements_;
  std::vector<Oid> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
};

}  // namespace gatehouse::pg
