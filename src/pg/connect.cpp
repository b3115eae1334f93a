// Opening a connection: names resolved by Asio, then libpq's connection state machine on Asio.
#include <arpa/inet.h>
#include <map>

#include <boost/asio/ip/tcp.hpp>

#include "pg/session.h"

namespace gatehouse::pg {
namespace {

using Settings = std::map<std::string, std::string>;

Settings parse(const std::string& dsn) {
  char* message = nullptr;
  PQconninfoOption* options = PQconninfoParse(dsn.c_str(), &message);
  // The message may quote the text, password and all.
  PQfreemem(message);
  if (!options) throw Failure("the database DSN is malformed");
  Settings settings;
  for (auto* option = options; option->keyword; ++option)
    if (option->val && *option->val) settings[option->keyword] = option->val;
  PQconninfoFree(options);
  return settings;
}

bool needs_resolving(const Settings& settings) {
  auto host = settings.find("host");
  if (host == settings.end() || settings.contains("hostaddr")) return false;
  in6_addr parsed;
  return host->second[0] != '/' && host->second[0] != '@' && !host->second.contains(',') &&
         inet_pton(AF_INET, host->second.c_str(), &parsed) != 1 &&
         inet_pton(AF_INET6, host->second.c_str(), &parsed) != 1;
}

void apply_session_settings(Settings& settings, const Config& config) {
  settings["application_name"] = config.application_name;
  settings["client_encoding"] = "UTF8";
  // client_connection_check_interval ends the query of a client that closed its socket: libpq 15 has no
  // cancel that does not block, so closing is how we abandon.
  settings["options"] +=
      " -c client_connection_check_interval=2s -c TimeZone=UTC -c statement_timeout=" +
      std::to_string(config.statement_timeout.count()) +
      " -c idle_in_transaction_session_timeout=" + std::to_string(config.idle_in_transaction_timeout.count());
}

struct Attempt {
  PGconn* connection;
  asio::posix::basic_stream_descriptor<Executor> socket;
  Timer timer;
  std::shared_ptr<bool> timed_out = std::make_shared<bool>(false);

  Attempt(Executor executor, PGconn* started) : connection(started), socket(executor), timer(executor) {}
  ~Attempt() {
    if (socket.is_open()) socket.release();
    if (connection) PQfinish(connection);
  }
};

// libpq resolves with the blocking getaddrinfo, Asio on a thread of its own.
Task<void> resolve(Settings& settings, Deadline deadline) {
  auto executor = co_await asio::this_coro::executor;
  // Shared with the timer's handler, which may already be queued when this frame ends.
  auto resolver = std::make_shared<asio::ip::basic_resolver<asio::ip::tcp, Executor>>(executor);
  Timer timer(executor, deadline);
  auto timed_out = std::make_shared<bool>(false);
  timer.async_wait([timed_out, resolver](boost::system::error_code ec) {
    if (ec) return;
    *timed_out = true;
    resolver->cancel();
  });
  auto [ec, found] = co_await resolver->async_resolve(settings["host"], "", use_result);
  if (*timed_out) throw Error::deadline_passed();
  if (ec) throw Error::connection_lost("cannot resolve the database host: " + ec.message());
  std::string hosts, addresses;
  for (const auto& entry : found) {
    auto address = entry.endpoint().address().to_string();
    if (addresses.contains(address)) continue;
    addresses += (addresses.empty() ? "" : ",") + address;
    hosts += (hosts.empty() ? "" : ",") + settings["host"];
  }
  settings["host"] = hosts;
  settings["hostaddr"] = addresses;
}

// What libpq says when the server refuses us carries no SQLSTATE; the caller must tell "not now" from
// "never".
Error refusal(PGconn* connection) {
  std::string_view text = PQerrorMessage(connection);
  std::string_view state = "08001";
  if (text.contains("authentication failed") || text.contains("no password supplied") ||
      text.contains("pg_hba.conf") || text.contains("role \""))
    state = "28000";
  else if (text.contains("database \"") && text.contains("does not exist"))
    state = "3D000";
  while (text.ends_with('\n')) text.remove_suffix(1);
  return Error({.sqlstate = std::string(state), .message = std::string(text)});
}

}  // namespace

Task<Connection> Connection::connect(Config config, Deadline deadline) {
  auto executor = co_await asio::this_coro::executor;
  Settings settings = parse(config.dsn);
  if (needs_resolving(settings)) co_await resolve(settings, deadline);
  apply_session_settings(settings, config);
  std::vector<const char*> keys, values;
  for (auto& [key, value] : settings) keys.push_back(key.c_str()), values.push_back(value.c_str());
  keys.push_back(nullptr), values.push_back(nullptr);

  Attempt attempt(executor, PQconnectStartParams(keys.data(), values.data(), 0));
  if (!attempt.connection) throw std::bad_alloc();
  attempt.timer.expires_at(deadline);
  attempt.timer.async_wait([timed_out = attempt.timed_out, &attempt](boost::system::error_code ec) {
    if (ec || *timed_out) return;
    *timed_out = true;
    if (attempt.socket.is_open()) attempt.socket.cancel();
  });
  // The handler above refers to this frame: it must know when the frame is gone.
  struct Disown {
    std::shared_ptr<bool> flag;
    ~Disown() { *flag = true; }
  } disown{attempt.timed_out};

  auto state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (PQstatus(attempt.connection) == CONNECTION_BAD || state == PGRES_POLLING_FAILED)
      throw refusal(attempt.connection);
    // The descriptor is taken anew each time: libpq may close its socket and open another with the same
    // number.
    attempt.socket.assign(PQsocket(attempt.connection));
    auto direction = state == PGRES_POLLING_READING ? attempt.socket.wait_read : attempt.socket.wait_write;
    auto [ec] = co_await attempt.socket.async_wait(direction, use_result);
    attempt.socket.release();
    if (*attempt.timed_out) throw Error::deadline_passed();
    if (ec) throw boost::system::system_error(ec);
    state = PQconnectPoll(attempt.connection);
  }
  co_return Connection(std::make_shared<Session>(executor, std::exchange(attempt.connection, nullptr)));
}

}  // namespace gatehouse::pg
