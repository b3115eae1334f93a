#include "server/node_settings.h"

#include <filesystem>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include "base/log.h"

namespace gatehouse::server {
namespace {

// Listening sockets, epoll, files.
constexpr rlim_t kOtherDescriptors = 1'024;

template <class Networks>
std::vector<http::Cidr> parse_networks(std::string_view key, const Networks& texts) {
  std::vector<http::Cidr> networks;
  for (const auto& text : texts) {
    auto network = http::Cidr::parse(text);
    if (!network) throw Failure(fmt::format("{}: {} is no network", key, text));
    networks.push_back(*network);
  }
  return networks;
}

http::ServerConfig listen_config(const Installation& installation) {
  const ServerSection& section = *installation.config.server;
  http::ServerConfig made;
  made.address = *section.address;
  boost::system::error_code no_address;
  asio::ip::make_address(made.address, no_address);
  if (no_address) throw Failure("server.address: " + made.address + " is no address");
  made.port = static_cast<std::uint16_t>(*section.port);
  made.admission = http::Admission::make(
      {.connections = static_cast<std::size_t>(*section.max_connections),
       .connections_per_client = static_cast<std::size_t>(*section.max_connections_per_address)});
  made.allowed_hosts = *section.allowed_hosts;
  made.trusted_proxies = parse_networks("server.trusted_proxies", *section.trusted_proxies);
  if (const auto& tls = installation.config.tls)
    made.tls = http::load_server_tls({.certificate = installation.path_of(tls->certificate).string(),
                                      .key = installation.path_of(tls->key).string(),
                                      .client_ca = (*tls->client_ca).empty()
                                                       ? std::string()
                                                       : installation.path_of(*tls->client_ca).string()});
  return made;
}

/// Only looks: the file, and folders above it that are missing, are made by whoever serves.
void check_log_file(const Installation& installation) {
  if ((*installation.config.log->file).empty()) return;
  auto path = installation.path_of(*installation.config.log->file);
  auto at = path;
  while (!std::filesystem::exists(at)) at = at.parent_path();
  if (std::filesystem::is_directory(at) == (at == path) || ::access(at.c_str(), W_OK) != 0)
    throw Failure("log.file: cannot write " + path.string());
}

}  // namespace

NodeSettings load_settings(const Installation& installation) {
  NodeSettings settings{.budget = connection_budget(installation),
                        .listen = listen_config(installation),
                        .egress = egress_policy(installation.config),
                        .console = nullptr};
  if (const auto& console = *installation.config.server->console; !console.empty())
    settings.console = http::StaticFiles::load(installation.path_of(console).string());
  check_log_file(installation);
  return settings;
}

access::DispatcherOptions dispatcher_options(const ServerSection& section) {
  // A page opens with several calls at once, and a console's first moments with more.
  auto rate = [](std::int64_t per_second, double burst) {
    return access::Rate{static_cast<double>(per_second), static_cast<double>(per_second) * burst};
  };
  return {.allowed_origins = *section.allowed_origins,
          .rates = {.read = rate(*section.reads_per_second, 2),
                    .write = rate(*section.writes_per_second, 4),
                    .model = rate(*section.model_calls_per_second, 2),
                    .organization = rate(*section.requests_per_second_per_organization, 2),
                    .workspace = rate(*section.requests_per_second_per_workspace, 2)}};
}

ConnectionBudget connection_budget(const Installation& installation) {
  return ConnectionBudget::of(
      static_cast<std::size_t>(*installation.config.database.connections), installation.regions.size(),
      static_cast<std::size_t>(*installation.config.server->threads), std::thread::hardware_concurrency());
}

http::EgressPolicy egress_policy(const Config& config) {
  http::EgressPolicy policy;
  policy.allowed_networks = parse_networks("egress.allowed_networks", *config.egress->allowed_networks);
  policy.allowed_hosts = *config.egress->allowed_hosts;
  return policy;
}

void raise_descriptor_limit(const Config& config) {
  // A client's own, and that of the model call made for it.
  auto needed = 2 * static_cast<rlim_t>(*config.server->max_connections) +
                static_cast<rlim_t>(*config.database.connections) + kOtherDescriptors;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return;
  limit.rlim_cur = std::min(needed, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < needed)
    log::warn("node.few_descriptors", {{"limit", limit.rlim_cur}, {"needed", needed}});
}

}  // namespace gatehouse::server
