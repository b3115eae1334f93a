#include "pg/connection.h"

#include <cerrno>
#include <sys/socket.h>

#include "pg/session.h"

namespace gatehouse::pg {
namespace {

// While it lives the session is busy; unless told that the answer was read to its end, it closes the session.
class Use {
 public:
  Use(std::shared_ptr<Session> session, Deadline deadline) : session_(std::move(session)) {
    if (!session_ || !session_->is_open()) throw Error::connection_lost("the connection is closed");
    if (session_->busy()) throw Failure("a connection was used twice at once");
    if (deadline <= std::chrono::steady_clock::now()) throw Error::deadline_passed();
    session_->set_busy(true);
    session_->arm(deadline);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    session_->set_busy(false);
    session_->disarm();
    if (!complete_) session_->close();
  }
  void complete() { complete_ = true; }

 private:
  std::shared_ptr<Session> session_;
  bool complete_ = false;
};

}  // namespace

Connection::~Connection() {
  close();
}

Task<std::vector<Rows>> Connection::run(Batch batch, Deadline deadline) {
  auto session = session_;
  Use use(session, deadline);
  Reply reply;
  if (!batch.empty()) {
    try {
      session->send(batch, reply);
      while (!session->read(reply)) co_await session->wait();
    } catch (const Error& error) {
      if (!error.statement().empty() || reply.next >= reply.steps.size()) throw;
      throw error.in_statement(reply.steps[reply.next].name);
    }
  }
  use.complete();
  if (reply.error) throw Error(*std::move(reply.error));
  co_return std::move(reply.rows);
}

Task<Rows> Connection::query(Statement statement, Params values, Deadline deadline) {
  auto rows = co_await run(Batch(statement, std::move(values)), deadline);
  co_return std::move(rows.front());
}

Task<void> Connection::execute_script(std::string sql, Deadline deadline) {
  auto session = session_;
  Use use(session, deadline);
  try {
    co_await session->run_script(std::move(sql));
  } catch (const Error&) {
    // An error of the script was read to its end; one of the connection closed it.
    if (session->is_open() && PQtransactionStatus(session->raw()) != PQTRANS_ACTIVE) use.complete();
    throw;
  }
  use.complete();
}

bool Connection::is_open() const {
  return session_ && session_->is_open();
}

bool Connection::in_transaction() const {
  if (!is_open()) return false;
  auto status = PQtransactionStatus(session_->raw());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

bool Connection::is_reusable() const {
  return is_open() && !session_->busy() && !session_->is_worn() &&
         PQtransactionStatus(session_->raw()) == PQTRANS_IDLE;
}

bool Connection::check_idle() {
  while (is_open()) {
    char byte;
    auto got = recv(PQsocket(session_->raw()), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (got < 0 && errno == EINTR) continue;
    // Changed settings and farewells arrive unasked; libpq reads them.
    if (got <= 0 || PQconsumeInput(session_->raw()) != 1) break;
    PQisBusy(session_->raw());
    if (PQstatus(session_->raw()) == CONNECTION_BAD) break;
  }
  close();
  return false;
}

int Connection::server_version() const {
  return is_open() ? PQserverVersion(session_->raw()) : 0;
}
int Connection::backend_pid() const {
  return is_open() ? PQbackendPID(session_->raw()) : 0;
}
std::chrono::steady_clock::time_point Connection::opened_at() const {
  return session_ ? session_->opened_at() : std::chrono::steady_clock::time_point{};
}

void Connection::close() {
  if (session_) session_->close();
}

}  // namespace gatehouse::pg
