// `gatehouse audit verify|export`.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>

#include "audit/appender.h"
#include "audit/export.h"
#include "audit/verify.h"
#include "crypto/encoding.h"
#include "explorer/event_view.h"
#include "pg/pool.h"
#include "server/blocking.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/wording.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

/// ` (organization ID, its 7, event ID)`: as the console and exports number events.
std::string place_text(const std::optional<audit::EventPlace>& place) {
  if (!place) return "";
  return fmt::format(" ({}, its {}{})",
                     place->organization ? "organization " + place->organization->to_string() : "platform",
                     place->org_sequence, place->event ? ", event " + place->event->to_string() : "");
}

void print_report(std::string_view what, const audit::VerifyReport& report) {
  fmt::print("{}: {}, {} to {}, {}\n", what, counted(report.events, "event"), report.first_sequence,
             report.last_sequence, report.ok() ? "sound" : counted(report.problem_count, "problem"));
  if (report.coverage == audit::Coverage::selection)
    fmt::print("  a selection of the chain: gaps can not be judged\n");
  if (report.coverage == audit::Coverage::period)
    fmt::print("  a period of the chain: what is missing before and after it can not be judged\n");
  for (const auto& problem : report.problems)
    fmt::print("  at {}{}: {}: {}\n", problem.sequence, place_text(problem.event), to_string(problem.kind),
               problem.message);
  if (report.head_hash) fmt::print("  head {}:{}\n", report.last_sequence, crypto::to_hex(*report.head_hash));
}

/// Of a connection as gatehouse_audit, who sees every chain.
audit::RunBatch reader(pg::Connection& connection) {
  return [&connection](pg::Batch batch) -> Task<pg::Rows> {
    auto rows = co_await connection.run(std::move(batch), pg::within(60s));
    co_return std::move(rows.back());
  };
}

template <class Body>
int guarded(Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

template <class T>
T checked(Result<T> result) {
  if (!result) throw Failure(result.error().detail);
  return std::move(*result);
}

std::optional<OrganizationId> organization_of(const AuditOptions& options) {
  if (options.organization.empty()) return std::nullopt;
  auto id = OrganizationId::parse(options.organization);
  if (!id) throw Failure("--organization takes an id");
  return id;
}

std::optional<Timestamp> time_of(const std::string& text, std::string_view option) {
  if (text.empty()) return std::nullopt;
  auto stamp = parse_rfc3339(text);
  if (!stamp) throw Failure(fmt::format("{} takes an RFC 3339 time", option));
  return stamp;
}

std::optional<audit::Head> expected_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  audit::Head expected;
  auto colon = text.find(':');
  auto hash = colon == std::string::npos ? std::nullopt : crypto::from_hex(text.substr(colon + 1));
  auto digits = std::from_chars(text.data(), text.data() + std::min(colon, text.size()), expected.sequence);
  if (!hash || hash->size() != expected.hash.size() || digits.ec != std::errc{} ||
      digits.ptr != text.data() + colon)
    throw Failure("--expect takes SEQUENCE:HASH, as an earlier verification printed it");
  std::ranges::copy(*hash, expected.hash.begin());
  return expected;
}

/// The one that was asked for, or all that are configured.
std::vector<Region> regions_of(const Installation& installation, const std::string& asked) {
  auto region = parse_region(asked);
  if (!asked.empty() && (!region || !installation.regions.contains(*region)))
    throw Failure("--region: no region " + asked + " is configured");
  if (region) return {*region};
  std::vector<Region> all;
  all.reserve(installation.regions.size());
  for (const auto& [each, dsns] : installation.regions) all.push_back(each);
  return all;
}

/// How far the region's chains had come when a node last looked; of one organization, or of all.
Task<audit::Marks> marks_of(std::string product_dsn, std::optional<OrganizationId> organization) {
  auto connection = co_await pg::Connection::connect({.dsn = std::move(product_dsn)}, pg::within(10s));
  pg::Batch batch;
  audit::add_list_marks(batch);
  auto rows = co_await connection.run(std::move(batch), pg::within(60s));
  auto marks = audit::read_marks(rows.back());
  if (organization) std::erase_if(marks, [&](const auto& mark) { return mark.first != organization->value; });
  co_return marks;
}

