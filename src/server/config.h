// The configuration file, typed: every key has a type, a default and a bound; unknown keys are refused.
//
// `gatehouse.toml`, then the environment over it: `GATEHOUSE_SERVER__PORT=9000` is `port` in `[server]`, two
// underscores between the levels; a value that is JSON counts as such, any other is text. Secrets are given
// by file or by the name of an environment variable, never in the file itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "base/error.h"
#include "crypto/secret.h"
#include "domain/terms.h"
#include "identity/identity.h"
#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::server {

using json::Defaulted;
using json::Int;

/// Exactly one of the two. Relative paths are relative to the configuration file's folder.
struct SecretSource {
  std::optional<std::string> file;
  std::optional<std::string> env;
};
BOOST_DESCRIBE_STRUCT(SecretSource, (), (file, env))

struct ServerSection {
  Defaulted<std::string> address = "127.0.0.1";
  Defaulted<Int<0, 65535>> port = 8080;
  Defaulted<Int<0, 256>> threads = 0;    // reactors; 0: one per processor that the connections carry
  Defaulted<std::string> console = "";   // folder with the built console; empty: API only
  Defaulted<std::string> base_url = "";  // as browsers reach it; empty: http://address:port
  Defaulted<std::vector<std::string>> trusted_proxies;
  Defaulted<std::vector<std::string>> allowed_hosts;
  Defaulted<std::vector<std::string>> allowed_origins;
  Defaulted<std::string> dns_server = "";       // that proves domains, `address[:port]`; empty: the system's
  Defaulted<std::string> node = "gatehouse-1";  // names this process in journals; unique in the installation
  Defaulted<Int<1, 1'000'000>> max_connections = 10'000;  // of this process
  // Of one address (IPv6: one /64); trusted proxies have no such limit.
  Defaulted<Int<1, 1'000'000>> max_connections_per_address = 2'500;
  // Of one person or API key, at this process; a moment's more is let through.
  Defaulted<Int<1, 1'000'000>> reads_per_second = 200;
  Defaulted<Int<1, 1'000'000>> writes_per_second = 50;
  Defaulted<Int<1, 1'000'000>> model_calls_per_second = 5'000;
  // Of all that one organization, or one workspace, does at this process; a plan may say otherwise.
  Defaulted<Int<1, 1'000'000>> requests_per_second_per_organization = 20'000;
  Defaulted<Int<1, 1'000'000>> requests_per_second_per_workspace = 20'000;
  Defaulted<Int<1, 600>> drain_seconds = 20;
};
BOOST_DESCRIBE_STRUCT(ServerSection, (),
                      (address, port, threads, console, base_url, trusted_proxies, allowed_hosts,
                       allowed_origins, dns_server, node, max_connections, max_connections_per_address,
                       reads_per_second, writes_per_second, model_calls_per_second,
                       requests_per_second_per_organization, requests_per_second_per_workspace,
                       drain_seconds))

struct TlsSection {
  std::string certificate;
  std::string key;
  Defaulted<std::string> client_ca = "";
};
BOOST_DESCRIBE_STRUCT(TlsSection, (), (certificate, key, client_ca))

/// Passwords of the database roles (migrations/roles.sql). `owner` is needed by `migrate` alone.
struct PasswordsSection {
  std::optional<SecretSource> owner;
  SecretSource app;
  SecretSource platform;
  SecretSource audit;
};
BOOST_DESCRIBE_STRUCT(PasswordsSection, (), (owner, app, platform, audit))

struct DatabaseSection {
  std::string control;  // DSN without user and password
  PasswordsSection passwords;
  Defaulted<Int<8, 10'000>> connections = 64;  // of this process, over all databases
  Defaulted<std::string> migrations = "migrations";
};
BOOST_DESCRIBE_STRUCT(DatabaseSection, (), (control, passwords, connections, migrations))

struct RegionSection {
  std::string product;  // DSN without user and password
  std::string audit;
  Defaulted<std::string> base_url = "";  // of a node that serves the region
};
BOOST_DESCRIBE_STRUCT(RegionSection, (), (product, audit, base_url))

struct SecretsSection {
  SecretSource master_key;
  SecretSource signing_key;  // PEM, P-256
};
BOOST_DESCRIBE_STRUCT(SecretsSection, (), (master_key, signing_key))

struct EgressSection {
  Defaulted<std::vector<std::string>> allowed_networks;
  Defaulted<std::vector<std::string>> allowed_hosts;
};
BOOST_DESCRIBE_STRUCT(EgressSection, (), (allowed_networks, allowed_hosts))

enum class LogLevel { debug, info, warn, error };
BOOST_DESCRIBE_ENUM(LogLevel, debug, info, warn, error)

struct LogSection {
  Defaulted<LogLevel> level = LogLevel::info;
  Defaulted<std::string> file = "";  // empty: standard error
};
BOOST_DESCRIBE_STRUCT(LogSection, (), (level, file))

struct DemoSection {
  Defaulted<bool> enabled = false;
  Defaulted<Int<0, 5'000>> pace_ms = 30;  // between two pieces of a demo model's answer
};
BOOST_DESCRIBE_STRUCT(DemoSection, (), (enabled, pace_ms))

/// Without this section no mail is sent.
struct MailSection {
  std::string url;   // smtp://host:587 (STARTTLS) or smtps://host:465
  std::string from;  // address
  Defaulted<std::string> from_name = "Gatehouse";
  Defaulted<bool> require_tls = true;
  Defaulted<std::string> ca = "";  // PEM file; empty: the system's authorities
  Defaulted<std::string> username = "";
  std::optional<SecretSource> password;
  Defaulted<Int<1, 300>> timeout_seconds = 30;
};
BOOST_DESCRIBE_STRUCT(MailSection, (),
                      (url, from, from_name, require_tls, ca, username, password, timeout_seconds))

struct SignUpSection {
  Defaulted<identity::SignUpMode> mode = identity::SignUpMode::closed;
};
BOOST_DESCRIBE_STRUCT(SignUpSection, (), (mode))

struct Config {
  Defaulted<ServerSection> server;
  std::optional<TlsSection> tls;
  DatabaseSection database;
  std::map<std::string, RegionSection> regions;  // `us`, `eu`: those that this node serves
  /// Addresses of nodes that serve the regions which this one does not, for those who come to the wrong one.
  Defaulted<std::map<std::string, std::string>> elsewhere;
  SecretsSection secrets;
  Defaulted<EgressSection> egress;
  Defaulted<LogSection> log;
  Defaulted<DemoSection> demo;
  std::optional<MailSection> mail;
  Defaulted<SignUpSection> sign_up;
};
BOOST_DESCRIBE_STRUCT(Config, (),
                      (server, tls, database, regions, elsewhere, secrets, egress, log, demo, mail, sign_up))

/// Errors: validation_failed with every bad key (`/server/port`), malformed_json for text that is not TOML.
Result<Config> load_config(const std::string& path);

/// Reads the secret. `folder` is the configuration file's. Errors: validation_failed.
Result<crypto::Secret> read_secret(const SecretSource&, const std::string& folder);

/// `key='value'` of a keyword DSN, escaped.
std::string dsn_keyword(std::string_view key, std::string_view value);

/// `dsn` (keywords or URI) with user and password put in. Errors: validation_failed if libpq cannot read it.
Result<std::string> with_credentials(const std::string& dsn, std::string_view user,
                                     const crypto::Secret& password);

}  // namespace gatehouse::server
