#include "pg/session.h"

#include <fmt/format.h>

#include "base/log.h"

namespace gatehouse::pg {

Session::Session(Executor executor, PGconn* connection)
    : connection_(connection), socket_(executor), watchdog_(executor) {
  // The server's notices can quote data; nobody reads them.
  PQsetNoticeReceiver(connection_, [](void*, const PGresult*) {}, nullptr);
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) lose();
  socket_.assign(PQsocket(connection_));
}

Session::~Session() {
  close();
}

void Session::close() {
  if (!connection_) return;
  // libpq closes the socket itself.
  socket_.release();
  PQfinish(connection_);
  connection_ = nullptr;
}

void Session::lose() {
  Error error = Error::connection_lost(PQerrorMessage(connection_));
  close();
  throw error;
}

std::size_t Session::Hash::operator()(const Key& key) const {
  std::size_t hash = std::hash<std::string_view>{}(key.name);
  for (Oid type : key.types) hash = hash * 31 + type;
  return hash;
}

PreparedStatement& Session::find_or_add(const Batch::Item& item) {
  thread_local Key key;
  key.name = item.name;
  key.types.clear();
  for (std::size_t i = 0; i < item.params.size(); ++i) key.types.push_back(item.params[i].type);
  auto found = statements_.find(key);
  if (found == statements_.end()) {
    // The same statement with other parameter types (an int here, an int64_t there) is prepared beside the
    // first.
    std::string wire_name(item.name);
    for (auto& [other, statement] : statements_)
      if (other.name == item.name) wire_name += '+';
    auto& seconds =
        metrics::histogram("gatehouse_pg_query_seconds", "From sending a statement to its complete answer",
                           {{"statement", item.name}});
    found = statements_.emplace(key, PreparedStatement{item.sql, key.types, std::move(wire_name), &seconds})
                .first;
  }
  if (found->second.sql.data() != item.sql.data() && found->second.sql != item.sql)
    throw Failure(fmt::format("two statements are named {}", item.name));
  return found->second;
}

void Session::send_item(const Batch::Item& item, Reply& reply) {
  const Params& params = item.params;
  values_.clear(), lengths_.clear(), formats_.clear(), types_.clear();
  for (std::size_t i = 0; i < params.size(); ++i) {
    auto& value = params[i];
    types_.push_back(value.type);
    values_.push_back(params.data(value));
    lengths_.push_back(static_cast<int>(value.length));
    formats_.push_back(value.binary ? 1 : 0);
  }
  int count = static_cast<int>(params.size());
  if (!item.is_named()) {
    if (PQsendQueryParams(connection_, item.once.c_str(), count, types_.data(), values_.data(),
                          lengths_.data(), formats_.data(), 1) != 1)
      lose();
    reply.steps.push_back({nullptr, item.name, false});
    return;
  }
  PreparedStatement& statement = find_or_add(item);
  if (!statement.prepared) {
    if (PQsendPrepare(connection_, statement.wire_name.c_str(), item.sql.data(), count, types_.data()) != 1)
      lose();
    reply.steps.push_back({&statement, item.name, true});
    statement.prepared = true;
  }
  if (PQsendQueryPrepared(connection_, statement.wire_name.c_str(), count, values_.data(), lengths_.data(),
                          formats_.data(), 1) != 1)
    lose();
  reply.steps.push_back({&statement, item.name, false});
}

void Session::send(const Batch& batch, Reply& reply) {
  reply.steps.reserve(batch.size() + 2);
  reply.rows.reserve(batch.size());
  reply.sent = std::chrono::steady_clock::now();
  for (const auto& item : batch.items()) send_item(item, reply);
  if (PQpipelineSync(connection_) != 1) lose();
}

void Session::take(PGresult* result, Reply& reply) {
  if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
    PQclear(result);
    reply.done = true;
    return;
  }
  if (reply.next >= reply.steps.size()) {
    // After the server's farewell libpq adds a result of its own for the cut, which belongs to no statement.
    bool is_cut = PQresultStatus(result) == PGRES_FATAL_ERROR;
    PQclear(result);
    if (!is_cut) throw Failure("postgres answered more than it was asked");
    return;
  }
  reply.answered = true;
  Rows rows(result, reply.steps[reply.next].name);
  auto& step = reply.steps[reply.next];
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      if (step.is_parse) return;
      if (step.statement)
        step.statement->seconds->observe(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - reply.sent).count());
      reply.rows.push_back(std::move(rows));
      return;
    case PGRES_PIPELINE_ABORTED:
      break;
    default:
      if (!reply.error) reply.error = Error::from_result(result, step.name);
      // "cached plan must not change result type": a migration changed a table under a prepared statement.
      if (reply.error->sqlstate() == "0A000") worn_ = true;
  }
  if (step.is_parse) step.statement->prepared = false;
}

