#include "server/node.h"

#include <csignal>
#include <pthread.h>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>

#include "access/dispatcher.h"
#include "access/error_body.h"
#include "access/openapi.h"
#include "base/log.h"
#include "base/vital_loop.h"
#include "http/server.h"
#include "pg/server_check.h"
#include "server/blocking.h"
#include "server/node_settings.h"
#include "server/schema_check.h"
#include "server/services.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

struct ReactorThread {
  ReactorThread() = default;
  ReactorThread(const ReactorThread&) = delete;
  ~ReactorThread() { stop(); }

  asio::io_context io{1};
  asio::executor_work_guard<Executor> work = asio::make_work_guard(io);
  std::unique_ptr<access::Reactor> reactor;
  std::unique_ptr<http::Server> server;
  std::thread thread;

  void run(std::string name) {
    thread = std::thread([this, named = std::move(name)] {
      pthread_setname_np(pthread_self(), named.c_str());
      io.run();
    });
  }
  /// Runs a task there and waits for it. Rethrows what it throws.
  template <class T>
  T await(Task<T> task) {
    return asio::co_spawn(io, std::move(task), asio::use_future).get();
  }
  /// What still runs there is abandoned.
  void stop() {
    work.reset();
    io.stop();
    if (thread.joinable()) thread.join();
  }
};

}  // namespace

struct Node::State {
  Installation installation;
  ReactorThread background;  // what is one per process: appenders, drains, journals
  std::map<Region, std::unique_ptr<audit::Appender>> appenders;
  std::map<Region, std::unique_ptr<audit::Drain>> drains;
  std::unique_ptr<Services> services;
  std::unique_ptr<access::Dispatcher> dispatcher;
  std::shared_ptr<const http::StaticFiles> console;
  std::shared_ptr<http::ClientTls> client_tls = http::load_client_tls({});
  std::vector<std::unique_ptr<ReactorThread>> reactors;
  sigset_t signals{};

