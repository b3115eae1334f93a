#include "identity/invitations_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

// Of each row by itself, and last: only what is shown, or looked through for its state, costs a judgement.
#define GH_STATE                                                                               \
  "case when i.revoked_at is not null then 'revoked' when i.uses >= i.max_uses then 'used_up'" \
  " when i.expires_at <= now() then 'expired'"                                                 \
  " when i.id = any (suspended_invitations(array[i.id])) then 'suspended' else 'open' end"
#define GH_INVITATION_COLUMNS                                                                                \
  "i.id, i.email, i.note, i.role_code::text, " GH_STATE                                                      \
  " as state, i.uses::bigint, i.max_uses::bigint,"                                                           \
  " i.last_four, i.invited_by_user_id, u.name as invited_by_name, i.created_at, i.expires_at, i.revoked_at," \
  " array(select w.workspace_id from invitation_workspaces w where w.organization_id = i.organization_id"    \
  " and w.invitation_id = i.id order by w.workspace_id) as workspace_ids,"                                   \
  " array(select coalesce(w.role::text, '') from invitation_workspaces w"                                    \
  " where w.organization_id = i.organization_id and w.invitation_id = i.id order by w.workspace_id) as "     \
  "roles"                                                                                                    \
  " from invitations i left join memberships m on m.organization_id = i.organization_id"                     \
  " and m.user_id = i.invited_by_user_id left join users u on u.id = m.user_id"

constexpr pg::Statement kList{"invitations.list",
                              "select " GH_INVITATION_COLUMNS
                              " where i.organization_id = $1 and ($2::uuid is null or i.id < $2)"
                              " and ($3::text is null or " GH_STATE " = $3) order by i.id desc limit $4"};
constexpr pg::Statement kGet{"invitations.get",
                             "select " GH_INVITATION_COLUMNS " where i.organization_id = $1 and i.id = $2"};
constexpr pg::Statement kCountInReach{
    "invitations.count_in_reach",
    "select count(*) from workspaces where organization_id = $1 and id = any ($2) and is_active"
    " and workspace_type = 'FUNCTIONAL' and id = any ((select workspaces_in_reach())::uuid[])"};
constexpr pg::Statement kInsert{
    "invitations.insert",
    "insert into invitations (organization_id, id, code_hash, last_four, email, note, role_code,"
    " invited_by_user_id, max_uses, expires_at, is_mailed) values ($1, $2, $3, $4, $5, $6,"
    " $7::text::role_code_enum, $8, $9::bigint, now() + make_interval(days => $10::bigint::int), $11)"};
constexpr pg::Statement kInsertWorkspace{
    "invitations.insert_workspace",
    "insert into invitation_workspaces (organization_id, invitation_id, workspace_id, role)"
    " values ($1, $2, $3, $4::text::governance_role_enum)"};
constexpr pg::Statement kRevoke{"invitations.revoke",
                                "update invitations set revoked_at = coalesce(revoked_at, now())"
                                " where organization_id = $1 and id = $2"};

#undef GH_INVITATION_COLUMNS
#undef GH_STATE

struct InvitationRow {
  InvitationId id;
  std::optional<std::string> email;
  std::string note;
  RoleCode role_code;
  InvitationState state;
  std::int64_t uses;
  std::int64_t max_uses;
  std::string last_four;
  UserId invited_by_user_id;
  std::optional<std::string> invited_by_name;
  Timestamp created_at;
  Timestamp expires_at;
  std::optional<Timestamp> revoked_at;
  std::vector<WorkspaceId> workspace_ids;
  std::vector<std::string> roles;
};
BOOST_DESCRIBE_STRUCT(InvitationRow, (),
                      (id, email, note, role_code, state, uses, max_uses, last_four, invited_by_user_id,
                       invited_by_name, created_at, expires_at, revoked_at, workspace_ids, roles))

InvitationView view_of(InvitationRow row) {
  InvitationView view{.id = row.id,
                      .email = std::move(row.email),
                      .note = std::move(row.note),
                      .role_code = row.role_code,
                      .state = row.state,
                      .uses = row.uses,
                      .max_uses = row.max_uses,
                      .last_four = std::move(row.last_four),
                      .invited_by_user_id = row.invited_by_user_id,
                      .invited_by_name = std::move(row.invited_by_name),
                      .created_at = row.created_at,
                      .expires_at = row.expires_at,
                      .revoked_at = row.revoked_at};
  for (std::size_t i = 0; i < row.workspace_ids.size(); ++i)
    view.workspaces.push_back({row.workspace_ids[i], pg::from_label<GovernanceRole>(row.roles[i])});
  return view;
}

}  // namespace

Task<std::vector<InvitationView>> list_invitations(access::Call& call, std::optional<InvitationState> state,
                                                   std::optional<InvitationId> before, std::int64_t limit) {
  auto rows = co_await call.read(kList, pg::params(call.organization(), before, state, limit));
  std::vector<InvitationView> views;
  for (auto& row : rows.as<InvitationRow>()) views.push_back(view_of(std::move(row)));
  co_return views;
}

Task<std::int64_t> count_in_reach(access::Call& call, std::vector<WorkspaceId> ids) {
  auto rows = co_await call.write(kCountInReach, pg::params(call.organization(), ids));
  co_return rows.one<std::int64_t>();
}

Task<InvitationView> insert_invitation(access::Call& call, NewInvitation what) {
  pg::Batch batch(kInsert,
                  pg::params(call.organization(), what.id, what.code, what.last_four, what.email, what.note,
                             what.role, call.user(), what.max_uses, what.days, what.is_mailed));
  for (const auto& workspace : what.workspaces)
    batch.add(kInsertWorkspace,
              pg::params(call.organization(), what.id, workspace.workspace_id, workspace.role));
  batch.add(kGet, pg::params(call.organization(), what.id));
  auto rows = co_await call.write(std::move(batch));
  co_return view_of(rows.back().one<InvitationRow>());
}

Task<bool> revoke_invitation(access::Call& call, InvitationId id) {
  auto rows = co_await call.write(kRevoke, pg::params(call.organization(), id));
  co_return rows.affected() == 1;
}

}  // namespace gatehouse::identity