bool Session::read(Reply& reply) {
  if (!connection_) throw Error::connection_lost("closed while a query was under way");
  // Between two batches libpq may give one empty answer.
  bool paused = false;
  while (!reply.done) {
    if (PQisBusy(connection_) == 1) return false;
    if (PGresult* result = PQgetResult(connection_)) {
      take(result, reply);
    } else if (PQstatus(connection_) == CONNECTION_BAD) {
      break;
    } else if (reply.answered) {
      ++reply.next;
      reply.answered = false;
    } else if (std::exchange(paused, true)) {
      throw Failure("postgres has nothing to answer");
    }
  }
  if (PQstatus(connection_) == CONNECTION_BAD) {
    // The server's own farewell (57P01) says more than the cut that follows it.
    if (!reply.error) lose();
    close();
    throw *reply.error;
  }
  return true;
}

Task<void> Session::wait() {
  nudged_ = false;
  int unsent = PQflush(connection_);
  if (unsent < 0) lose();
  if (unsent > 0) {
    // The server may have stopped reading because we do not read: wait for either direction.
    socket_.async_wait(socket_.wait_write,
                       [weak = weak_from_this(), turn = ++write_wait_](boost::system::error_code ec) {
                         auto self = weak.lock();
                         if (!ec && self && self->connection_ && self->write_wait_ == turn)
                           self->socket_.cancel();
                       });
  }
  auto [ec] = co_await socket_.async_wait(socket_.wait_read, use_result);
  if (!connection_) throw Error::connection_lost("closed while a query was under way");
  if (timed_out_) throw Error::deadline_passed();
  if (unsent > 0) {
    ++write_wait_;
    // Woken by our own cancel, unless the task itself was cancelled.
    bool cancelled =
        (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
    if (ec == asio::error::operation_aborted && !cancelled) ec = {};
    socket_.cancel();
  }
  if (nudged_) co_return;
  if (ec) throw boost::system::system_error(ec);
  if (PQconsumeInput(connection_) != 1 && PQisBusy(connection_) == 1) lose();
}

void Session::nudge_if_unsent() {
  if (PQflush(connection_) != 1) return;
  nudged_ = true;
  socket_.cancel();
}

Task<void> Session::run_script(std::string sql) {
  if (PQexitPipelineMode(connection_) != 1 || PQsendQuery(connection_, sql.c_str()) != 1) lose();
  std::optional<Error> error;
  while (true) {
    while (PQisBusy(connection_) == 1) co_await wait();
    std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQgetResult(connection_), PQclear);
    if (!result) break;
    auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) throw Failure("a script may not use COPY");
    if (status == PGRES_FATAL_ERROR && !error) error = Error::from_result(result.get(), "script");
  }
  if (PQstatus(connection_) == CONNECTION_BAD && !error) lose();
  if (PQstatus(connection_) == CONNECTION_BAD)
    close();
  else if (PQenterPipelineMode(connection_) != 1)
    lose();
  if (error) throw *error;
}

void Session::arm(Deadline deadline) {
  timed_out_ = false;
  armed_for_ = deadline;
  // Deadlines mostly grow, so a timer set for an earlier query serves: it looks again when it fires. That
  // keeps the timer queue off the path of every query.
  if (!watching_until_ || *watching_until_ > deadline) watch(deadline);
}

void Session::watch(Deadline until) {
  watching_until_ = until;
  watchdog_.expires_at(until);
  watchdog_.async_wait([weak = weak_from_this(), until](boost::system::error_code ec) {
    auto self = weak.lock();
    if (ec || !self || self->watching_until_ != until) return;
    self->watching_until_.reset();
    if (!self->armed_for_ || !self->connection_) return;
    if (std::chrono::steady_clock::now() < *self->armed_for_) {
      self->watch(*self->armed_for_);
    } else {
      self->timed_out_ = true;
      self->socket_.cancel();
    }
  });
}

}  // namespace gatehouse::pg
