#include "identity/invitations.h"

#include "access/database_error.h"
#include "audit/outbox.h"
#include "base/time.h"
#include "identity/invitations_store.h"
#include "identity/stored_hash.h"
#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"
#include "tenancy/adoption.h"
#include "tenancy/attributes.h"
#include "tenancy/newcomer.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

#define GH_OPEN                                                           \
  "i.revoked_at is null and i.expires_at > now() and i.uses < i.max_uses" \
  " and o.id = i.organization_id and o.status = 'active' and o.is_active and may_invite(i)"
#define GH_STILL_OPEN "i.organization_id = $1 and i.id = $2 and i.code_hash = $3 and " GH_OPEN

constexpr pg::Statement kFindOpen{
    "invitations.find_open",
    "select o.name as organization_name, o.attributes #>> '{branding,logo_url}' as logo_url, "
    "i.role_code::text,"
    " i.email, i.invited_by_user_id, u.name as invited_by_name, array(select w.name::text from "
    "invitation_workspaces x"
    " join workspaces w on w.organization_id = x.organization_id and w.id = x.workspace_id and w.is_active"
    " where x.organization_id = i.organization_id and x.invitation_id = i.id order by w.name) as workspaces,"
    " coalesce((o.settings #>> '{sign_in,password}')::boolean, true) as takes_passwords,"
    " i.email is not null and i.is_mailed as proves_address, i.expires_at"
    " from invitations i join users u on u.id = i.invited_by_user_id, organizations o "
    "where " GH_STILL_OPEN};
// Of parallel ones, each waits for the one before and looks again: never more than `max_uses`.
constexpr pg::Statement kUse{"invitations.use",
                             "update invitations i set uses = uses + 1 from organizations o"
                             " where " GH_STILL_OPEN " returning i.role_code::text"};

constexpr pg::Statement kFindOpenFor{"invitations.find_open_for",
                                     "select i.id, i.code_hash from invitations i, organizations o"
                                     " where i.organization_id = $1 and i.email = $2 and " GH_OPEN
                                     " order by i.id desc limit 1"};

#undef GH_STILL_OPEN
#undef GH_OPEN

constexpr pg::Statement kMembership{
    "invitations.membership",
    "select is_active from memberships where organization_id = $1 and user_id = $2 for update"};
constexpr pg::Statement kNoteInvitation{
    "invitations.note",
    "update memberships set invitation_id = $3, attributes = $4 where organization_id = $1 and user_id = $2"};
constexpr pg::Statement kOpenWorkspaces{
    "invitations.open_workspaces",
    "insert into workspace_users (organization_id, id, workspace_id, user_id, granted_by_user_id)"
    " select x.organization_id, ($4::uuid[])[row_number() over ()], x.workspace_id, $3, i.invited_by_user_id"
    " from invitation_workspaces x join invitations i on i.organization_id = x.organization_id and i.id = "
    "x.invitation_id"
    " join workspaces w on w.organization_id = x.organization_id and w.id = x.workspace_id and w.is_active"
    " where x.organization_id = $1 and x.invitation_id = $2"
    " on conflict (organization_id, workspace_id, user_id) where is_active do nothing"};
constexpr pg::Statement kGiveRoles{
    "invitations.give_roles",
    "insert into role_assignments (organization_id, id, role, workspace_id, user_id, granted_by_user_id)"
    " select x.organization_id, ($4::uuid[])[row_number() over ()], x.role, x.workspace_id, $3, "
    "i.invited_by_user_id"
    " from invitation_workspaces x join invitations i on i.organization_id = x.organization_id and i.id = "
    "x.invitation_id"
    " join workspaces w on w.organization_id = x.organization_id and w.id = x.workspace_id and w.is_active"
    " where x.organization_id = $1 and x.invitation_id = $2 and x.role is not null on conflict do nothing"};

struct OpenFor {
  InvitationId id;
  crypto::Bytes code_hash;
};
BOOST_DESCRIBE_STRUCT(OpenFor, (), (id, code_hash))

std::unexpected<Error> not_open() {
  return fail(ErrorCode::not_found, "This invitation is not valid, or not any more");
}

