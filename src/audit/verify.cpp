#include "audit/verify.h"

#include <limits>

#include "audit/verifier.h"
#include "base/error.h"
#include "pg/statement.h"

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kBeforeAll = std::numeric_limits<std::int64_t>::min();

// One statement each, hence one snapshot: what is appended later is not looked at.
constexpr pg::Statement kRegionEnds{
    "audit.region_ends",
    "select head.region_sequence, head.sealed_at, last.region_sequence, chain.org_id, chain.org_sequence, "
    "chain.hash, head.region, heads.number"
    " from (select max(region_sequence) as region_sequence from audit_events) as last"
    " cross join (select count(*) as number from audit_head) as heads"
    " left join audit_head as head on head.only_row left join audit_chain_heads as chain on true"};
constexpr pg::Statement kChainEnds{
    "audit.chain_ends",
    "select head.org_sequence, head.hash, last.org_sequence"
    " from (select max(org_sequence) as org_sequence from audit_events where org_id = $1) as last"
    " left join audit_chain_heads as head on head.org_id = $1"};
constexpr pg::Statement kPlatformEnds{
    "audit.platform_ends",
    "select head.org_sequence, head.hash, last.org_sequence"
    " from (select max(org_sequence) as org_sequence from audit_events where org_id is null) as last"
    " left join audit_chain_heads as head on head.org_id = $1"};

std::string bytes(const pg::Field& field) {
  auto view = field.binary();
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

}  // namespace

Task<VerifyReport> verify_region(RunBatch run, Region region, VerifyOptions options) {
  ChainVerifier verifier({.scope = ChainVerifier::Scope::region,
                          .region = region,
                          .expected = options.expected,
                          .marks = std::move(options.marks)});
  auto ends = co_await run(pg::Batch(kRegionEnds, {}));
  auto head = ends.at(0, 0).get<std::optional<std::int64_t>>();
  auto last = ends.at(0, 2).get<std::optional<std::int64_t>>();

  auto after = kBeforeAll;
  while (last) {
    pg::Batch batch;
    add_walk_region(batch, after, *last, options.page);
    auto events = read_events(co_await run(std::move(batch)));
    for (const auto& event : events) verifier.add(event);
    if (events.size() < static_cast<std::size_t>(options.page)) break;
    after = events.back().region_sequence;
  }

  if (head)
    verifier.check_region_head(*head, ends.at(0, 1).timestamp(),
                               ends.at(0, 6).get<std::optional<std::string_view>>());
  if (ends.at(0, 7).integer() > 1)
    verifier.add_problem(*head, ProblemKind::head_mismatch, "the region has more than one head");
  if (!head) verifier.add_problem(last.value_or(0), ProblemKind::head_mismatch, "the region has no head");
  for (std::size_t i = 0; i < ends.size(); ++i)
    if (!ends.at(i, 3).null)
      verifier.check_head(ends.at(i, 3).uuid(), {ends.at(i, 4).integer(), bytes(ends.at(i, 5))});
  co_return verifier.finish();
}

Task<VerifyReport> verify_organization(RunBatch run, std::optional<OrganizationId> organization,
                                       VerifyOptions options) {
  ChainVerifier verifier({.scope = ChainVerifier::Scope::organization,
                          .organization = organization,
                          .expected = options.expected,
                          .marks = std::move(options.marks)});
  auto id = organization.value_or(OrganizationId{});
  auto ends = co_await run(pg::Batch(organization ? kChainEnds : kPlatformEnds, pg::params(id)));
  auto last = ends.at(0, 2).get<std::optional<std::int64_t>>();

  auto after = kBeforeAll;
  while (last) {
    pg::Batch batch;
    add_walk(batch, organization, {}, after, *last, options.page);
    auto events = read_events(co_await run(std::move(batch)));
    for (const auto& event : events) verifier.add(event);
    if (events.size() < static_cast<std::size_t>(options.page)) break;
    after = events.back().org_sequence;
  }

  if (!ends.at(0, 0).null)
    verifier.check_head(id.value, {ends.at(0, 0).integer(), bytes(ends.at(0, 1))});
  else if (last)
    verifier.add_problem(*last, ProblemKind::head_mismatch, "the chain has no head");
  bool is_absent = ends.at(0, 0).null && !last;
  if (is_absent && options.has_events)
    verifier.add_problem(0, ProblemKind::truncated, "there is no event, although some were recorded",
                         EventPlace{.organization = organization});
  auto report = verifier.finish();
  report.is_absent = is_absent;
  co_return report;
}

}  // namespace gatehouse::audit
