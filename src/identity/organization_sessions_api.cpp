// The sessions of an organization's people, for who administers it: where somebody is signed in, and ending
// that.
#include "access/page.h"
#include "identity/operation_groups.h"
#include "identity/session_client.h"
#include "pg/params.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageLimit;
using access::PageToken;
using access::Permission;

constexpr pg::Statement kList{"sessions.list_all",
                              "select s.id, s.user_id, u.name as user_name, u.email as user_email, "
                              "s.created_at, s.last_seen_at, s.expires_at,"
                              " s.personal from sessions s join memberships m on m.organization_id = "
                              "s.organization_id and m.user_id = s.user_id"
                              " join users u on u.id = s.user_id where s.organization_id = $1 and "
                              "s.revoked_at is null and s.expires_at > now()"
                              " and ($2::uuid is null or s.id < $2) and ($3::uuid is null or s.user_id = $3) "
                              "order by s.id desc limit $4"};
constexpr pg::Statement kRevoke{
    "sessions.revoke_any",
    "update sessions set revoked_at = coalesce(revoked_at, now()) where organization_id = $1 and id = $2"
    " returning user_id"};

struct SessionRow {
  SessionId id;
  UserId user_id;
  std::string user_name;
  std::string user_email;
  Timestamp created_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
  std::optional<crypto::Bytes> personal;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (),
                      (id, user_id, user_name, user_email, created_at, last_seen_at, expires_at, personal))

struct OrganizationSessionView {
  SessionId id;
  UserId user_id;
  std::string user_name;
  std::string user_email;
  Timestamp created_at;
  Timestamp last_seen_at;
  Timestamp expires_at;
  std::optional<std::string> ip;
  std::optional<std::string> user_agent;
  bool is_current = false;
};
BOOST_DESCRIBE_STRUCT(OrganizationSessionView, (),
                      (id, user_id, user_name, user_email, created_at, last_seen_at, expires_at, ip,
                       user_agent, is_current))

struct SessionQuery {
  PageLimit limit = 50;
  PageToken page_token;
  std::optional<UserId> user_id;
};
BOOST_DESCRIBE_STRUCT(SessionQuery, (), (limit, page_token, user_id))

struct SessionPath {
  SessionId session_id;
};
BOOST_DESCRIBE_STRUCT(SessionPath, (), (session_id))

Task<Result<Page<OrganizationSessionView>>> list(Call& call, SessionQuery query) {
  std::optional<SessionId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = SessionId::parse(cursor);
  }
  auto limit = query.limit->value();
  auto found = co_await call.read(kList, pg::params(call.organization(), before, query.user_id, limit + 1));
  auto rows = found.as<SessionRow>();
  Page<OrganizationSessionView> page;
  if (rows.size() > static_cast<std::size_t>(limit)) {
    rows.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, rows.back().id.to_string());
  }
  for (auto& row : rows) {
    SessionAddress at{.organization = call.organization(), .region = call.region(), .id = row.id};
    OrganizationSessionView view{.id = row.id,
                                 .user_id = row.user_id,
                                 .user_name = std::move(row.user_name),
                                 .user_email = std::move(row.user_email),
                                 .created_at = row.created_at,
                                 .last_seen_at = row.last_seen_at,
                                 .expires_at = row.expires_at,
                                 .is_current = row.id == call.principal().session};
    if (auto client = co_await open_client(call.reactor(), at, row.user_id, std::move(row.personal))) {
      view.ip = std::move(client->ip);
      view.user_agent = std::move(client->user_agent);
    }
    page.data.push_back(std::move(view));
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<NoContent>> revoke(Identity& identity, Call& call, SessionId id) {
  call.audit().resource_id = id.to_string();
  auto rows = co_await call.write(kRevoke, pg::params(call.organization(), id));
  auto user = rows.find_one<UserId>();
  if (!user) co_return fail(ErrorCode::not_found, "There is no such session");
  call.audit().payload["user_id"] = user->to_string();
  identity.revocations().add(id.value);
  co_return NoContent{};
}

}  // namespace

void add_organization_session_operations(access::Operations& operations, Identity& identity) {
  operations.add({.method = http::Method::get,
                  .path = "/api/sessions",
                  .id = "listOrganizationSessions",
                  .summary = "Where the organization's people are signed in, newest first",
                  .tag = "session",
                  .permission = Permission::sessions_read,
                  .audit_action = "session.list_all",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<None, SessionQuery> in) { return list(call, std::move(in.query)); });

  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/sessions/{session_id}",
       .id = "revokeOrganizationSession",
       .summary = "End a session of one of the organization's people",
       .tag = "session",
       .permission = Permission::sessions_manage,
       .audit_action = "session.revoke_any",
       .rate = access::RateClass::write,
       .critical = true,
       .failures = {ErrorCode::not_found}},
      [&identity](Call& call, Input<SessionPath> in) { return revoke(identity, call, in.path.session_id); });
}

}  // namespace gatehouse::identity
