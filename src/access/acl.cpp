#include "access/acl.h"

#include <algorithm>
#include <unordered_set>

#include "access/grant_attributes.h"
#include "access/roles.h"
#include "base/log.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

constexpr pg::Statement kGrants{
    "acl.load",
    "select g.id, g.resource_kind::text, g.resource_id, g.action::text, g.created_for_user_id,"
    " g.created_for_group_id, g.parent_id, g.created_by_user_id, g.valid_from, g.valid_to, g.attributes::text"
    " from permissions_acl g join memberships giver on giver.organization_id = g.organization_id"
    " and giver.user_id = g.created_by_user_id"
    " where g.organization_id = $1 and g.is_active and g.revoked_at is null"
    " and (g.parent_id is null or giver.is_active) order by g.id"};

struct GrantRow {
  GrantId id;
  ResourceKind resource_kind;
  Uuid resource_id;
  AclAction action;
  std::optional<UserId> created_for_user_id;
  std::optional<GroupId> created_for_group_id;
  std::optional<GrantId> parent_id;
  UserId created_by_user_id;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  std::string attributes;
};
BOOST_DESCRIBE_STRUCT(GrantRow, (),
                      (id, resource_kind, resource_id, action, created_for_user_id, created_for_group_id,
                       parent_id, created_by_user_id, valid_from, valid_to, attributes))

bool allows(AclAction given, AclAction wanted) {
  return given == wanted || given == AclAction::MNG;
}

bool is_held_by(const Grant& grant, UserId user, std::span<const GroupId> groups) {
  if (grant.user) return *grant.user == user;
  return grant.group && std::ranges::find(groups, *grant.group) != groups.end();
}

}  // namespace

Acl::Acl(std::vector<Grant> grants, PassedOnGrants passed_on)
    : grants_(std::move(grants)), passed_on_(std::move(passed_on)) {
  for (std::uint32_t i = 0; i < grants_.size(); ++i) {
    by_resource_[grants_[i].resource].push_back(i);
    by_holder_[grants_[i].user ? grants_[i].user->value : grants_[i].group.value_or(GroupId{}).value]
        .push_back(i);
  }
}

AclDecision::Reason Acl::judge(const Grant& grant, const AclContext& context) const {
  using enum AclDecision::Reason;
  if (context.time < grant.valid_from) return not_yet_valid;
  if (grant.valid_to && context.time > *grant.valid_to) return expired;
  const auto& networks = grant.conditions.addresses;
  if (!networks.empty() && (!context.address || !http::any_contains(networks, *context.address)))
    return address;
  if (grant.conditions.window && !grant.conditions.window->contains(context.time)) return time;
  auto passed_on = passed_on_.find(grant.id);
  if (passed_on == passed_on_.end()) return granted;
  const auto& [from, by, groups] = passed_on->second;
  const Grant* parent = find(from);
  return parent && is_held_by(*parent, by, groups) ? judge(*parent, context) : no_grant;
}

AclDecision Acl::decide(UserId user, std::span<const GroupId> groups, ResourceKind kind, Uuid resource,
                        AclAction action, const AclContext& context) const {
  AclDecision nearest;
  auto found = by_resource_.find(resource);
  if (found == by_resource_.end()) return nearest;
  for (auto i : found->second) {
    const Grant& grant = grants_[i];
    if (grant.kind != kind || !allows(grant.action, action) || !is_held_by(grant, user, groups)) continue;
    if (action == AclAction::REA && !grant.is_read) continue;
    auto reason = judge(grant, context);
    if (reason == AclDecision::Reason::granted) return {reason, grant.id};
    if (nearest.reason < reason) nearest = {reason, grant.id};
  }
  return nearest;
}

std::vector<Uuid> Acl::granted(UserId user, std::span<const GroupId> groups, ResourceKind kind,
                               AclAction action, const AclContext& context) const {
  std::unordered_set<Uuid> resources;
  auto add = [&](const Uuid& holder) {
    auto found = by_holder_.find(holder);
    if (found == by_holder_.end()) return;
    for (auto i : found->second) {
      const Grant& grant = grants_[i];
      if (resources.size() == kMostListed) return;
      if (grant.is_listed && grant.kind == kind && allows(grant.action, action) &&
          judge(grant, context) == AclDecision::Reason::granted)
        resources.insert(grant.resource);
    }
  };
  add(user.value);
  for (const auto& group : groups) add(group.value);
  return {resources.begin(), resources.end()};
}

const Grant* Acl::find(GrantId id) const {
  auto found = std::ranges::lower_bound(grants_, id, {}, &Grant::id);
  return found != grants_.end() && found->id == id ? &*found : nullptr;
}

Task<std::shared_ptr<TenantAcl>> TenantAcl::load(const TenantSnapshot& tenant) {
  auto rows = co_await tenant.read(pg::Batch(kGrants, pg::params(tenant.tenant().id)));
  auto roles = co_await tenant.part<PeopleRoles>();
  std::vector<Grant> grants;
  PassedOnGrants passed_on;
  for (auto& row : rows[0].as<GrantRow>()) {
    auto attributes = json::decode_text<GrantAttributes>(row.attributes);
    auto conditions =
        attributes ? to_conditions(*attributes) : Result<GrantConditions>(fail(ErrorCode::internal));
    if (!conditions) {
      log::error("acl.unreadable_grant", {{"grant", row.id.to_string()}});
      continue;
    }
    Grant grant{.id = row.id,
                .kind = row.resource_kind,
                .resource = row.resource_id,
                .action = row.action,
                .user = row.created_for_user_id,
                .group = row.created_for_group_id,
                .valid_from = row.valid_from,
                .valid_to = row.valid_to,
                .conditions = std::move(*conditions)};
    if (row.parent_id)
      passed_on.emplace(row.id, PassedOn{.from = *row.parent_id,
                                         .by = row.created_by_user_id,
                                         .groups = roles->groups_of(row.created_by_user_id)});
    if (attributes->scope && attributes->scope->fields_allowed)
      for (const auto& field : *attributes->scope->fields_allowed) grant.fields.push_back(field.str());
    if (attributes->scope && attributes->scope->operations_allowed) {
      const auto& operations = *attributes->scope->operations_allowed;
      grant.is_read = std::ranges::find(operations, GrantOperation::read) != operations.end();
      grant.is_listed = std::ranges::find(operations, GrantOperation::list) != operations.end();
    }
    grants.push_back(std::move(grant));
  }
  co_return std::make_shared<TenantAcl>(TenantAcl{Acl(std::move(grants), std::move(passed_on))});
}

}  // namespace gatehouse::access
