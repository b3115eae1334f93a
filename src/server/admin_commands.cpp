#include "server/admin_commands.h"

#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <span>

#include <fmt/format.h>

#include "json/codec.h"
#include "server/blocking.h"
#include "server/installation.h"
#include "server/node.h"
#include "server/services.h"
#include "tenancy/directory.h"
#include "tenancy/plans.h"
#include "tenancy/tenants.h"

namespace gatehouse::server {
namespace {

using tenancy::PlanView;
using tenancy::TenantDetail;
using tenancy::TenantView;

struct Options {
  bool json = false;
  std::string subject;  // a plan's or tenant's slug or id
  std::string name, slug, max_tenants, max_requests, features, active;
  std::string owner_email, owner_name, plan, region, data_mode, status, text;
  bool password_from_input = false;
  int limit = 50;
  int overlap_hours = 24;
};

[[noreturn]] void refuse(const Error& error) {
  std::string text = error.detail.empty() ? std::string(info(error.code).title) : error.detail;
  for (const auto& field : error.fields) text += fmt::format("\n  {} {}", field.pointer, field.message);
  if (error.code == ErrorCode::wrong_region)
    text += "\n  Run this with a configuration whose [regions] has that region.";
  throw Failure(text);
}

template <class T>
T require(Result<T> result) {
  if (!result) refuse(result.error());
  return std::move(*result);
}

/// Runs the work with all of a node but its sockets.
int offline(const std::string& config, std::function<Task<void>(Services&, access::Reactor&)> work) {
  try {
    auto installation = load_installation(config);
    if (!installation) refuse(installation.error());
    Node node(std::move(*installation));
    node.run_offline(
        [&](access::Reactor& reactor) -> Task<void> { co_await work(node.services(), reactor); });
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

/// The request as the API would take it, so that the same rules hold.
template <class T>
T body_of(json::Object object) {
  return require(json::decode<T>(json::Value(std::move(object))));
}

json::Value number_or_null(std::string_view option, const std::string& text) {
  if (text == "unlimited") return nullptr;
  auto value = json::parse(text);
  if (!value || !value->is_int64()) throw Failure(fmt::format("{} takes a number or `unlimited`", option));
  return std::move(*value);
}

json::Value features_of(const std::string& text) {
  auto value = json::parse(text);
  if (!value || !value->is_object())
    throw Failure("--features takes a JSON object, as '{\"max_users\": 20, \"sso\": false}'");
  return std::move(*value);
}

json::Object plan_body(const Options& options) {
  json::Object body;
  if (!options.name.empty()) body["name"] = options.name;
  if (!options.slug.empty()) body["slug"] = options.slug;
  if (!options.max_tenants.empty())
    body["max_tenants"] = number_or_null("--max-tenants", options.max_tenants);
  if (!options.max_requests.empty())
    body["max_requests_month"] = number_or_null("--max-requests", options.max_requests);
  if (!options.features.empty()) body["features"] = features_of(options.features);
  if (!options.active.empty()) body["is_active"] = options.active == "true";
  return body;
}

std::string limit_text(const std::optional<std::int64_t>& limit) {
  return limit ? std::to_string(*limit) : "unlimited";
}

void print_plans(const std::vector<PlanView>& plans) {
  fmt::print("{:<20} {:<24} {:>12} {:>12} {:>8}  {}\n", "SLUG", "NAME", "REQUESTS", "MAX TENANTS", "TENANTS",
             "STATE");
  for (const auto& plan : plans)
    fmt::print("{:<20} {:<24} {:>12} {:>12} {:>8}  {}\n", plan.slug, plan.name,
               limit_text(plan.max_requests_month), limit_text(plan.max_tenants), plan.tenant_count,
               plan.is_active ? "active" : "retired");
}

void print_tenants(std::span<const TenantView> tenants) {
  fmt::print("{:<36} {:<20} {:<24} {:<6} {:<10} {:<12} {}\n", "ID", "SLUG", "NAME", "REGION", "STATUS",
             "PLAN", "THIS MONTH");
  for (const auto& tenant : tenants)
    fmt::print("{:<36} {:<20} {:<24} {:<6} {:<10} {:<12} {} of {}\n", tenant.id.to_string(), tenant.slug,
               tenant.name, to_string(tenant.region), to_string(tenant.status),
               tenant.plan ? tenant.plan->slug : "-", tenant.usage_this_month.used,
               limit_text(tenant.usage_this_month.limit));
}

void print_tenant(const TenantDetail& tenant) {
  const TenantView& row = tenant;
  print_tenants({&row, 1});
  for (const auto& owner : tenant.owners) fmt::print("owner   {} {}\n", owner.email, owner.name);
  for (const auto& secret : tenant.secrets)
    fmt::print("secret  version {}, …{}{}\n", secret.version, secret.last_four,
               secret.expires_at ? ", good until " + to_rfc3339(*secret.expires_at) : ", current");
}

template <class T, class Print>
void show(const Options& options, const T& value, Print print) {
  if (options.json)
    fmt::print("{}\n", json::encode(value));
  else
    print(value);
  std::fflush(stdout);
}

void show_plan(const Options& options, const PlanView& plan) {
  show(options, plan, [](const PlanView& one) { print_plans({one}); });
}

Task<OrganizationId> tenant_named(access::Reactor& reactor, std::string name) {
  if (auto id = OrganizationId::parse(name)) co_return *id;
  auto place = co_await tenancy::find_place(reactor, name);
  if (!place || !place->is_confirmed)
    throw Failure("There is no tenant " + name + "; `gatehouse admin tenants list` shows those there are");
  co_return place->organization;
}

Task<PlanView> plan_named(access::Reactor& reactor, std::string name) {
  auto plan = co_await tenancy::find_plan(reactor, name);
  if (!plan)
    throw Failure("There is no plan " + name + "; `gatehouse admin plans list` shows those there are");
  co_return std::move(*plan);
}

Task<void> create_tenant(const Options& options, Services& services, access::Reactor& reactor) {
  json::Object body{{"name", options.name}, {"owner_email", options.owner_email}, {"region", options.region}};
  if (!options.slug.empty()) body["slug"] = options.slug;
  if (!options.owner_name.empty()) body["owner_name"] = options.owner_name;
  if (!options.data_mode.empty()) body["data_mode"] = options.data_mode;
  body["plan_id"] = (co_await plan_named(reactor, options.plan)).id.to_string();
  if (options.password_from_input) {
    std::string password;
    std::getline(std::cin, password);
    body["owner_password"] = password;
  }
  auto made = require(co_await tenancy::create_tenant(
      reactor, services.tenants, {}, body_of<tenancy::CreateTenant>(std::move(body)), std::nullopt));
  show(options, made.created, [](const tenancy::CreatedTenant& created) {
    print_tenants({&created.tenant, 1});
    fmt::print("owner   {} ({})\n", created.owner.email,
               created.owner.is_new ? "new" : "known already; the password stays, if the address is proved");
    fmt::print("secret  {}\n", created.secret);
    fmt::print(stderr, "The secret is shown this once.\n");
  });
}

struct Adder {
  const std::string& config;
  int& exit_code;

  /// A subcommand whose work runs offline. Its options live as long as the parsing.
  std::pair<CLI::App*, std::shared_ptr<Options>> add(
      CLI::App& parent, const std::string& name, const std::string& what,
      std::function<Task<void>(const Options&, Services&, access::Reactor&)> work) const {
    auto options = std::make_shared<Options>();
    auto* command = parent.add_subcommand(name, what);
    command->add_flag("--json", options->json, "Print JSON instead of a table");
    command->callback([&at = config, &code = exit_code, options, work = std::move(work)] {
      code = offline(at, [&](Services& services, access::Reactor& reactor) {
        return work(*options, services, reactor);
      });
    });
    return {command, options};
  }
};

void add_plan_options(CLI::App* command, Options& options, bool is_new) {
  auto* name = command->add_option("--name", options.name, "What people call it");
  auto* slug = command->add_option("--slug", options.slug, "Lower-case letters, digits and hyphens");
  if (is_new) {
    name->required();
    slug->required();
  }
  command->add_option("--max-tenants", options.max_tenants, "How many may be on it, or `unlimited`");
  command->add_option("--max-requests", options.max_requests, "Model requests a month, or `unlimited`");
  command->add_option("--features", options.features, "A JSON object; replaces all of them");
}

void add_plans(CLI::App& admin, const Adder& adder) {
  auto& plans = *admin.add_subcommand("plans", "The installation's plans")->require_subcommand(1);
  adder.add(plans, "list", "List them",
            [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
              show(options, co_await tenancy::list_plans(reactor), print_plans);
            });
  auto [create, create_options] =
      adder.add(plans, "create", "Make one",
                [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
                  auto body = body_of<tenancy::CreatePlan>(plan_body(options));
                  show_plan(options, require(co_await tenancy::create_plan(reactor, {}, std::move(body))));
                });
  add_plan_options(create, *create_options, true);
  auto [update, update_options] =
      adder.add(plans, "update", "Change one; in force within two seconds",
                [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
                  auto plan = co_await plan_named(reactor, options.subject);
                  auto body = body_of<tenancy::UpdatePlan>(plan_body(options));
                  show_plan(options, require(co_await tenancy::update_plan(reactor, {}, plan.id, plan.version,
                                                                           std::move(body))));
                });
  update->add_option("plan", update_options->subject, "Its slug or id")->required();
  add_plan_options(update, *update_options, false);
  update->add_option("--active", update_options->active, "false: takes no new tenants")
      ->check(CLI::IsMember({"true", "false"}));
  auto [retire, retire_options] =
      adder.add(plans, "deactivate", "Retire one: its tenants stay, no other comes to it",
                [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
                  auto plan = co_await plan_named(reactor, options.subject);
                  auto retired = co_await tenancy::retire_plan(reactor, {}, plan.id);
                  if (!retired) refuse(retired.error());
                  show_plan(options, require(co_await tenancy::get_plan(reactor, plan.id)));
                });
  retire->add_option("plan", retire_options->subject, "Its slug or id")->required();
}

void add_status(CLI::App& tenants, const Adder& adder, const std::string& name, const std::string& what,
                TenantStatus status) {
  auto [command, options] = adder.add(
      tenants, name, what, [status](const Options& given, Services&, access::Reactor& reactor) -> Task<void> {
        auto id = co_await tenant_named(reactor, given.subject);
        show(given, require(co_await tenancy::set_tenant_status(reactor, {}, id, status)), print_tenant);
      });
  command->add_option("tenant", options->subject, "Its slug or id")->required();
}

void add_tenants(CLI::App& admin, const Adder& adder) {
  auto& tenants = *admin.add_subcommand("tenants", "Tenants of this node's regions")->require_subcommand(1);
  auto [list, list_options] =
      adder.add(tenants, "list", "List them, newest first",
                [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
                  tenancy::TenantFilter filter{.words = options.text};
                  if (!options.region.empty()) filter.region = parse_region(options.region);
                  if (!options.plan.empty()) filter.plan = (co_await plan_named(reactor, options.plan)).id;
                  for (auto status : {TenantStatus::active, TenantStatus::suspended, TenantStatus::cancelled})
                    if (options.status == to_string(status)) filter.status = status;
                  show(options, co_await tenancy::list_tenants(reactor, filter, std::nullopt, options.limit),
                       print_tenants);
                });
  auto is_region = CLI::IsMember({"us", "eu"});
  list->add_option("--status", list_options->status, "active, suspended or cancelled")
      ->check(CLI::IsMember({"active", "suspended", "cancelled"}));
  list->add_option("--plan", list_options->plan, "A plan's slug or id");
  list->add_option("--region", list_options->region, "us or eu")->check(is_region);
  list->add_option("--text", list_options->text, "Beginnings of words of name or slug");
  list->add_option("--limit", list_options->limit, "At most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  auto [one, one_options] =
      adder.add(tenants, "show", "Show one",
                [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
                  auto id = co_await tenant_named(reactor, options.subject);
                  show(options, require(co_await tenancy::get_tenant(reactor, id)), print_tenant);
                });
  one->add_option("tenant", one_options->subject, "Its slug or id")->required();

  auto [create, made] =
      adder.add(tenants, "create", "Provision one; its secret is shown once", create_tenant);
  create->add_option("--name", made->name, "What people call it")->required();
  create->add_option("--slug", made->slug, "Made of the name without it");
  create->add_option("--owner-email", made->owner_email, "Who administers it")->required();
  create->add_option("--owner-name", made->owner_name, "Of a new person");
  create->add_flag("--password-stdin", made->password_from_input,
                   "Read a new owner's password from standard input");
  create->add_option("--plan", made->plan, "A plan's slug or id")->required();
  create->add_option("--region", made->region, "us or eu; never changes")->required()->check(is_region);
  create->add_option("--data-mode", made->data_mode, "metadata_only (the default) or full_content")
      ->check(CLI::IsMember({"metadata_only", "full_content"}));

  add_status(tenants, adder, "suspend", "Stop its sessions' work, keys and streams", TenantStatus::suspended);
  add_status(tenants, adder, "activate", "Let it work (again)", TenantStatus::active);
  add_status(tenants, adder, "cancel", "End it; its data stay", TenantStatus::cancelled);

  auto [update, updated] =
      adder.add(tenants, "update", "Rename it, or move it to another plan",
                [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
                  auto id = co_await tenant_named(reactor, options.subject);
                  json::Object body;
                  if (!options.name.empty()) body["name"] = options.name;
                  if (!options.plan.empty())
                    body["plan_id"] = (co_await plan_named(reactor, options.plan)).id.to_string();
                  show(options,
                       require(co_await tenancy::update_tenant(
                           reactor, {}, id, body_of<tenancy::UpdateTenant>(std::move(body)))),
                       print_tenant);
                });
  update->add_option("tenant", updated->subject, "Its slug or id")->required();
  auto* changes = update->add_option_group("changes")->require_option(1, 2);
  changes->add_option("--name", updated->name, "What people call it");
  changes->add_option("--plan", updated->plan, "The plan's slug or id");

  auto [rotate, rotated] = adder.add(
      tenants, "rotate-secret", "A new secret for its servers, shown once",
      [](const Options& options, Services&, access::Reactor& reactor) -> Task<void> {
        auto id = co_await tenant_named(reactor, options.subject);
        tenancy::RotateSecret body;
        body.overlap_hours = json::Int<0, 168>(options.overlap_hours);
        auto result = require(co_await tenancy::rotate_tenant_secret(reactor, {}, id, body, std::nullopt));
        show(options, result.rotated, [](const tenancy::RotatedSecret& secret) {
          fmt::print("{}\n", secret.secret);
          fmt::print(stderr, "Version {}, shown this once.{}\n", secret.version,
                     secret.previous_expires_at
                         ? " The one before is good until " + to_rfc3339(*secret.previous_expires_at) + "."
                         : "");
        });
      });
  rotate->add_option("tenant", rotated->subject, "Its slug or id")->required();
  rotate->add_option("--overlap-hours", rotated->overlap_hours, "In which the one before stays good")
      ->check(CLI::Range(0, 168))
      ->capture_default_str();
}

}  // namespace

void add_admin_commands(CLI::App& admin, const std::string& config, int& exit_code) {
  Adder adder{config, exit_code};
  add_plans(admin, adder);
  add_tenants(admin, adder);
}

}  // namespace gatehouse::server