  explicit State(Installation made) : installation(std::move(made)) {
    // Before any thread exists, so that all inherit it: the signals wait for run_until_signal().
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  ~State() { halt(); }

  const Config& config() const { return installation.config; }

  void check_databases();
  std::unique_ptr<access::Reactor> make_reactor(asio::io_context&, const ConnectionBudget&);
  Task<void> handle(access::Reactor&, http::Exchange&);
  void start_background();
  void start();
  void stop();
  void halt();
};

void Node::State::check_databases() {
  run_blocking([this](asio::io_context&) -> Task<void> {
    auto check = [](std::string dsn, std::string name, DatabaseKind kind) -> Task<void> {
      auto connection = co_await pg::Connection::connect({.dsn = std::move(dsn)}, pg::within(10s));
      co_await pg::check_server(connection, pg::within(10s));
      co_await check_schema(connection, std::move(name), kind);
    };
    co_await check(installation.control_dsn, "control", DatabaseKind::control);
    for (const auto& [region, dsns] : installation.regions) {
      co_await check(dsns.app, fmt::format("{} product", to_string(region)), DatabaseKind::product);
      co_await check(dsns.audit, fmt::format("{} audit", to_string(region)), DatabaseKind::audit);
    }
  });
}

std::unique_ptr<access::Reactor> Node::State::make_reactor(asio::io_context& io,
                                                           const ConnectionBudget& budget) {
  std::vector<access::RegionAccess> regions;
  for (const auto& [region, dsns] : installation.regions) {
    std::string name(to_string(region));
    auto pool = [&](const std::string& dsn, std::string_view role, std::size_t size, std::size_t shared) {
      return std::make_unique<pg::Pool>(
          io.get_executor(), pg::Config{.dsn = dsn},
          pg::PoolOptions{.name = fmt::format("{}.{}", name, role), .size = size, .shared = shared});
    };
    access::RegionAccess access{.region = region, .base_url = dsns.base_url};
    access.app = pool(dsns.app, "app", budget.app, std::max<std::size_t>(1, budget.app / 3));
    access.platform = pool(dsns.platform, "platform", budget.platform, budget.platform > 1 ? 1 : 0);
    access.audit = pool(dsns.audit_reader, "audit", budget.audit, 0);
    access.appender = appenders.at(region).get();
    access.drain = drains.at(region).get();
    access.keyring = std::make_unique<vault::Keyring>(*installation.wrapper, *access.platform);
    regions.push_back(std::move(access));
  }
  auto control = std::make_unique<pg::Pool>(io.get_executor(), pg::Config{.dsn = installation.control_dsn},
                                            pg::PoolOptions{.name = "control", .size = 1, .shared = 0});
  http::ClientConfig client;
  client.egress = egress_policy(config());
  client.tls = client_tls;
  // Calls gather at a few providers, and thousands of answers may stream at once.
  client.idle_per_endpoint = 256;
  client.max_per_endpoint = 8192;
  auto reactor = std::make_unique<access::Reactor>(
      io, std::move(regions), std::move(control),
      std::make_unique<http::Client>(io.get_executor(), std::move(client)), installation.secrets);
  reactor->grant_uses = &services->grant_uses;
  reactor->plans = &services->plans;
  reactor->quota = std::make_unique<access::Quota>(*reactor, *config().server->node);
  reactor->base_urls = base_urls(installation);
  return reactor;
}

Task<void> Node::State::handle(access::Reactor& reactor, http::Exchange& exchange) {
  if (co_await dispatcher->handle(reactor, exchange)) co_return;
  const http::Request& request = exchange.request();
  bool is_api = request.path.starts_with("/api/") || request.path.starts_with("/v1/") ||
                request.path.starts_with("/scim/");
  if (console && !is_api) {
    if (auto file = console->find(request)) {
      co_await exchange.respond(std::move(*file));
      co_return;
    }
  }
  co_await exchange.respond(
      access::error_response(Error{.code = ErrorCode::not_found}, request.path, request.request_id));
}

void Node::State::start_background() {
  check_databases();
  background.run("gh-background");
  for (const auto& [region, dsns] : installation.regions) {
    appenders[region] = std::make_unique<audit::Appender>(
        background.io.get_executor(),
        audit::AppenderOptions{.region = region, .database = {.dsn = dsns.audit}});
    drains[region] = std::make_unique<audit::Drain>(
        background.io.get_executor(), audit::DrainOptions{.region = region, .database = {.dsn = dsns.outbox}},
        *appenders[region]);
  }
  services = std::make_unique<Services>(installation, background.io.get_executor(), appenders);
}

void Node::State::start() {
  auto settings = load_settings(installation);
  console = settings.console;
  raise_descriptor_limit(config());
  start_background();
  dispatcher = std::make_unique<access::Dispatcher>(services->operations, services->identity,
                                                    dispatcher_options(*config().server));

  auto count = settings.budget.reactors;
  auto& listen = settings.listen;
  listen.limits.body_limit = [&operations = services->operations](http::Method method,
                                                                  std::string_view path) {
    return operations.body_limit(method, path);
  };
  listen.write_refusal = [](const Error& error, std::string_view path, std::string_view request_id) {
    return access::error_response(error, path, request_id);
  };
  for (std::size_t i = 0; i < count; ++i) {
    auto& one = *reactors.emplace_back(std::make_unique<ReactorThread>());
    one.reactor = make_reactor(one.io, settings.budget);
    if (i == 0) {
      // What an earlier process left unfinished is settled before the first request.
      one.run("gh-reactor-0");
      one.await(services->recover(*one.reactor));
    }
    auto serve = [this, &one, &listen] {
      one.server = std::make_unique<http::Server>(
          one.io, listen, [this, reactor = one.reactor.get()](http::Exchange& exchange) {
            return handle(*reactor, exchange);
          });
      listen.port = one.server->port();
      listen.shares_port = true;
    };
    if (i == 0)
      one.await([](auto& make) -> Task<void> {
        make();
        co_return;
      }(serve));
    else
      serve();
    for (const auto& [region, dsns] : installation.regions)
      run_vital(one.io.get_executor(), "tenants.follow_versions",
                one.reactor->tenants().follow_versions(region));
    run_vital(one.io.get_executor(), "access.quota", one.reactor->quota->tend());
    run_vital(one.io.get_executor(), "models.watch", services->gateway.watch(*one.reactor));
    if (i > 0) one.run(fmt::format("gh-reactor-{}", i));
  }
  services->start_loops(*reactors[0]->reactor);
  log::info("node.listening",
            {{"port", listen.port}, {"reactors", count}, {"regions", installation.regions.size()}});
}

void Node::State::stop() {
  services->system.stopping = true;
  auto seconds = std::chrono::seconds(static_cast<std::int64_t>(*config().server->drain_seconds));
  auto deadline = std::chrono::steady_clock::now() + seconds;
  // Commands make a node too; only one that serves has anything to tell.
  const bool served = reactors.front()->server != nullptr;
  if (served) log::info("node.stopping", {});
  for (auto& one : reactors)
    if (one->server) one->await(one->server->drain(deadline));
  // The order of what happened: model calls settle, then the outbox empties, then the chains close.
  auto flush_deadline = std::max(deadline, pg::within(5s));
  background.await(services->stop(flush_deadline));
  for (auto& one : reactors) {
    try {
      one->await(one->reactor->quota->close());
    } catch (const std::exception& error) {
      // They expire.
      log::warn("node.leases_not_returned", {{"error", error.what()}});
    }
  }
  try {
    reactors.front()->await(services->flush_counts(*reactors.front()->reactor));
  } catch (const std::exception& error) {
    log::warn("node.counts_not_flushed", {{"error", error.what()}});
  }
  for (auto& [region, drain] : drains) {
    if (!background.await(drain->flush(flush_deadline)))
      log::warn("node.outbox_not_empty", {{"region", to_string(region)}});
    background.await(drain->stop());
  }
  for (auto& [region, appender] : appenders) background.await(appender->close(flush_deadline));
  halt();
  if (served) log::info("node.stopped", {});
  log::flush();
}

// Also where a start failed half-way: whatever the threads refer to goes when none of them runs any more.
void Node::State::halt() {
  for (auto& one : reactors) one->stop();
  background.stop();
  for (auto& one : reactors) one->server.reset();
  drains.clear();
}

Node::Node(Installation installation) : state_(std::make_unique<State>(std::move(installation))) {}
Node::~Node() = default;

void Node::start() {
  state_->start();
}

std::uint16_t Node::port() const {
  return state_->reactors.front()->server->port();
}

Services& Node::services() {
  return *state_->services;
}

void Node::run_on_reactor(std::function<Task<void>(access::Reactor&)> task) {
  auto& one = *state_->reactors.front();
  one.await(task(*one.reactor));
}

void Node::run_offline(std::function<Task<void>(access::Reactor&)> task) {
  state_->start_background();
  auto& one = *state_->reactors.emplace_back(std::make_unique<ReactorThread>());
  one.reactor = state_->make_reactor(one.io, connection_budget(state_->installation));
  one.run("gh-offline");
  std::exception_ptr failure;
  try {
    one.await(task(*one.reactor));
  } catch (...) {
    failure = std::current_exception();
  }
  state_->stop();
  if (failure) std::rethrow_exception(failure);
}

void Node::run_until_signal() {
  int signal = 0;
  sigwait(&state_->signals, &signal);
  state_->stop();
}

}  // namespace gatehouse::server
