#include "explorer/explorer_api.h"

#include <charconv>
#include <chrono>

#include "access/page.h"
#include "audit/export.h"
#include "crypto/encoding.h"
#include "explorer/event_view.h"

namespace gatehouse::explorer {
namespace {

using namespace std::chrono_literals;
using access::Call;
using access::Input;
using access::None;
using access::Page;
using access::Permission;
using access::RateClass;
using access::Streamed;

/// Longer chains are verified by `gatehouse audit verify`, or offline on an export.
constexpr auto kVerifyTime = 60s;
/// Small pages: between two of them the reactor serves others.
constexpr int kVerifyPage = 100;

/// What policies decided about a model call.
enum class RecordedDecision { allow, warn, redact, require_approval, block };
BOOST_DESCRIBE_ENUM(RecordedDecision, allow, warn, redact, require_approval, block)

// The filters of list and export; Boost.Describe's bases are read as if they stood in the struct itself.
struct EventFilters {
  std::optional<Uuid> actor_id;
  std::optional<json::Text<1, 64>> action;     // `chat.create`, or all of `chat`
  std::optional<json::Text<1, 265>> resource;  // `chat`, or `chat:<id>`
  std::optional<audit::EventOutcome> outcome;
  std::optional<RecordedDecision> decision;
  json::Defaulted<bool> reads = true;  // false: without successful `….read` and `….list`
  std::optional<Timestamp> from;       // half open, by sealed_at
  std::optional<Timestamp> to;
};
BOOST_DESCRIBE_STRUCT(EventFilters, (), (actor_id, action, resource, outcome, decision, reads, from, to))

struct ListQuery : EventFilters {
  access::PageLimit limit = 50;
  access::PageToken page_token;
};
BOOST_DESCRIBE_STRUCT(ListQuery, (EventFilters), (limit, page_token))

struct ExportQuery : EventFilters {
  audit::ExportFormat format = audit::ExportFormat::jsonl;
};
BOOST_DESCRIBE_STRUCT(ExportQuery, (EventFilters), (format))

struct EventPath {
  AuditEventId event_id;
};
BOOST_DESCRIBE_STRUCT(EventPath, (), (event_id))

struct AuditRecordView {
  AuditEventView event;
  std::string record;  // the exact bytes that were hashed
};
BOOST_DESCRIBE_STRUCT(AuditRecordView, (), (event, record))

struct ProblemView {
  std::int64_t sequence = 0;
  audit::ProblemKind kind = audit::ProblemKind::unreadable;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(ProblemView, (), (sequence, kind, message))

struct VerificationView {
  bool ok = false;
  std::int64_t events = 0;
  std::int64_t first_sequence = 0;
  std::int64_t last_sequence = 0;
  std::optional<std::string> head_hash;
  Timestamp checked_at;
  std::int64_t problem_count = 0;
  std::vector<ProblemView> problems;  // the first hundred
};
BOOST_DESCRIBE_STRUCT(VerificationView, (),
                      (ok, events, first_sequence, last_sequence, head_hash, checked_at, problem_count,
                       problems))

audit::EventFilter to_filter(const EventFilters& query) {
  audit::EventFilter filter{.actor_id = query.actor_id,
                            .outcome = query.outcome,
                            .without_reads = !*query.reads,
                            .from = query.from,
                            .to = query.to};
  if (query.decision) filter.decision = boost::describe::enum_to_string(*query.decision, "");
  if (query.action) filter.action = query.action->str();
  if (query.resource) {
    const std::string& text = query.resource->str();
    auto colon = text.find(':');
    filter.resource_type = text.substr(0, colon);
    if (colon != std::string::npos) filter.resource_id = text.substr(colon + 1);
  }
  return filter;
}

/// Which filters were used, with their values where those are ids, codes or times. `action` and `resource`
/// are free text, of which nothing is kept.
void note_filters(Call& call, const EventFilters& query) {
  auto& payload = call.audit().payload;
  if (query.actor_id) payload["actor_id"] = query.actor_id->to_string();
  if (query.action) payload["by_action"] = true;
  if (query.resource) payload["by_resource"] = true;
  if (query.outcome) payload["outcome"] = audit::to_string(*query.outcome);
  if (query.decision) payload["decision"] = boost::describe::enum_to_string(*query.decision, "");
  if (!*query.reads) payload["without_reads"] = true;
  if (query.from) payload["from"] = to_rfc3339(*query.from);
  if (query.to) payload["to"] = to_rfc3339(*query.to);
}

Task<Result<Page<AuditEventView>>> list(Call& call, Input<None, ListQuery> in) {
  note_filters(call, in.query);
  std::optional<std::int64_t> before;
  if (in.query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, in.query.page_token->str()));
    std::from_chars(cursor.data(), cursor.data() + cursor.size(), before.emplace(0));
  }
  auto limit = static_cast<int>(std::int64_t{*in.query.limit});
  pg::Batch batch;
  audit::add_list(batch, call.organization(), to_filter(in.query), before, limit + 1);
  auto rows = co_await call.read_audit(std::move(batch));
  auto events = audit::read_events(rows[0]);
  bool more = events.size() > static_cast<std::size_t>(limit);
  if (more) events.pop_back();
  Page<AuditEventView> page;
  if (more) page.next_page_token = access::make_page_token(call, std::to_string(events.back().org_sequence));
  page.data = co_await views_of(call, std::move(events));
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<AuditRecordView>> get(Call& call, Input<EventPath> in) {
  call.audit().resource_id = in.path.event_id.to_string();
  pg::Batch batch;
  audit::add_get(batch, call.organization(), in.path.event_id);
  auto rows = co_await call.read_audit(std::move(batch));
  auto events = audit::read_events(rows[0]);
  if (events.empty()) co_return fail(ErrorCode::not_found, "There is no such event");
  std::string record = events[0].record;
  auto views = co_await views_of(call, std::move(events));
  co_return AuditRecordView{.event = std::move(views[0]), .record = std::move(record)};
}

struct TookTooLong {};

Task<Result<VerificationView>> verify(Call& call, Input<>) {
  auto until = std::chrono::steady_clock::now() + kVerifyTime;
  auto read = [run = reader_of(call), until](pg::Batch batch) -> Task<pg::Rows> {
    if (std::chrono::steady_clock::now() > until) throw TookTooLong();
    co_return co_await run(std::move(batch));
  };
  audit::VerifyReport report;
  try {
    pg::Batch mark;
    audit::add_find_mark(mark, call.organization());
    auto rows = co_await call.read(std::move(mark));
    report = co_await audit::verify_organization(
        read, call.organization(),
        {.page = kVerifyPage, .marks = audit::read_marks(rows.back()), .has_events = true});
  } catch (const TookTooLong&) {
    co_return fail(
        ErrorCode::request_timeout,
        "The chain is too long to verify here: use `gatehouse audit verify`, or export and verify offline");
  }
  VerificationView view{.ok = report.ok(),
                        .events = report.events,
                        .first_sequence = report.first_sequence,
                        .last_sequence = report.last_sequence,
                        .checked_at = report.checked_at,
                        .problem_count = report.problem_count};
  if (report.head_hash) view.head_hash = crypto::to_hex(*report.head_hash);
  for (const auto& problem : report.problems)
    view.problems.push_back({problem.sequence, problem.kind, problem.message});
  auto& payload = call.audit().payload;
  payload["ok"] = view.ok;
  payload["events"] = view.events;
  payload["last_sequence"] = view.last_sequence;
  payload["problems"] = view.problem_count;
  co_return view;
}

http::Headers export_headers(Call& call, const ExportQuery& query) {
  http::Headers headers;
  headers.add("content-type", audit::content_type(query.format));
  auto day = [](const std::optional<Timestamp>& time) {
    return to_rfc3339(time.value_or(now())).substr(0, 10);
  };
  std::string period = (query.from ? "-" + day(query.from) : "") + "-" + day(query.to);
  headers.add("content-disposition", "attachment; filename=\"gatehouse-audit-" + call.tenant().tenant().slug +
                                         period + "." + boost::describe::enum_to_string(query.format, "") +
                                         "\"");
  headers.add("cache-control", "no-store");
  for (auto [name, value] : call.headers()) headers.add(name, value);
  return headers;
}

Task<Result<Streamed>> export_events(Call& call, Input<None, ExportQuery> in) {
  note_filters(call, in.query);
  call.audit().payload["format"] = json::Value(boost::describe::enum_to_string(in.query.format, ""));
  // Before the first byte: nothing leaves without a record of it.
  co_await call.record_now();

  auto& keyring = *call.reactor().region(call.region()).keyring;
  audit::Export source(reader_of(call), {.format = in.query.format,
                                         .organization = call.organization(),
                                         .filter = to_filter(in.query),
                                         .unseal = [&keyring](const audit::Event& sealed) {
                                           return unseal(keyring, sealed);
                                         }});
  auto chunk = co_await source.next_chunk();
  auto& exchange = call.exchange();
  bool there = co_await exchange.start_stream(200, export_headers(call, in.query), chunk ? *chunk : "");
  while (there && chunk) {
    chunk = co_await source.next_chunk();
    // A long one ends where the right to it does: cut off, so that nobody takes it for whole.
    if (!co_await call.standing().check(call.reactor())) co_return Streamed{};
    if (chunk) there = co_await exchange.write(*chunk);
  }
  if (there) co_await exchange.finish();
  co_return Streamed{};
}

}  // namespace

void add_operations(access::Operations& operations) {
  using http::Method;
  operations.add({.method = Method::get,
                  .path = "/api/audit/events",
                  .id = "listAuditEvents",
                  .summary = "List the organization's audit events, newest first",
                  .tag = "audit",
                  .permission = Permission::audit_read,
                  .audit_action = "audit.list",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::invalid_page_token}},
                 [](Call& call, Input<None, ListQuery> in) { return list(call, std::move(in)); });
  operations.add({.method = Method::get,
                  .path = "/api/audit/events/{event_id}",
                  .id = "getAuditEvent",
                  .summary = "Get an audit event with its exact record",
                  .tag = "audit",
                  .permission = Permission::audit_read,
                  .audit_action = "audit.read",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<EventPath> in) { return get(call, std::move(in)); });
  operations.add({.method = Method::post,
                  .path = "/api/audit/verify",
                  .id = "verifyAudit",
                  .summary = "Verify the organization's chain of audit events",
                  .tag = "audit",
                  .permission = Permission::audit_verify,
                  .audit_action = "audit.verify",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::request_timeout}},
                 [](Call& call, Input<> in) { return verify(call, std::move(in)); });
  operations.add({.method = Method::get,
                  .path = "/api/audit/export",
                  .id = "exportAudit",
                  .summary = "Download audit events as CSV, JSON or JSON Lines",
                  .tag = "audit",
                  .permission = Permission::audit_export,
                  .audit_action = "audit.export",
                  .rate = RateClass::write,
                  .critical = true,
                  .streams = {"application/jsonl", "text/csv", "application/json"}},
                 [](Call& call, Input<None, ExportQuery> in) { return export_events(call, std::move(in)); });
}

}  // namespace gatehouse::explorer
