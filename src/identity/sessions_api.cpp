// A person's sessions in the active organization: where they are signed in, and ending one.
#include "access/page.h"
#include "identity/operation_groups.h"
#include "identity/session_client.h"
#include "identity/sessions_store.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageQuery;
using access::Permission;

struct SessionView {
  SessionId id;
  Timestamp created_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
  std::optional<std::string> ip;
  std::optional<std::string> user_agent;
  SessionMethod method = SessionMethod::password;
  std::optional<Timestamp> second_factor_at;  // when its code was given
  bool is_current = false;
};
BOOST_DESCRIBE_STRUCT(SessionView, (),
                      (id, created_at, last_seen_at, expires_at, ip, user_agent, method, second_factor_at,
                       is_current))

struct SessionPath {
  SessionId session_id;
};
BOOST_DESCRIBE_STRUCT(SessionPath, (), (session_id))

Task<Result<Page<SessionView>>> list(Call& call, PageQuery query) {
  if (!call.principal().session)
    co_return fail(ErrorCode::forbidden, "An API key may not look at its person's sessions");
  std::optional<SessionId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = SessionId::parse(cursor);
  }
  auto limit = query.limit->value();
  auto rows = co_await list_own_sessions(call, before, limit + 1);
  Page<SessionView> page;
  if (rows.size() > static_cast<std::size_t>(limit)) {
    rows.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, rows.back().id.to_string());
  }
  for (auto& row : rows) {
    SessionAddress at{.organization = call.organization(), .region = call.region(), .id = row.id};
    SessionView view{.id = row.id,
                     .created_at = row.created_at,
                     .last_seen_at = row.last_seen_at,
                     .expires_at = row.expires_at,
                     .method = row.method,
                     .second_factor_at = row.second_factor_at,
                     .is_current = row.id == call.principal().session};
    if (auto client = co_await open_client(call.reactor(), at, call.user(), std::move(row.personal))) {
      view.ip = std::move(client->ip);
      view.user_agent = std::move(client->user_agent);
    }
    page.data.push_back(std::move(view));
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

}  // namespace

void add_session_operations(access::Operations& operations, Identity& identity) {
  operations.add({.method = http::Method::get,
                  .path = "/api/auth/sessions",
                  .id = "listSessions",
                  .summary = "Where one is signed in to the active organization, newest first",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "session.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<None, PageQuery> in) -> Task<Result<Page<SessionView>>> {
                   co_return co_await list(call, std::move(in.query));
                 });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/auth/sessions/{session_id}",
                  .id = "revokeSession",
                  .summary = "End one of one's own sessions",
                  .tag = "session",
                  .permission = Permission::account_manage,
                  .audit_action = "session.revoke",
                  .rate = access::RateClass::write},
                 [&identity](Call& call, Input<SessionPath> in) -> Task<Result<NoContent>> {
                   auto id = in.path.session_id;
                   call.audit().resource_id = id.to_string();
                   if (!co_await revoke_own_session(call, id)) co_return fail(ErrorCode::not_found);
                   identity.revocations().add(id.value);
                   if (id == call.principal().session)
                     call.headers().set("set-cookie", delete_cookie(identity.options().secure_cookies));
                   co_return NoContent{};
                 });
}

}  // namespace gatehouse::identity
