#include "access/call.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "access/idempotency.h"
#include "access/operation.h"
#include "access/roles.h"
#include "audit/outbox.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "vault/data_key.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;

constexpr auto kReadDeadline = 10s;
constexpr auto kWriteDeadline = 30s;

struct PersonalFields {
  std::string ip;
  std::string user_agent;
};
BOOST_DESCRIBE_STRUCT(PersonalFields, (), (ip, user_agent))

constexpr std::size_t kMaxUserAgent = 512;

constexpr pg::Statement kCountWrite{
    "calls.count_write",
    "insert into write_counts as c (organization_id, workspace_id, hour, writes)"
    " select $1, $2, date_trunc('hour', now()), 1 where $3 > 0"
    " on conflict (organization_id, workspace_id, hour) do update set writes = c.writes + 1"
    " where c.writes < $3 returning writes"};

constexpr pg::Statement kWriteCaps{
    "calls.write_caps",
    "select id, least(greatest((settings ->> 'write_cap_per_hour')::numeric, 0), 1000000000)::bigint as cap"
    " from workspaces where organization_id = $1 and jsonb_typeof(settings -> 'write_cap_per_hour') = "
    "'number'"};

struct WriteCapRow {
  WorkspaceId id;
  std::int64_t cap;
};
BOOST_DESCRIBE_STRUCT(WriteCapRow, (), (id, cap))

/// Workspaces whose settings say otherwise than the organization's, with the tenant's snapshot.
struct WriteCaps {
  std::unordered_map<WorkspaceId, std::int64_t> of;

  static Task<std::shared_ptr<WriteCaps>> load(const TenantSnapshot& tenant) {
    auto rows = co_await tenant.read(pg::Batch(kWriteCaps, pg::params(tenant.tenant().id)));
    auto caps = std::make_shared<WriteCaps>();
    for (const auto& row : rows[0].as<WriteCapRow>()) caps->of[row.id] = row.cap;
    co_return caps;
  }
};

/// Whether the call is one of those that a cap counts: a program that changes something in a workspace.
bool is_counted(const Call& call) {
  return call.principal().is_program() && call.operation().effect() == Effect::changes &&
         call.operation().rate != RateClass::model && !call.workspace().is_nil();
}

constexpr pg::Statement kHoldStanding{"calls.hold_standing", "select hold_standing($1, $2, $3, $4, $5, $6)"};
constexpr pg::Statement kCheckSession{"calls.check_session", "select check_session($1)"};

/// Judges the caller by the rows, as 0021_standing.up.sql says. Its errors are the transaction's. Programs
/// may not do what asks for it (`outlasts`).
void add_standing(pg::Batch& batch, const Call& call, const std::vector<Governance>& governance) {
  std::vector<std::string_view> here;
  std::vector<std::string_view> anywhere;
  for (const auto& one : governance)
    (one.whole_organization ? anywhere : here).push_back(to_string(one.role));
  std::optional<std::string_view> kind;
  std::optional<std::string_view> action;
  if (!call.grants().empty()) {
    kind = to_string(call.operation().resource->kind);
    action = to_string(call.operation().resource->action);
  }
  const pg::Json context{json::write(json::Object{{"address", call.request().peer.ip.to_string()}})};
  batch.add(kHoldStanding, pg::params(call.operation().permission == Permission::members_manage, here,
                                      anywhere, kind, action, context));
  if (call.principal().session) batch.add(kCheckSession, pg::params(*call.principal().session));
}

/// Workspaces of which the caller is Auditor, wherever the call is made.
Task<std::vector<Uuid>> audited_by(const Call& call) {
  std::vector<Uuid> audited;
  if (!call.principal().has_organization() || call.user().is_nil()) co_return audited;
  auto roles = co_await call.tenant().part<PeopleRoles>();
  for (const auto& one : roles->of(call.user()))
    if (one.role == GovernanceRole::Auditor && one.workspace) audited.push_back(one.workspace->value);
  co_return audited;
}

