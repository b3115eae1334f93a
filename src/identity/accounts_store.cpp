#include "identity/accounts_store.h"

#include <algorithm>
#include <tuple>

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

#define GH_ACCOUNT "select id, email, name, password_hash, language, theme, is_active"
constexpr pg::Statement kFindOperator{"operators.find",
                                      GH_ACCOUNT ", true as is_confirmed from operators where email = $1"};
constexpr pg::Statement kGetOperator{"operators.get",
                                     GH_ACCOUNT ", true as is_confirmed from operators where id = $1"};
constexpr pg::Statement kInsertOperator{"operators.insert",
                                        "insert into operators (id, email, name, password_hash) values ($1, "
                                        "$2, $3, $4) on conflict (email) do nothing"};
constexpr pg::Statement kFindAccount{
    "accounts.find",
    GH_ACCOUNT ", email_confirmed_at is not null as is_confirmed from users where email = $1"};
constexpr pg::Statement kGetAccount{
    "accounts.get", GH_ACCOUNT ", email_confirmed_at is not null as is_confirmed from users where id = $1"};
#undef GH_ACCOUNT
constexpr pg::Statement kConfirm{
    "accounts.confirm",
    "update users set email_confirmed_at = now() where id = $1 and email_confirmed_at is null"};
constexpr pg::Statement kRehash{"accounts.rehash",
                                "update users set password_hash = $3 where id = $1 and password_hash = $2"};
constexpr pg::Statement kRehashOperator{
    "operators.rehash", "update operators set password_hash = $3 where id = $1 and password_hash = $2"};
constexpr pg::Statement kUpdate{
    "accounts.update",
    "update users set name = coalesce($2::text, name), language = "
    "coalesce($3::text, language), theme = coalesce($4::text, theme) where id = $1"};
constexpr pg::Statement kUpdateOperator{
    "operators.update",
    "update operators set name = coalesce($2::text, name), language = coalesce($3::text, language),"
    " theme = coalesce($4::text, theme) where id = $1"};
constexpr pg::Statement kMemberships{
    "accounts.memberships",
    "select m.organization_id, o.name, o.slug, o.region::text, o.data_mode::text, o.status::text,"
    " m.role_code::text, m.is_owner, (select max(s.created_at) from sessions s"
    " where s.organization_id = m.organization_id and s.user_id = m.user_id) as last_session_at,"
    " w.id as my_workspace, (o.settings #>> '{sign_in,password}') is distinct from 'false' as "
    "takes_passwords,"
    " coalesce(o.settings #> '{sign_in,second_factor_roles}' ? m.role_code::text, false) as "
    "asks_second_factor"
    " from memberships m join organizations o on o.id = m.organization_id"
    " left join workspaces w on w.organization_id = m.organization_id and w.owner_user_id = m.user_id"
    " and w.workspace_type = 'PERSONAL' and w.is_active"
    " where m.user_id = $1 and m.is_active and o.is_active order by o.name, o.id"};
constexpr pg::Statement kWorkspaces{
    "accounts.workspaces",
    "select w.id, w.name, w.workspace_type::text, w.is_default from workspaces w"
    " where w.organization_id = $1 and w.is_active and (($3 and w.workspace_type = 'FUNCTIONAL')"
    " or exists (select from workspace_users x where x.organization_id = $1 and x.workspace_id = w.id"
    " and x.user_id = $2 and x.is_active)) order by w.workspace_type desc, w.name, w.id"};
constexpr pg::Statement kRegionOf{
    "directory.region",
    "select region::text from directory where organization_id = $1 and state = 'confirmed'"};

Task<pg::Rows> in_region(access::Reactor& reactor, Region region, pg::Statement statement,
                         pg::Params params) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(statement, std::move(params)),
                                                            pg::within(kDeadline));
  co_return std::move(rows[0]);
}

Task<pg::Rows> in_control(access::Reactor& reactor, pg::Statement statement, pg::Params params) {
  auto rows = co_await reactor.control().run(pg::Batch(statement, std::move(params)), pg::within(kDeadline));
  co_return std::move(rows[0]);
}

}  // namespace

Task<std::optional<Account>> find_operator(access::Reactor& reactor, std::string email) {
  auto rows = co_await in_control(reactor, kFindOperator, pg::params(email));
  co_return rows.find_one<Account>();
}

Task<std::optional<Account>> get_operator(access::Reactor& reactor, UserId id) {
  auto rows = co_await in_control(reactor, kGetOperator, pg::params(id));
  co_return rows.find_one<Account>();
}

Task<bool> insert_operator(access::Reactor& reactor, UserId id, std::string email, std::string name,
                           std::string password_hash) {
  auto rows = co_await in_control(reactor, kInsertOperator, pg::params(id, email, name, password_hash));
  co_return rows.affected() == 1;
}

Task<std::optional<Account>> find_account(access::Reactor& reactor, Region region, std::string email) {
  auto rows = co_await in_region(reactor, region, kFindAccount, pg::params(email));
  co_return rows.find_one<Account>();
}

Task<std::optional<Account>> get_account(access::Reactor& reactor, Region region, UserId id) {
  auto rows = co_await in_region(reactor, region, kGetAccount, pg::params(id));
  co_return rows.find_one<Account>();
}

Task<std::optional<Region>> home_of(access::Reactor& reactor, UserId id) {
  for (auto& served : reactor.regions())
    if (co_await get_account(reactor, served.region, id)) co_return served.region;
  co_return std::nullopt;
}

Task<void> confirm_address(access::Reactor& reactor, UserId id) {
  for (auto& served : reactor.regions()) co_await in_region(reactor, served.region, kConfirm, pg::params(id));
}

Task<void> replace_password_hash(access::Reactor& reactor, std::optional<Region> region, UserId id,
                                 std::string old_hash, std::string new_hash) {
  auto params = pg::params(id, old_hash, new_hash);
  if (region)
    co_await in_region(reactor, *region, kRehash, std::move(params));
  else
    co_await in_control(reactor, kRehashOperator, std::move(params));
}

Task<void> update_account(access::Reactor& reactor, std::optional<Region> region, UserId id,
                          AccountChange change) {
  auto params = pg::params(id, change.name, change.language, change.theme);
  if (region)
    co_await in_region(reactor, *region, kUpdate, std::move(params));
  else
    co_await in_control(reactor, kUpdateOperator, std::move(params));
}

Task<std::vector<Membership>> list_memberships(access::Reactor& reactor, UserId user) {
  std::vector<Membership> all;
  for (auto& served : reactor.regions()) {
    auto rows = co_await in_region(reactor, served.region, kMemberships, pg::params(user));
    std::ranges::move(rows.as<Membership>(), std::back_inserter(all));
  }
  std::ranges::sort(all, {}, [](const Membership& m) { return std::tie(m.name, m.organization_id); });
  co_return all;
}

Task<std::vector<UsableWorkspace>> list_usable_workspaces(access::Reactor& reactor, Region region,
                                                          OrganizationId organization, UserId user,
                                                          bool all_functional) {
  auto rows =
      co_await in_region(reactor, region, kWorkspaces, pg::params(organization, user, all_functional));
  co_return rows.as<UsableWorkspace>();
}

Task<std::optional<Region>> region_of(access::Reactor& reactor, OrganizationId organization) {
  auto rows = co_await in_control(reactor, kRegionOf, pg::params(organization));
  co_return rows.find_one<Region>();
}

}  // namespace gatehouse::identity
