// One request on behalf of one principal: the only way to a tenant's data.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/admission.h"
#include "access/idempotency.h"
#include "access/principal.h"
#include "access/reactor.h"
#include "access/session_context.h"
#include "access/standing.h"
#include "access/tenants.h"
#include "audit/event.h"
#include "http/exchange.h"
#include "pg/batch.h"
#include "pg/rows.h"
#include "pg/transaction.h"

namespace gatehouse::access {

struct OperationInfo;

/// What the handler adds to the call's one audit event. Ids, counts and codes; content only in full_content.
struct AuditNote {
  std::string resource_type;  // default: the operation's tag
  std::string resource_id;
  json::Object payload;
  std::optional<std::string> decision;
  /// For calls that have no principal yet (sign-in, tokens): whose event it is, and in which region.
  std::optional<OrganizationId> organization;
  std::optional<Region> region;
  std::optional<UserId> user;
  std::optional<ServiceAccountId> service_account;
};

/// The encoded answer of an operation, before it is sent.
struct Answer {
  int status = 200;
  std::string body;
  bool sent = false;          // the handler streamed it
  std::string location = {};  // of a redirect
};

class Call {
 public:
  Call(Reactor&, http::Exchange&, const OperationInfo&, Principal);
  ~Call();

  const http::Request& request() const { return exchange_.request(); }
  /// For operations that stream their answer.
  http::Exchange& exchange() { return exchange_; }
  const OperationInfo& operation() const { return operation_; }
  const Principal& principal() const { return principal_; }
  OrganizationId organization() const { return principal_.organization; }
  UserId user() const { return principal_.user; }
  WorkspaceId workspace() const { return admission_.workspace; }
  Region region() const { return principal_.region; }
  Reach reach() const { return admission_.reach; }
  /// The grant that may have opened the path's thing; null if the reach alone decides.
  const Grant* grant() const { return admission_.grant ? &*admission_.grant : nullptr; }
  /// All that grants open to this call (of an operation whose declaration names a resource).
  const std::vector<Uuid>& grants() const { return admission_.grants; }
  /// For what goes on after the answer began: to be told what it goes on with, and asked now and then. Needs
  /// a principal.
  Standing& standing() { return *standing_; }
  /// Throws Failure when the principal has no organization: the operation's permission keeps such calls away.
  const TenantSnapshot& tenant() const;
  /// Whether the person is Auditor of the workspace: then they change nothing there, whatever else they may.
  /// From a snapshot.
  Task<bool> audits(WorkspaceId) const;
  bool stores_content() const { return tenant().tenant().data_mode == DataMode::full_content; }
  Reactor& reactor() { return reactor_; }

  /// Reads in the call's context: one round trip, its own read-only transaction. Throws pg::Error.
  Task<std::vector<pg::Rows>> read(pg::Batch);
  Task<pg::Rows> read(pg::Statement, pg::Params);
  /// The same against the audit database.
  Task<std::vector<pg::Rows>> read_audit(pg::Batch);

  /// Statements of the call's one write transaction, opened by the first of them. It is committed after the
  /// handler returns a value, together with the audit event and the stored answer of an idempotent call; it
  /// is rolled back when the handler returns an error or throws. Where what it changes may outlast the
  /// caller's right to it (`outlasts`), the transaction begins by judging the caller anew, by the rows.
  Task<std::vector<pg::Rows>> write(pg::Batch);
  Task<pg::Rows> write(pg::Statement, pg::Params);

  /// Of an operation that is idempotent and whose transaction is not this call's own; none: no such header.
  const std::optional<IdempotencyKey>& idempotency() const { return idempotency_; }

  AuditNote& audit() { return note_; }
  /// The call's event as it stands, personal fields sealed under the person's key.
  Task<audit::Event> make_event(audit::EventOutcome);
  /// Appends the event before the call does what it tells of: for what no transaction can hold together with
  /// it (another database, a stream). What fails afterwards stays recorded as done, never the other way
  /// round.
  Task<void> record_now();
  /// The event was recorded by another transaction (a model call's outcome): the dispatcher adds
  /// none.
  void mark_audited() { audited_ = true; }
  bool audited() const { return audited_; }
  /// Commits what was written so far, for an operation that goes on to stream; with the audit event unless it
  /// is marked as recorded.
  Task<void> commit_now();

  /// For an answer that the handler writes itself: what it should tell besides its own headers.
  void add_headers_to(http::Headers&) const;
  /// Headers of the answer.
  http::Headers& headers() { return headers_; }
  /// `ETag: "<version>"`. This and if_match() throw Failure where the declaration's `etag` does not name
  /// them.
  void set_version(std::int64_t version);
  /// The version in If-Match. Errors: precondition_required if absent, precondition_failed if it is no
  /// version.
  Result<std::int64_t> if_match() const;

 private:
  friend class Dispatcher;
  SessionContext context() const;
  Task<void> open_transaction();
  /// The cap on what programs change in this workspace within an hour; none for people.
  std::optional<std::int64_t> write_cap() const;
  /// Ends the call: commits with event and stored answer, or appends the event of a call that changed
  /// nothing.
  Task<void> conclude(const Answer&);
  Task<void> record(audit::EventOutcome);

  Reactor& reactor_;
  http::Exchange& exchange_;
  const OperationInfo& operation_;
  Principal principal_;
  Admission admission_;
  std::optional<Standing> standing_;
  AuditNote note_;
  AuditEventId event_id_ = AuditEventId::make();
  bool audited_ = false;
  http::Headers headers_;
  std::optional<pg::Transaction> transaction_;
  std::optional<IdempotencyKey> idempotency_;
};

}  // namespace gatehouse::access