/// What the membership tells of how it came to be (seed 004's `invited_by`).
std::string invited_by(UserId inviter) {
  json::Object document{{"invited_by", json::Object{{"user_id", inviter.to_string()},
                                                    {"invited_at", to_rfc3339(gatehouse::now())}}}};
  auto stored = tenancy::write_document("membership", std::move(document));
  if (!stored) throw Failure("a membership's document does not fit its schema");
  return std::move(*stored);
}

/// For the rows of one invitation's workspaces.
std::vector<Uuid> new_ids() {
  std::vector<Uuid> ids;
  while (ids.size() < kMostWorkspaces) ids.push_back(Uuid::v7());
  return ids;
}

Task<void> add_membership(pg::Transaction& transaction, InvitationAddress at, Newcomer who, RoleCode role,
                          UserId inviter, tenancy::Entrance entrance) {
  pg::Batch batch;
  tenancy::add_newcomer(batch, at.organization, who.id, who.person, role, entrance);
  if (who.is_adopted) tenancy::begin_anew(batch, who.id, who.person.password_hash, who.person.is_confirmed);
  batch.add(kNoteInvitation, pg::params(at.organization, who.id, at.id, pg::Json{invited_by(inviter)}));
  co_await transaction.run(std::move(batch));
}

}  // namespace

Task<std::optional<OpenInvitation>> find_open(access::Reactor& reactor, InvitationAddress at) {
  auto rows = co_await reactor.region(at.region).platform->run(
      pg::Batch(kFindOpen, pg::params(at.organization, at.id, at.code)), pg::within(kDeadline));
  co_return rows[0].find_one<OpenInvitation>();
}

Task<std::optional<InvitationAddress>> find_open_for(access::Reactor& reactor, Region region,
                                                     OrganizationId organization, std::string email) {
  auto rows = co_await reactor.region(region).platform->run(
      pg::Batch(kFindOpenFor, pg::params(organization, email)), pg::within(kDeadline));
  auto found = rows[0].find_one<OpenFor>();
  if (!found) co_return std::nullopt;
  co_return InvitationAddress{
      .region = region, .organization = organization, .id = found->id, .code = read_hash(found->code_hash)};
}

Task<Result<void>> accept_invitation(access::Reactor& reactor, InvitationAddress at, Newcomer who,
                                     audit::Event event) {
  auto open = co_await find_open(reactor, at);
  auto entrance = co_await tenancy::find_entrance(reactor, at.region, at.organization);
  if (!open || !entrance) co_return not_open();
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await reactor.region(at.region).platform->acquire(deadline), deadline);
  try {
    auto used = co_await transaction.run(pg::Batch(kUse, pg::params(at.organization, at.id, at.code)));
    auto role = used[0].find_one<RoleCode>();
    if (!role) co_return not_open();
    auto found = co_await transaction.run(pg::Batch(kMembership, pg::params(at.organization, who.id)));
    auto active = found[0].find_one<bool>();
    if (active == false)
      co_return fail(ErrorCode::conflict, "Your membership was ended: an administrator can open it again");
    if (!active) co_await add_membership(transaction, at, who, *role, open->invited_by_user_id, *entrance);
    pg::Batch opened(kOpenWorkspaces, pg::params(at.organization, at.id, who.id, new_ids()));
    opened.add(kGiveRoles, pg::params(at.organization, at.id, who.id, new_ids()));
    auto rows = co_await transaction.run(std::move(opened));
    if (active && rows[0].affected() == 0 && rows[1].affected() == 0)
      co_return fail(ErrorCode::already_exists,
                     "You belong to the organization and these workspaces already");
    pg::Batch last(audit::kInsertOutbox, audit::outbox_params(event));
    co_await transaction.commit(std::move(last));
  } catch (const pg::Error& error) {
    // Somebody of this address came first: two people cannot be one.
    if (error.is_foreign_key_violation())
      co_return fail(ErrorCode::already_exists, "There is an account of this address: sign in, then accept");
    if (error.is_raised_by_us()) co_return fail(access::to_error(error));
    throw;
  }
  if (auto* drain = reactor.region(at.region).drain) drain->notify_local();
  co_return Result<void>{};
}

}  // namespace gatehouse::identity
