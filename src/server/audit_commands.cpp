// `gatehouse audit verify|export`.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "audit/export.h"
#include "audit/verify.h"
#include "pg/pool.h"
#include "server/blocking.h"
#include "server/commands.h"
#include "server/installation.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

std::string hex(const audit::Hash& hash) {
  std::string out;
  for (auto byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

void print_report(std::string_view what, const audit::VerifyReport& report) {
  fmt::print("{}: {} events, {} to {}, {}\n", what, report.events, report.first_sequence,
             report.last_sequence, report.ok() ? "sound" : fmt::format("{} problems", report.problem_count));
  if (report.head_hash) fmt::print("  head {}\n", hex(*report.head_hash));
  for (const auto& problem : report.problems)
    fmt::print("  at {}: {}: {}\n", problem.sequence, to_string(problem.kind), problem.message);
}

/// Connects as gatehouse_audit, who sees every chain.
audit::RunBatch reader(pg::Connection& connection) {
  return [&connection](pg::Batch batch) -> Task<pg::Rows> {
    auto rows = co_await connection.run(std::move(batch), pg::within(60s));
    co_return std::move(rows.back());
  };
}

int explain(const Error& error) {
  fmt::print(stderr, "{}\n", error.detail);
  return 1;
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

Result<std::optional<OrganizationId>> organization_of(const AuditOptions& options) {
  if (options.organization.empty()) return std::optional<OrganizationId>{};
  auto id = OrganizationId::parse(options.organization);
  if (!id) return fail(ErrorCode::validation_failed, "--organization takes an id");
  return std::optional(*id);
}

Result<std::optional<Timestamp>> time_of(const std::string& text, std::string_view option) {
  if (text.empty()) return std::optional<Timestamp>{};
  auto stamp = parse_rfc3339(text);
  if (!stamp) return fail(ErrorCode::validation_failed, fmt::format("{} takes an RFC 3339 time", option));
  return std::optional(*stamp);
}

}  // namespace

int audit_verify(const std::string& config, const AuditOptions& options) {
  return guarded([&] {
    if (!options.file.empty()) {
      std::ifstream file(options.file);
      if (!file) throw Failure("cannot read " + options.file);
      auto report = audit::verify_export(file);
      print_report(options.file, report);
      return audit::exit_code(report);
    }
    auto organization = organization_of(options);
    if (!organization) return explain(organization.error());
    auto installation = load_installation(config);
    if (!installation) return explain(installation.error());
    int worst = 0;
    for (const auto& [region, dsns] : installation->regions) {
      if (!options.region.empty() && options.region != to_string(region)) continue;
      auto report = run_blocking([&](asio::io_context&) -> Task<audit::VerifyReport> {
        auto connection = co_await pg::Connection::connect({.dsn = dsns.audit}, pg::within(10s));
        if (*organization) co_return co_await audit::verify_organization(reader(connection), *organization);
        co_return co_await audit::verify_region(reader(connection), region);
      });
      print_report(to_string(region), report);
      worst = std::max(worst, audit::exit_code(report));
    }
    return worst;
  });
}

int audit_export(const std::string& config, const AuditOptions& options) {
  return guarded([&] {
    auto organization = organization_of(options);
    if (!organization) return explain(organization.error());
    auto from = time_of(options.from, "--from");
    if (!from) return explain(from.error());
    auto to = time_of(options.to, "--to");
    if (!to) return explain(to.error());
    auto region = parse_region(options.region);
    auto installation = load_installation(config);
    if (!installation) return explain(installation.error());
    if (!region || !installation->regions.contains(*region))
      throw Failure("--region: no such region is configured");
    run_blocking([&](asio::io_context&) -> Task<void> {
      auto connection =
          co_await pg::Connection::connect({.dsn = installation->regions.at(*region).audit}, pg::within(10s));
      audit::ExportOptions how;
      how.format = *audit::parse_export_format(options.format);
      how.organization = *organization;
      how.filter.from = *from;
      how.filter.to = *to;
      audit::Export events(reader(connection), std::move(how));
      while (auto chunk = co_await events.next_chunk())
        if (std::fwrite(chunk->data(), 1, chunk->size(), stdout) != chunk->size())
          throw Failure("cannot write to standard output");
    });
    return 0;
  });
}

}  // namespace gatehouse::server
