#include "server/demo.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "http/server.h"
#include "pg/cluster.h"
#include "server/blocking.h"
#include "server/connection_budget.h"
#include "server/demo_files.h"
#include "server/installation.h"
#include "server/node.h"
#include "server/services.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kDatabases[] = {"gatehouse_control", "gatehouse_us", "gatehouse_eu",
                                           "gatehouse_us_audit", "gatehouse_eu_audit"};

/// One line a step, with its time once it took long enough to wonder.
class Step {
 public:
  explicit Step(std::string_view what) { fmt::print(stderr, "  {} … ", what); }
  ~Step() {
    if (std::uncaught_exceptions() > failing_) {
      fmt::print(stderr, "failed\n");
      return;
    }
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
    fmt::print(stderr, "{}\n", took > 0.5s ? fmt::format("{:.1f} s", took.count()) : std::string("done"));
  }

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  int failing_ = std::uncaught_exceptions();
};

DatabaseKind kind_of(std::string_view database) {
  if (database == "gatehouse_control") return DatabaseKind::control;
  return database.ends_with("_audit") ? DatabaseKind::audit : DatabaseKind::product;
}

Task<void> install(const pg::EmbeddedCluster& cluster, const DemoFiles& files,
                   std::filesystem::path migrations) {
  auto passwords = read_role_passwords(files);
  {
    auto connection = co_await pg::Connection::connect({.dsn = cluster.dsn()}, pg::within(30s));
    co_await install_roles(connection, migrations, passwords);
    for (auto database : kDatabases) co_await install_database(connection, std::string(database));
  }
  for (auto database : kDatabases)
    co_await migrate_up(cluster.dsn(database, "gatehouse_owner", passwords.owner.reveal()), migrations,
                        kind_of(database));
}

/// Enough for a reactor a processor, within reason.
std::size_t connections_of_server() {
  auto wanted = ConnectionBudget::least(2, std::max(1U, std::thread::hardware_concurrency())) * 3 / 2;
  return std::clamp<std::size_t>(wanted, 64, 400);
}

// Beside the server's: the command line, `./dev db`, a superuser's reserve.
constexpr std::size_t kOtherConnections = 60;

struct Ready {
  std::string url;
  std::string config;
  std::vector<DemoAccount> accounts;
  std::map<std::string, std::string> api_keys;
  std::map<std::string, std::string> postgres;
};
BOOST_DESCRIBE_STRUCT(Ready, (), (url, config, accounts, api_keys, postgres))

std::string_view role_name(std::string_view code) {
  if (code == "MS") return "operator";
  if (code == "OA") return "organization admin";
  return code == "WM" ? "workspace manager" : "user";
}

void print_banner(const Ready& ready) {
  fmt::print("\n  Gatehouse is ready: {}\n\n", ready.url);
  for (const auto& account : ready.accounts) {
    auto role = role_name(account.role);
    fmt::print("    {:<26} {:<22} {}\n", account.email, account.password,
               account.organization.empty() ? std::string(role)
                                            : fmt::format("{} of {}", role, account.organization));
  }
  fmt::print("\n");
  for (const auto& [name, key] : ready.api_keys) fmt::print("    API key ({}): {}\n", name, key);
  auto key = ready.api_keys.find("acme");
  fmt::print(
      "\n    export OPENAI_BASE_URL={}/v1 OPENAI_API_KEY={}\n"
      "    curl $OPENAI_BASE_URL/chat/completions -H \"authorization: Bearer $OPENAI_API_KEY\" \\\n"
      "         -H 'content-type: application/json' \\\n"
      "         -d "
      "'{{\"model\":\"demo/echo\",\"messages\":[{{\"role\":\"user\",\"content\":\"hello\"}}]}}'\n\n"
      "    Ctrl-C stops it.\n\n",
      ready.url, key == ready.api_keys.end() ? "" : key->second);
  std::fflush(stdout);
}

Failure use_another(const http::PortTaken& taken) {
  return Failure(fmt::format("{}; use --port", taken.what()));
}

/// Before anything is removed or made for a start that is in vain.
void check_port(std::uint16_t port) {
  try {
    http::check_port("127.0.0.1", port);
  } catch (const http::PortTaken& taken) {
    throw use_another(taken);
  }
}

int serve_demo(DemoOptions options) {
  DemoFiles files{options.data.empty() ? default_data_folder() : std::filesystem::absolute(options.data)};
  if (options.fresh) require_data_folder(files);
  DataLock lock(files);
  check_port(options.port);
  if (options.fresh) remove_data(files);
  options.console = options.console.empty() ? "" : std::filesystem::absolute(options.console).string();
  options.migrations = std::filesystem::absolute(options.migrations).string();
  prepare_secrets(files);
  log::configure(log::Level::info, (files.folder / "gatehouse.log").string());

  // SIGINT is for us: it comes while PostgreSQL starts as well as later, and the cluster is stopped in both
  // cases.
  std::optional<pg::EmbeddedCluster> cluster;
  auto connections = connections_of_server();
  {
    Step step("Starting PostgreSQL");
    cluster.emplace(pg::EmbeddedCluster::start(
        {.directory = files.cluster(),
         .settings = {{"max_connections", std::to_string(connections + kOtherConnections)}}}));
  }
  {
    Step step("Preparing the databases");
    run_blocking([&](asio::io_context&) { return install(*cluster, files, options.migrations); });
  }
  write_config(files, options, connections);
  auto installation = load_installation(files.config().string());
  if (!installation) throw Failure(installation.error().detail);

  Node node(std::move(*installation));
  try {
    Step step("Starting the server");
    node.start();
  } catch (const http::PortTaken& taken) {
    throw use_another(taken);
  }
  Ready ready{.url = fmt::format("http://127.0.0.1:{}", node.port()), .config = files.config().string()};
  ready.api_keys = read_api_keys(files);
  {
    Step step("Seeding the demo");
    node.run_on_reactor([&](access::Reactor& reactor) -> Task<void> {
      auto seeded = co_await node.services().seed_demo(reactor, ready.api_keys);
      ready.accounts = std::move(seeded.accounts);
      for (auto& [name, key] : seeded.new_api_keys) ready.api_keys[name] = std::move(key);
    });
  }
  write_api_keys(files, ready.api_keys);
  for (auto database : kDatabases)
    ready.postgres[std::string(database).substr(std::string_view("gatehouse_").size())] =
        cluster->dsn(database);

  print_banner(ready);
  auto ready_text = json::encode(ready);
  write_file(files.ready(), ready_text);
  if (!options.ready_file.empty()) write_file(std::filesystem::absolute(options.ready_file), ready_text);
  node.run_until_signal();
  fmt::print(stderr, "\n  Stopped.\n");
  return 0;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  try {
    return serve_demo(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "\n  The demo could not start: {}\n", error.what());
    return 1;
  }
}

}  // namespace gatehouse::server