/// Nothing leaves without a record of it, in the chain that is exported.
Task<void> record_export(Region region, std::string audit_dsn, audit::ExportOptions how) {
  auto event = audit::make_event("audit.export");
  event.organization = how.organization;
  event.resource_type = "audit";
  json::Object payload{{"format", boost::describe::enum_to_string(how.format, "")}, {"command_line", true}};
  if (how.filter.from) payload["from"] = to_rfc3339(*how.filter.from);
  if (how.filter.to) payload["to"] = to_rfc3339(*how.filter.to);
  event.payload = std::move(payload);
  audit::Appender appender(co_await asio::this_coro::executor,
                           {.region = region, .database = {.dsn = std::move(audit_dsn)}});
  co_await appender.append(std::move(event));
  co_await appender.close(pg::within(10s));
}

Failure no_chain(const AuditOptions& options) {
  return Failure(fmt::format("there is no chain of the organization {}{}", options.organization,
                             options.region.empty() ? "" : " in " + options.region));
}

}  // namespace

int audit_verify(const std::string& config, const AuditOptions& options) {
  return guarded([&] {
    auto expected = expected_of(options.expect);
    if (!options.file.empty()) {
      std::ifstream file(options.file);
      if (!file) throw Failure("cannot read " + options.file);
      auto report = audit::verify_export(file, expected);
      print_report(options.file, report);
      return audit::exit_code(report, options.partial);
    }
    auto organization = organization_of(options);
    auto installation = checked(load_installation(config));
    auto regions = regions_of(installation, options.region);
    if (expected && regions.size() > 1) throw Failure("--expect is of one region: name it with --region");
    int worst = 0;
    bool found = false;
    for (auto region : regions) {
      const auto& dsns = installation.regions.at(region);
      auto report = run_blocking([&](asio::io_context&) -> Task<audit::VerifyReport> {
        audit::VerifyOptions how{.expected = expected, .marks = co_await marks_of(dsns.outbox, organization)};
        auto connection = co_await pg::Connection::connect({.dsn = dsns.audit}, pg::within(10s));
        if (organization)
          co_return co_await audit::verify_organization(reader(connection), *organization, how);
        co_return co_await audit::verify_region(reader(connection), region, how);
      });
      if (report.is_absent && report.ok()) continue;
      found = true;
      print_report(to_string(region), report);
      worst = std::max(worst, audit::exit_code(report));
    }
    if (!found) throw no_chain(options);
    return worst;
  });
}

int audit_export(const std::string& config, const AuditOptions& options) {
  return guarded([&] {
    audit::ExportOptions how;
    how.format = *audit::parse_export_format(options.format);
    how.organization = organization_of(options);
    how.filter.from = time_of(options.from, "--from");
    how.filter.to = time_of(options.to, "--to");
    auto installation = checked(load_installation(config));
    auto region = regions_of(installation, options.region).front();
    const auto& dsns = installation.regions.at(region);
    run_blocking([&](asio::io_context&) -> Task<void> {
      auto connection = co_await pg::Connection::connect({.dsn = dsns.audit}, pg::within(10s));
      auto run = reader(connection);
      if (how.organization) {
        pg::Batch batch;
        audit::add_chain_head(batch, how.organization);
        if (!audit::read_chain_head(co_await run(std::move(batch)))) throw no_chain(options);
      }
      co_await record_export(region, dsns.audit, how);
      pg::Pool product(co_await asio::this_coro::executor, {.dsn = dsns.platform},
                       {.name = "export", .size = 1});
      vault::Keyring keyring(*installation.wrapper, product);
      how.unseal = [&keyring](const audit::Event& sealed) { return explorer::unseal(keyring, sealed); };
      audit::Export events(run, how);
      while (auto chunk = co_await events.next_chunk())
        if (std::fwrite(chunk->data(), 1, chunk->size(), stdout) != chunk->size())
          throw Failure("cannot write to standard output");
      product.close();
    });
    return 0;
  });
}

}  // namespace gatehouse::server