/// The cap that the call's workspace has of its own.
Task<std::optional<std::int64_t>> workspace_cap(const Call& call) {
  auto caps = co_await call.tenant().part<WriteCaps>();
  auto found = caps->of.find(call.workspace());
  co_return found == caps->of.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

Call::Call(Reactor& reactor, http::Exchange& exchange, const OperationInfo& operation, Principal principal)
    : reactor_(reactor), exchange_(exchange), operation_(operation), principal_(std::move(principal)) {}

Call::~Call() = default;

const TenantSnapshot& Call::tenant() const {
  if (!admission_.tenant) throw Failure("a call without an organization asked for its tenant");
  return *admission_.tenant;
}

SessionContext Call::context() const {
  return {.organization = principal_.organization,
          .workspace = workspace(),
          .user = principal_.user,
          .role = principal_.role,
          .reach = reach(),
          .grants = admission_.grants};
}

Task<bool> Call::audits(WorkspaceId workspace) const {
  auto audited = co_await audited_by(*this);
  co_return std::ranges::find(audited, workspace.value) != audited.end();
}

Task<std::vector<pg::Rows>> Call::read(pg::Batch batch) {
  pg::Batch whole;
  add_context(whole, context(), true);
  whole.append(std::move(batch));
  auto rows = co_await reactor_.region(region()).app->run(std::move(whole), pg::within(kReadDeadline));
  rows.erase(rows.begin());
  co_return rows;
}

Task<pg::Rows> Call::read(pg::Statement statement, pg::Params params) {
  auto rows = co_await read(pg::Batch(statement, std::move(params)));
  co_return std::move(rows.front());
}

Task<std::vector<pg::Rows>> Call::read_audit(pg::Batch batch) {
  pg::Batch whole;
  add_context(whole, context(), true);
  whole.append(std::move(batch));
  auto rows = co_await reactor_.region(region()).audit->run(std::move(whole), pg::within(kReadDeadline));
  rows.erase(rows.begin());
  co_return rows;
}

Task<void> Call::open_transaction() {
  auto as = context();
  as.audited = co_await audited_by(*this);
  auto deadline = pg::within(kWriteDeadline);
  pg::Lease lease = co_await reactor_.region(region()).app->acquire(deadline);
  pg::Batch prologue;
  add_context(prologue, as, false);
  if (outlasts(operation_.permission) && !user().is_nil() && principal_.has_organization())
    add_standing(prologue, *this, admission_.governance);
  transaction_.emplace(std::move(lease), deadline, std::move(prologue));
  auto cap = write_cap();
  if (is_counted(*this))
    if (auto own = co_await workspace_cap(*this)) cap = own;
  if (!idempotency_ && !cap) co_return;
  pg::Batch first;
  if (idempotency_) add_claim(first, *idempotency_, organization());
  // Counted by the transaction that writes: what is rolled back was none.
  if (cap) first.add(kCountWrite, pg::params(organization(), workspace(), *cap));
  auto rows = co_await transaction_->run(std::move(first));
  if (idempotency_) {
    auto stored = claimed(rows, 0, *idempotency_);
    if (!stored) throw Refused{std::move(stored).error()};
    if (*stored) throw Replay{std::move(**stored)};
  }
  if (!cap || !rows.back().empty()) co_return;
  auto now = gatehouse::now();
  auto next_hour = std::chrono::floor<std::chrono::hours>(now) + 1h;
  throw Refused{{.code = ErrorCode::rate_limited,
                 .detail = fmt::format("Programs may change {} things an hour in this workspace", *cap),
                 .retry_after = std::chrono::ceil<std::chrono::seconds>(next_hour - now)}};
}

std::optional<std::int64_t> Call::write_cap() const {
  return is_counted(*this) ? tenant().tenant().write_cap_per_hour : std::nullopt;
}

Task<std::vector<pg::Rows>> Call::write(pg::Batch batch) {
  if (!transaction_) co_await open_transaction();
  co_return co_await transaction_->run(std::move(batch));
}

Task<pg::Rows> Call::write(pg::Statement statement, pg::Params params) {
  auto rows = co_await write(pg::Batch(statement, std::move(params)));
  co_return std::move(rows.front());
}

Task<audit::Event> Call::make_event(audit::EventOutcome outcome) {
  auto event = audit::make_event(std::string(operation_.audit_action));
  event.id = event_id_;
  auto organization = note_.organization.value_or(principal_.organization);
  if (!organization.is_nil()) event.organization = organization;
  auto user = note_.user.value_or(principal_.person());
  event.actor_type = note_.user ? audit::ActorType::user : principal_.type;
  if (auto actor = note_.user ? user.value : principal_.actor(); !actor.is_nil()) event.actor_id = actor;
  if (note_.service_account) {
    event.actor_type = audit::ActorType::service_account;
    event.actor_id = note_.service_account->value;
  }
  event.resource_type = note_.resource_type.empty() ? std::string(operation_.tag) : note_.resource_type;
  event.resource_id = note_.resource_id;
  event.outcome = outcome;
  event.decision = note_.decision;
  if (!workspace().is_nil()) event.workspace = workspace();
  event.request_id = request().request_id;
  event.payload = note_.payload;
  if (principal_.viewer) event.payload.as_object()["view_as"] = principal_.user.to_string();
  if (admission_.grant) event.payload.as_object()["grant_id"] = admission_.grant->id.to_string();
  // Address and browser are the person's: sealed under the key whose destruction erases them. Where there is
  // no person there is no such key, and they are left out.
  if (event.organization && !user.is_nil()) {
    auto& keyring = *reactor_.region(note_.region.value_or(region())).keyring;
    if (auto key = co_await keyring.person_key(*event.organization, user)) {
      PersonalFields fields{
          .ip = request().peer.to_string(),
          .user_agent = std::string(request().headers.get("user-agent").substr(0, kMaxUserAgent))};
      auto sealed = vault::seal_field(*key,
                                      {.organization = event.organization->value,
                                       .table = "audit_events",
                                       .row = event.id.to_string(),
                                       .field = "personal"},
                                      json::encode(fields));
      event.personal.assign(sealed.bytes.begin(), sealed.bytes.end());
      event.person = user.value;
    }
  }
  co_return event;
}

Task<void> Call::commit_now() {
  pg::Batch last;
  if (!audited_ && !operation_.audit_action.empty()) {
    auto event = co_await make_event(audit::EventOutcome::success);
    last.add(audit::kInsertOutbox, audit::outbox_params(event));
    audited_ = true;
  }
  if (!transaction_) co_await open_transaction();
  co_await transaction_->commit(std::move(last));
  transaction_.reset();
  if (auto* drain = reactor_.region(region()).drain) drain->notify_local();
}

Task<void> Call::conclude(const Answer& answer) {
  if (!transaction_) {
    co_await record(audit::EventOutcome::success);
    co_return;
  }
  pg::Batch last;
  if (idempotency_) {
    auto body = answer.body;
    if (idempotency_->seal) {
      auto sealed =
          co_await reactor_.region(region()).keyring->seal({.organization = organization().value,
                                                            .table = "idempotency_keys",
                                                            .row = idempotency_->principal.to_string(),
                                                            .field = idempotency_->operation},
                                                           crypto::Secret::take(std::move(body)));
      body.assign(sealed.bytes.begin(), sealed.bytes.end());
    }
    add_store(last, *idempotency_, organization(), answer.status, body);
  }
  if (!audited_) {
    auto event = co_await make_event(audit::EventOutcome::success);
    last.add(audit::kInsertOutbox, audit::outbox_params(event));
    audited_ = true;
  }
  co_await transaction_->commit(std::move(last));
  transaction_.reset();
  if (auto* drain = reactor_.region(region()).drain) drain->notify_local();
}

Task<void> Call::record_now() {
  co_await record(audit::EventOutcome::success);
}

Task<void> Call::record(audit::EventOutcome outcome) {
  if (audited_ || operation_.audit_action.empty()) co_return;
  audited_ = true;
  auto event = co_await make_event(outcome);
  co_await reactor_.region(note_.region.value_or(region())).appender->append(std::move(event));
}

void Call::add_headers_to(http::Headers& headers) const {
  for (auto [name, value] : headers_) headers.add(name, value);
}

void Call::set_version(std::int64_t version) {
  if (operation_.etag != Etag::gives && operation_.etag != Etag::updates)
    throw Failure("an operation gives an ETag that its declaration does not name");
  headers_.set("etag", fmt::format("\"{}\"", version));
}

Result<std::int64_t> Call::if_match() const {
  if (operation_.etag != Etag::needs && operation_.etag != Etag::updates)
    throw Failure("an operation reads If-Match that its declaration does not name");
  auto header = request().headers.find("if-match");
  if (!header) return fail(ErrorCode::precondition_required, "Send If-Match with the ETag that you read");
  std::int64_t version = 0;
  auto text = *header;
  if (text.size() >= 3 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error == std::errc{} && end == text.data() + text.size()) return version;
  }
  return fail(ErrorCode::precondition_failed, "If-Match is not an ETag of this resource");
}

}  // namespace gatehouse::access
