// The command line.
#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "server/admin_commands.h"
#include "server/commands.h"
#include "server/demo.h"

namespace gatehouse::server {
namespace {

/// The innermost of the subcommands that were named.
const CLI::App& innermost(const CLI::App& app) {
  auto named = app.get_subcommands();
  return named.empty() ? app : innermost(*named.front());
}

/// What CLI11 tells by "A subcommand is required" and, in the order of its own, "arguments were not
/// expected".
std::string unknown_argument(const CLI::App& app) {
  auto left = app.remaining(true);
  if (left.empty()) return "";
  auto option = std::ranges::find_if(left, [](const auto& text) { return text.starts_with('-'); });
  const auto& command = innermost(app);
  std::string path;
  for (const auto* at = &command; at; at = at->get_parent())
    path = at->get_name() + (path.empty() ? "" : " ") + path;
  if (option != left.end())
    return fmt::format("unknown option `{}`; `{} --help` lists those there are\n", *option, path);
  auto commands = command.get_subcommands([](const CLI::App*) { return true; });
  if (commands.empty()) return fmt::format("`{}` takes no `{}`\n", path, left.front());
  std::string out = fmt::format("unknown command `{}`; there are:\n", left.front());
  for (const auto* one : commands)
    out += fmt::format("  {} {:<20} {}\n", path, one->get_name(), one->get_description());
  return out;
}

bool is_about_arguments(const CLI::ParseError& error) {
  return dynamic_cast<const CLI::ExtrasError*>(&error) || dynamic_cast<const CLI::RequiredError*>(&error);
}

int run(int argc, char** argv) {
  CLI::App app{"Gatehouse: the control plane for a company's AI", "gatehouse"};
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  app.fallthrough();  // `gatehouse serve --config FILE` as well as before the subcommand
  int exit_code = 0;
  std::string config = "gatehouse.toml";
  app.add_option("--config", config, "Configuration file")->capture_default_str();

  app.add_subcommand("serve", "Serve requests until SIGINT or SIGTERM")->callback([&] {
    exit_code = serve(config);
  });

  auto* migrate = app.add_subcommand("migrate", "Change the databases' schemas")->require_subcommand(1);
  migrate->add_subcommand("up", "Apply what is not applied")->callback([&] {
    exit_code = migrate_up(config);
  });
  int down_to = 0;
  std::string down_database;
  auto* down = migrate->add_subcommand("down", "Undo migrations of one kind of database");
  down->add_option("database", down_database, "control, product or audit")
      ->required()
      ->check(CLI::IsMember({"control", "product", "audit"}));
  down->add_option("--to", down_to, "The version to keep; 0 undoes all")
      ->required()
      ->check(CLI::NonNegativeNumber);
  down->callback([&] { exit_code = migrate_down(config, down_database, down_to); });
  migrate->add_subcommand("status", "Show what is applied")->callback([&] {
    exit_code = migrate_status(config);
  });

  DemoOptions demo;
  auto* demo_command = app.add_subcommand("demo", "Run a seeded demo with a private PostgreSQL, on loopback");
  demo_command->add_option("--data", demo.data, "Folder for its data");
  demo_command->add_flag("--fresh", demo.fresh, "Begin anew: the folder's data are removed");
  demo_command->add_option("--port", demo.port, "Port on 127.0.0.1, 0 to 65535; 0 for a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  demo_command->add_option("--console", demo.console, "Folder with the built console");
  demo.migrations = "migrations";
  demo_command->add_option("--migrations", demo.migrations, "Folder with the migrations")
      ->capture_default_str();
  demo_command->add_option("--ready-file", demo.ready_file, "Written, as JSON, when the demo is ready");
  demo_command->callback([&] { exit_code = run_demo(demo); });

  auto* audit = app.add_subcommand("audit", "The audit record")->require_subcommand(1);
  AuditOptions audit_options;
  auto* verify = audit->add_subcommand("verify",
                                       "Look for anything that was altered: 0 sound, 2 tampered, 3 "
                                       "truncated, 4 unreadable, 5 sound but a part");
  auto* region =
      verify->add_option("--region", audit_options.region, "One region; all that are configured without it");
  auto* organization =
      verify->add_option("--organization", audit_options.organization, "One organization's chain, by id");
  auto* file = verify->add_option("--file", audit_options.file, "A JSON Lines export, without any database")
                   ->excludes(region)
                   ->excludes(organization);
  verify->add_option("--expect", audit_options.expect,
                     "SEQUENCE:HASH, the head that an earlier verification of the same printed");
  verify
      ->add_flag("--partial", audit_options.partial, "Take an export of less than the whole chain for sound")
      ->needs(file);
  verify->callback([&] { exit_code = audit_verify(config, audit_options); });
  auto* write = audit->add_subcommand(
      "export", "Write an organization's events to standard output; the export is recorded in its chain");
  write->add_option("--region", audit_options.region, "The organization's region")->required();
  write->add_option("--organization", audit_options.organization,
                    "The organization's id; the platform's events without it");
  write->add_option("--format", audit_options.format, "csv, json or jsonl")
      ->check(CLI::IsMember({"csv", "json", "jsonl"}))
      ->capture_default_str();
  write->add_option("--from", audit_options.from, "RFC 3339, included");
  write->add_option("--to", audit_options.to, "RFC 3339, excluded");
  write->callback([&] { exit_code = audit_export(config, audit_options); });

  auto* admin = app.add_subcommand("admin", "Administration")->require_subcommand(1);
  OperatorOptions operator_options;
  auto* create = admin->add_subcommand(
      "create-super-admin", "Create an operator account; the password is read from standard input");
  create->add_option("--email", operator_options.email)->required();
  create->add_option("--name", operator_options.name)->required();
  create->callback([&] { exit_code = create_super_admin(config, operator_options); });

  add_admin_commands(*admin, config, exit_code);
  DomainOptions domain_options;
  auto* domain = admin->add_subcommand("verify-domain",
                                       "Vouch that a domain is an organization's, where DNS cannot be asked");
  domain->add_option("--organization", domain_options.organization, "The organization's id")->required();
  domain->add_option("--domain", domain_options.domain, "As the organization has named it")->required();
  domain->callback([&] { exit_code = verify_domain(config, domain_options); });
  std::string lost_operator;
  auto* reset =
      admin->add_subcommand("reset-super-admin",
                            "Give an operator a new password, read from standard input, and take the second "
                            "factor away");
  reset->add_option("--email", lost_operator)->required();
  reset->callback([&] { exit_code = reset_super_admin(config, lost_operator); });
  std::string locked_out;
  auto* allow = admin->add_subcommand(
      "allow-passwords", "Let passwords open sessions again in an organization that turned them off");
  allow->add_option("--organization", locked_out, "Its short name")->required();
  allow->callback([&] { exit_code = allow_passwords(config, locked_out); });

  auto* keys = app.add_subcommand("keys", "Key material")->require_subcommand(1);
  std::string kind;
  auto* generate = keys->add_subcommand("generate", "Print a new key");
  generate->add_option("kind", kind, "master or signing")
      ->required()
      ->check(CLI::IsMember({"master", "signing"}));
  generate->callback([&] { exit_code = generate_key(kind); });

  app.add_subcommand("openapi", "Print the OpenAPI document")->callback([&] { exit_code = print_openapi(); });

  app.add_subcommand("permissions", "Print the permission matrix")->callback([&] {
    exit_code = print_permissions();
  });

  app.add_subcommand("errors", "Print the table of refusals")->callback([&] { exit_code = print_errors(); });

  auto* configuration = app.add_subcommand("config", "The configuration file")->require_subcommand(1);
  configuration->add_subcommand("check", "Read it and every file and secret that serving needs")
      ->callback([&] { exit_code = check_config(config); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (auto wrong = unknown_argument(app); !wrong.empty() && is_about_arguments(error)) {
      fmt::print(stderr, "{}", wrong);
      return error.get_exit_code();
    }
    return app.exit(error);
  }
  return exit_code;
}

}  // namespace
}  // namespace gatehouse::server

int main(int argc, char** argv) {
  int exit_code = gatehouse::server::run(argc, argv);
  // What is still buffered may not fit on a full disk.
  if (std::fflush(stdout) != 0 && exit_code == 0) {
    std::fputs("cannot write to standard output\n", stderr);
    return 1;
  }
  return exit_code;
}
