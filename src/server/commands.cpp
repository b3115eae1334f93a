#include "server/commands.h"

#include <cstdio>
#include <iostream>

#include "access/error_document.h"
#include "access/openapi.h"
#include "access/permission_document.h"
#include "base/log.h"
#include "crypto/es256.h"
#include "identity/operators.h"
#include "server/blocking.h"
#include "server/installation.h"
#include "server/installer.h"
#include "server/node.h"
#include "server/node_settings.h"
#include "server/services.h"
#include "server/wording.h"
#include "sso/domains.h"

namespace gatehouse::server {
namespace {

template <class Body>
int with_installation(const std::string& config, Body body,
                      Result<Installation> (*load)(const std::string&) = load_installation) {
  try {
    auto installation = load(config);
    if (!installation) {
      fmt::print(stderr, "{}\n", installation.error().detail);
      for (const auto& field : installation.error().fields)
        fmt::print(stderr, "  {} {}\n", field.pointer, field.message);
      return 1;
    }
    return body(*installation);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

struct NamedDatabase {
  std::string name;
  DatabaseKind kind;
  std::string dsn;  // the owner's
};

std::vector<NamedDatabase> databases(const Installation& installation) {
  std::vector<NamedDatabase> all;
  auto add = [&](std::string name, DatabaseKind kind, const std::string& dsn) {
    auto owner = owner_dsn(installation, dsn);
    if (!owner) throw Failure(owner.error().detail);
    all.push_back({std::move(name), kind, std::move(*owner)});
  };
  add("control", DatabaseKind::control, installation.config.database.control);
  for (const auto& [name, region] : installation.config.regions) {
    add(name + " product", DatabaseKind::product, region.product);
    add(name + " audit", DatabaseKind::audit, region.audit);
  }
  return all;
}

template <class Body>
int migrating(const std::string& config, Body body) {
  return with_installation(config, std::move(body), load_for_migration);
}

std::string what_was_wrong(const Error& error) {
  std::string text = error.detail.empty() ? std::string(info(error.code).title) : error.detail;
  for (const auto& field : error.fields)
    text += fmt::format("\n  {} {}", field.pointer.substr(1), field.message);
  return text;
}

std::filesystem::path migrations_of(const Installation& installation) {
  return installation.path_of(*installation.config.database.migrations);
}

/// The operations of a node that serves nothing: what they declare is all that a document needs.
template <class Print>
int with_operations(Print print) {
  Installation nowhere;
  nowhere.signing_key = std::make_shared<const crypto::SigningKey>(crypto::SigningKey::generate());
  asio::io_context never_run(1);
  Services services(nowhere, never_run.get_executor(), {});
  print(services.operations);
  return 0;
}

}  // namespace

int serve(const std::string& config) {
  return with_installation(config, [](Installation& installation) {
    constexpr log::Level kLevels[] = {log::Level::debug, log::Level::info, log::Level::warn,
                                      log::Level::error};
    const auto& file = *installation.config.log->file;
    log::configure(kLevels[static_cast<std::size_t>(*installation.config.log->level)],
                   file.empty() ? std::string() : installation.path_of(file).string());
    Node node(std::move(installation));
    try {
      node.start();
    } catch (const http::PortTaken& taken) {
      throw Failure(fmt::format("{}; change server.port", taken.what()));
    }
    node.run_until_signal();
    return 0;
  });
}

int migrate_up(const std::string& config) {
  return migrating(config, [](Installation& installation) {
    for (auto& database : databases(installation)) {
      int applied = run_blocking([&](asio::io_context&) {
        return migrate_up(database.dsn, migrations_of(installation), database.kind);
      });
      fmt::print("{}: {} applied\n", database.name, applied);
    }
    return 0;
  });
}

int migrate_down(const std::string& config, const std::string& kind, int to) {
  return migrating(config, [&](Installation& installation) {
    for (auto& database : databases(installation)) {
      if (to_string(database.kind) != kind) continue;
      int undone = run_blocking([&](asio::io_context&) {
        return migrate_down(database.dsn, migrations_of(installation), database.kind, to);
      });
      fmt::print("{}: {} undone\n", database.name, undone);
    }
    return 0;
  });
}

int migrate_status(const std::string& config) {
  return migrating(config, [](Installation& installation) {
    for (auto& database : databases(installation)) {
      auto all = run_blocking([&](asio::io_context&) {
        return migration_status(database.dsn, migrations_of(installation), database.kind);
      });
      fmt::print("{}\n", database.name);
      for (const auto& one : all)
        fmt::print("  {:04} {:<24} {}{}{}\n", one.version, one.name,
                   one.applied_at ? to_rfc3339(*one.applied_at) : "pending",
                   one.changed ? ", file changed" : "", one.missing ? ", no file: a newer release's" : "");
    }
    return 0;
  });
}

int create_super_admin(const std::string& config, const OperatorOptions& options) {
  return with_installation(config, [&](Installation& installation) {
    std::string password;
    if (!std::getline(std::cin, password)) throw Failure("Give a password on standard input");
    std::optional<Result<UserId>> made;
    Node node(std::move(installation));
    node.run_offline([&](access::Reactor& reactor) -> Task<void> {
      made = co_await identity::create_operator(reactor, node.services().identity.passwords(), options.email,
                                                options.name, crypto::Secret::take(std::move(password)));
    });
    if (!*made) throw Failure(what_was_wrong(made->error()));
    fmt::print("{} may sign in as an operator.\n", options.email);
    return 0;
  });
}

int verify_domain(const std::string& config, const DomainOptions& options) {
  return with_installation(config, [&](Installation& installation) {
    auto organization = OrganizationId::parse(options.organization);
    auto domain = sso::normalize_domain(options.domain);
    if (!organization) throw Failure(options.organization + " is no organization's id");
    if (!domain) throw Failure(options.domain + " is no domain");
    std::optional<Result<void>> done;
    Node node(std::move(installation));
    node.run_offline([&](access::Reactor& reactor) -> Task<void> {
      done = co_await sso::approve_domain(reactor, *organization, *domain);
    });
    if (!*done) {
      const auto& error = done->error();
      throw Failure(error.detail.empty() ? std::string(info(error.code).title) : error.detail);
    }
    fmt::print("{} counts as verified.\n", *domain);
    return 0;
  });
}

int reset_super_admin(const std::string& config, const std::string& email) {
  return with_installation(config, [&](Installation& installation) {
    std::string password;
    if (!std::getline(std::cin, password)) throw Failure("Give the new password on standard input");
    std::optional<Result<void>> done;
    Node node(std::move(installation));
    node.run_offline([&](access::Reactor& reactor) -> Task<void> {
      done = co_await identity::reset_operator(reactor, node.services().identity.passwords(), email,
                                               crypto::Secret::take(std::move(password)));
    });
    if (!*done) throw Failure(what_was_wrong(done->error()));
    fmt::print("{} has a new password, no second factor and no session.\n", email);
    return 0;
  });
}

int allow_passwords(const std::string& config, const std::string& organization) {
  return with_installation(config, [&](Installation& installation) {
    std::optional<Result<void>> done;
    Node node(std::move(installation));
    node.run_offline([&](access::Reactor& reactor) -> Task<void> {
      done = co_await identity::allow_passwords(reactor, organization);
    });
    if (!*done) throw Failure(what_was_wrong(done->error()));
    fmt::print("Passwords open sessions in {} again.\n", organization);
    return 0;
  });
}

int generate_key(std::string_view kind) {
  auto text = kind == "master" ? vault::MasterKeys::generate_text() : crypto::SigningKey::generate().to_pem();
  fmt::print("{}{}", text.reveal(), text.reveal().ends_with('\n') ? "" : "\n");
  return 0;
}

int print_permissions() {
  fmt::print("{}", access::permissions_document());
  return 0;
}

int print_openapi() {
  return with_operations(
      [](const access::Operations& all) { fmt::print("{}", access::openapi_document(all, kVersion)); });
}

int print_errors() {
  return with_operations(
      [](const access::Operations& all) { fmt::print("{}", access::error_document(all)); });
}

int check_config(const std::string& config) {
  return with_installation(config, [&](Installation& installation) {
    load_settings(installation);
    fmt::print("{} is good: {}\n", config,
               counted(static_cast<std::int64_t>(installation.regions.size()), "region"));
    return 0;
  });
}

}  // namespace gatehouse::server
