#include "policy/rule_sets.h"

#include <algorithm>

#include "base/log.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "policy/compile_aside.h"
#include "policy/rules_store.h"

namespace gatehouse::policy {
namespace {

bool uses_hash(const std::vector<StoredRule>& rules) {
  return std::ranges::any_of(rules, [](const StoredRule& stored) {
    return stored.rule.outcome == Outcome::redact &&
           stored.rule.redaction.operation == RedactionOperator::hash;
  });
}

std::shared_ptr<const RuleSet> block_everything() {
  static const auto rules = RuleSet::compile({}, {.no_match = Outcome::block, .unscannable = Outcome::block});
  return *rules;
}

Task<std::shared_ptr<const RuleSet>> compile_or_block(OrganizationId organization,
                                                      std::vector<StoredRule> rules, WorkspaceId workspace,
                                                      crypto::Secret hash_key) {
  std::vector<Rule> chosen;
  for (const auto& stored : rules)
    if (!stored.workspace_id || *stored.workspace_id == workspace) chosen.push_back(stored.rule);
  auto compiled = co_await compile_aside(organization, std::move(chosen), {.hash_key = std::move(hash_key)});
  if (compiled) co_return std::move(*compiled);
  log::error("policy.rules_unusable", {{"organization", organization.to_string()},
                                       {"workspace", workspace.to_string()},
                                       {"error", compiled.error().detail}});
  co_return block_everything();
}

struct Written {
  std::vector<StoredRule> rules;
  crypto::Secret hash_key;  // if a rule needs it
};

/// The tenant's rules as its rows have them. None: they cannot be read, which is logged.
Task<std::optional<Written>> read_written(const access::TenantSnapshot& snapshot) {
  const auto& tenant = snapshot.tenant();
  pg::Batch batch;
  add_select_rules(batch, tenant.id);
  auto rows = co_await snapshot.read(std::move(batch));
  Written written;
  try {
    written.rules = read_rules(rows[0]);
  } catch (const Failure& failure) {
    log::error("policy.rules_unusable", {{"organization", tenant.id.to_string()}, {"error", failure.what()}});
    co_return std::nullopt;
  }
  if (uses_hash(written.rules))
    written.hash_key = co_await hash_key(snapshot.reactor(), tenant.region, tenant.id);
  co_return written;
}

}  // namespace

std::shared_ptr<const RuleSet> TenantRules::in(WorkspaceId workspace) const {
  auto found = workspaces_.find(workspace);
  return found == workspaces_.end() ? organization_ : found->second;
}

Task<std::shared_ptr<TenantRules>> TenantRules::load(const access::TenantSnapshot& snapshot) {
  auto id = snapshot.tenant().id;
  auto made = std::make_shared<TenantRules>();
  auto written = co_await read_written(snapshot);
  if (!written) {
    made->organization_ = block_everything();
    co_return made;
  }
  auto compiled = [&](WorkspaceId workspace) {
    return compile_or_block(id, written->rules, workspace, written->hash_key.clone());
  };
  made->organization_ = co_await compiled({});
  for (const auto& stored : written->rules)
    if (stored.workspace_id && !made->workspaces_.contains(*stored.workspace_id))
      made->workspaces_[*stored.workspace_id] = co_await compiled(*stored.workspace_id);
  co_return made;
}

Task<std::shared_ptr<const RuleSet>> rules_as_written(const access::TenantSnapshot& snapshot,
                                                      WorkspaceId workspace) {
  auto written = co_await read_written(snapshot);
  if (!written) co_return block_everything();
  co_return co_await compile_or_block(snapshot.tenant().id, std::move(written->rules), workspace,
                                      std::move(written->hash_key));
}

Task<std::shared_ptr<const RuleSet>> rules_for(const access::TenantSnapshot& snapshot,
                                               WorkspaceId workspace) {
  auto rules = co_await snapshot.part<TenantRules>();
  co_return rules->in(workspace);
}

Task<crypto::Secret> hash_key(access::Reactor& reactor, Region region, OrganizationId organization) {
  auto key = co_await reactor.region(region).keyring->organization_key(organization, 1);
  co_return crypto::hkdf_sha256(key->key(), {},
                                crypto::aad({"policy hash operator", organization.to_string()}), 32);
}

}  // namespace gatehouse::policy
