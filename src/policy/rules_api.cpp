#include "policy/rules_api.h"

#include <algorithm>
#include <set>

#include "access/page.h"
#include "policy/compile_aside.h"
#include "policy/decision_api.h"
#include "policy/detector.h"
#include "policy/rule_sets.h"
#include "policy/rules_store.h"

namespace gatehouse::policy {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;
using access::RateClass;
using access::Whole;

struct RulePath {
  RuleId rule_id;
};
BOOST_DESCRIBE_STRUCT(RulePath, (), (rule_id))

struct OrderRules {
  json::List<RuleId, kMaxRules> rule_ids;
};
BOOST_DESCRIBE_STRUCT(OrderRules, (), (rule_ids))

struct EvaluateText {
  json::Text<0, 65536> text;
  json::Defaulted<Direction> direction = Direction::prompt;
  std::optional<json::Text<0, 200>> model;
  std::optional<json::Text<0, 200>> provider;
  /// In place of the rules as they stand.
  std::optional<json::List<RuleDraft, kMaxRules>> rules;
};
BOOST_DESCRIBE_STRUCT(EvaluateText, (), (text, direction, model, provider, rules))

struct MatchView {
  std::optional<std::string> rule_name;
  std::string detector;
  std::size_t begin = 0;  // code points
  std::size_t end = 0;
  double score = 0;
  Outcome outcome = Outcome::allow;
};
BOOST_DESCRIBE_STRUCT(MatchView, (), (rule_name, detector, begin, end, score, outcome))

struct EvaluationView {
  Outcome outcome = Outcome::allow;
  std::string redacted_text;
  DecisionView decision;
  std::vector<MatchView> matches;
};
BOOST_DESCRIBE_STRUCT(EvaluationView, (), (outcome, redacted_text, decision, matches))

struct DetectorView {
  std::string name;
  std::string description;
  std::optional<Stamp> stamp;
  bool is_group = false;
};
BOOST_DESCRIBE_STRUCT(DetectorView, (), (name, description, stamp, is_group))

StoredRule* find(std::vector<StoredRule>& rules, RuleId id) {
  auto found = std::ranges::find(rules, id, [](const StoredRule& stored) { return stored.rule.id; });
  return found == rules.end() ? nullptr : &*found;
}

std::vector<RuleView> views_of(const std::vector<StoredRule>& rules) {
  std::vector<RuleView> views;
  views.reserve(rules.size());
  for (const auto& stored : rules) views.push_back(view_of(stored));
  return views;
}

/// What the whole set has to say of one rule of it, with pointers into that rule.
std::vector<FieldError> errors_of(const Error& error, const std::vector<Rule>& set, RuleId id) {
  std::vector<FieldError> fields;
  for (const auto& field : error.fields) {
    std::string_view rest = field.pointer;
    std::size_t index = set.size();
    if (rest.starts_with("/rules/")) {
      rest.remove_prefix(7);
      index = std::stoul(std::string(rest));
      rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    }
    if (index >= set.size())
      fields.push_back({"", field.code, field.message});
    else if (set[index].id == id)
      fields.push_back({std::string(rest), field.code, field.message});
    else
      fields.push_back({"", field.code, "the rule " + set[index].name + ": " + field.message});
  }
  return fields;
}

/// Whether the rules can be compiled as they will be with `changed` among them, in each workspace.
Task<Result<void>> check_sets(Call& call, std::vector<StoredRule> rules, RuleId changed) {
  // By itself first: every bad field of it, and nothing of the others.
  auto* stored = find(rules, changed);
  if (auto errors = validate(stored->rule); !errors.empty()) co_return fail(invalid(std::move(errors)));

  std::set<WorkspaceId> workspaces{WorkspaceId{}};
  for (const auto& other : rules)
    if (other.workspace_id) workspaces.insert(*other.workspace_id);
  if (stored->workspace_id) workspaces = {*stored->workspace_id};
  auto key = co_await hash_key(call.reactor(), call.region(), call.organization());
  for (auto workspace : workspaces) {
    std::vector<Rule> set;
    for (const auto& other : rules)
      if (!other.workspace_id || *other.workspace_id == workspace) set.push_back(other.rule);
    auto compiled = co_await compile_aside(call.organization(), set, {.hash_key = key.clone()});
    if (!compiled) co_return fail(invalid(errors_of(compiled.error(), set, changed)));
  }
  co_return Result<void>();
}

Task<Result<Whole<RuleView>>> list(Call& call, Input<>) {
  pg::Batch batch;
  add_select_rules(batch, call.organization());
  auto rules = read_rules((co_await call.read(std::move(batch)))[0]);
  call.audit().payload["count"] = rules.size();
  co_return Whole<RuleView>{views_of(rules)};
}

Task<Result<Created<RuleView>>> create(Call& call, Input<None, None, RuleDraft> in) {
  auto rules = co_await lock_rules(call);
  if (rules.size() >= kMaxRules)
    co_return fail(invalid("", "too_many", "an organization has at most 200 rules"));
  StoredRule made{.workspace_id = in.body.workspace_id};
  made.rule = to_rule(std::move(in.body));
  made.rule.position = rules.empty() ? 0 : rules.back().rule.position + 1;
  rules.push_back(made);
  GH_CO_CHECK(co_await check_sets(call, std::move(rules), made.rule.id));
  GH_CO_TRY(auto stored, co_await insert_rule(call, std::move(made)));
  call.set_version(stored.rule.version);
  call.audit().resource_id = stored.rule.id.to_string();
  call.audit().payload["state"] = json::Value(boost::describe::enum_to_string(stored.rule.state, ""));
  call.audit().payload["outcome"] = json::Value(to_string(stored.rule.outcome));
  co_return Created<RuleView>{view_of(stored)};
}

Task<Result<RuleView>> get(Call& call, Input<RulePath> in) {
  pg::Batch batch;
  add_select_rule(batch, call.organization(), in.path.rule_id);
  auto rules = read_rules((co_await call.read(std::move(batch)))[0]);
  call.audit().resource_id = in.path.rule_id.to_string();
  if (rules.empty()) co_return fail(ErrorCode::not_found, "There is no such rule");
  call.set_version(rules[0].rule.version);
  co_return view_of(rules[0]);
}

/// The rule that the caller read, if it still is as it was and they may change it.
Task<Result<StoredRule*>> find_unchanged(const Call& call, std::vector<StoredRule>& rules, RuleId id,
                                         std::int64_t version) {
  auto* stored = find(rules, id);
  if (!stored || (stored->workspace_id && co_await call.audits(*stored->workspace_id)))
    co_return fail(ErrorCode::not_found, "There is no such rule");
  if (stored->rule.version != version)
    co_return fail(ErrorCode::precondition_failed, "The rule was changed meanwhile: read it again");
  co_return stored;
}

Task<Result<RuleView>> update(Call& call, Input<RulePath, None, UpdateRule> in) {
  GH_CO_TRY(auto version, call.if_match());
  call.audit().resource_id = in.path.rule_id.to_string();
  auto rules = co_await lock_rules(call);
  GH_CO_TRY(auto* stored, co_await find_unchanged(call, rules, in.path.rule_id, version));
  stored->workspace_id = in.body.workspace_id.applied_to(stored->workspace_id);
  auto changed = apply(std::move(in.body), stored->rule);
  ++stored->rule.version;
  StoredRule wanted = *stored;
  GH_CO_CHECK(co_await check_sets(call, std::move(rules), wanted.rule.id));
  GH_CO_TRY(auto updated, co_await update_rule(call, std::move(wanted)));
  call.set_version(updated.rule.version);
  call.audit().payload["version"] = updated.rule.version;
  call.audit().payload["changed"] = json::Array(changed.begin(), changed.end());
  call.audit().payload["state"] = json::Value(boost::describe::enum_to_string(updated.rule.state, ""));
  call.audit().payload["outcome"] = json::Value(to_string(updated.rule.outcome));
  co_return view_of(updated);
}

Task<Result<NoContent>> remove(Call& call, Input<RulePath> in) {
  GH_CO_TRY(auto version, call.if_match());
  call.audit().resource_id = in.path.rule_id.to_string();
  auto rules = co_await lock_rules(call);
  GH_CO_TRY(auto* stored, co_await find_unchanged(call, rules, in.path.rule_id, version));
  co_await delete_rule(call, stored->rule.id);
  call.audit().payload["version"] = version;
  co_return NoContent{};
}

Task<Result<Whole<RuleView>>> order(Call& call, Input<None, None, OrderRules> in) {
  auto rules = co_await lock_rules(call);
  std::set<RuleId> named(in.body.rule_ids.begin(), in.body.rule_ids.end());
  bool all_known = std::ranges::all_of(named, [&](RuleId id) { return find(rules, id) != nullptr; });
  if (!all_known || named.size() != rules.size() || in.body.rule_ids.size() != rules.size())
    co_return fail(invalid("/rule_ids", "incomplete", "must name every rule once"));
  co_await update_order(call, in.body.rule_ids);
  call.audit().payload["count"] = rules.size();
  co_return Whole<RuleView>{views_of(co_await lock_rules(call))};
}

Task<Result<std::shared_ptr<const RuleSet>>> rules_to_try(Call& call, EvaluateText& body) {
  // Not those in force on this node: who has just changed one tries that.
  if (!body.rules) co_return co_await rules_as_written(call.tenant(), call.workspace());
  std::vector<Rule> rules;
  for (auto& draft : *body.rules) {
    if (draft.workspace_id && *draft.workspace_id != call.workspace()) draft.state = RuleState::disabled;
    auto& rule = rules.emplace_back(to_rule(std::move(draft)));
    rule.position = static_cast<std::int64_t>(rules.size()) - 1;
    // The same id every time, so that trying another text does not compile the same rules again.
    rule.id = RuleId{};
    rule.id.value.bytes[15] = static_cast<std::uint8_t>(rules.size());
  }
  auto key = co_await hash_key(call.reactor(), call.region(), call.organization());
  co_return co_await compile_aside(call.organization(), std::move(rules), {.hash_key = std::move(key)});
}

/// Byte offsets of UTF-8 text, as counts of code points.
std::vector<std::uint32_t> code_points_before(std::string_view text) {
  std::vector<std::uint32_t> counts(text.size() + 1);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    counts[i] = count;
    bool last = i + 1 == text.size() || (static_cast<unsigned char>(text[i + 1]) & 0xC0) != 0x80;
    if (last) ++count;
  }
  counts[text.size()] = count;
  return counts;
}

Task<Result<EvaluationView>> evaluate(Call& call, Input<None, None, EvaluateText> in) {
  GH_CO_TRY(auto rules, co_await rules_to_try(call, in.body));
  Subject subject{.direction = *in.body.direction,
                  .role = std::string(to_string(call.principal().role)),
                  .workspace = call.workspace().value};
  if (in.body.model) subject.model = in.body.model->str();
  if (in.body.provider) subject.provider = in.body.provider->str();
  const std::string& text = in.body.text;
  auto evaluation = rules->evaluate_text(text, subject);

  EvaluationView view{.outcome = evaluation.decision.outcome,
                      .redacted_text = std::move(evaluation.text),
                      .decision = view_of(evaluation.decision, subject.direction)};
  auto place = code_points_before(text);
  for (auto& match : evaluation.matches)
    view.matches.push_back(
        {.rule_name = match.rule_id.is_nil() ? std::nullopt : std::optional(match.rule_name),
         .detector = std::move(match.source),
         .begin = place[std::min(match.begin, text.size())],
         .end = place[std::min(match.end, text.size())],
         .score = match.score,
         .outcome = match.outcome});
  call.audit().decision = to_string(view.outcome);
  call.audit().payload["direction"] = json::Value(boost::describe::enum_to_string(subject.direction, ""));
  call.audit().payload["matches"] = view.matches.size();
  call.audit().payload["draft"] = in.body.rules.has_value();
  co_return view;
}

Task<Result<Whole<DetectorView>>> list_detectors(Call&, Input<>) {
  Whole<DetectorView> all;
  for (const auto& row : detectors())
    all.data.push_back(
        {.name = std::string(row.name), .description = std::string(row.description), .stamp = row.stamp});
  all.data.push_back({.name = "personal_data",
                      .description = "All detectors of personal data",
                      .stamp = Stamp::PII,
                      .is_group = true});
  all.data.push_back({.name = "any", .description = "All detectors", .is_group = true});
  co_return all;
}

}  // namespace

void add_operations(access::Operations& operations) {
  constexpr auto kRead = Permission::policies_read;
  constexpr auto kManage = Permission::policies_manage;
  using http::Method;
  operations.add({.method = Method::get,
                  .path = "/api/policies",
                  .id = "listPolicies",
                  .summary = "List the rules in the order in which they are judged",
                  .tag = "policy",
                  .permission = kRead,
                  .audit_action = "policy.list",
                  .rate = RateClass::read},
                 [](Call& call, Input<> in) { return list(call, std::move(in)); });
  operations.add({.method = Method::post,
                  .path = "/api/policies",
                  .id = "createPolicy",
                  .summary = "Add a rule at the end of the order",
                  .tag = "policy",
                  .permission = kManage,
                  .audit_action = "policy.create",
                  .rate = RateClass::write,
                  .critical = true,
                  .idempotent = true,
                  .etag = access::Etag::gives,
                  .failures = {ErrorCode::already_exists}},
                 [](Call& call, Input<None, None, RuleDraft> in) { return create(call, std::move(in)); });
  operations.add({.method = Method::get,
                  .path = "/api/policies/{rule_id}",
                  .id = "getPolicy",
                  .summary = "Get a rule and its ETag",
                  .tag = "policy",
                  .permission = kRead,
                  .audit_action = "policy.read",
                  .rate = RateClass::read,
                  .etag = access::Etag::gives,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<RulePath> in) { return get(call, std::move(in)); });
  operations.add(
      {.method = Method::patch,
       .path = "/api/policies/{rule_id}",
       .id = "updatePolicy",
       .summary = "Change a rule",
       .tag = "policy",
       .permission = kManage,
       .audit_action = "policy.update",
       .rate = RateClass::write,
       .critical = true,
       .etag = access::Etag::updates,
       .failures = {ErrorCode::not_found, ErrorCode::already_exists, ErrorCode::precondition_failed,
                    ErrorCode::precondition_required}},
      [](Call& call, Input<RulePath, None, UpdateRule> in) { return update(call, std::move(in)); });
  operations.add(
      {.method = Method::delete_,
       .path = "/api/policies/{rule_id}",
       .id = "deletePolicy",
       .summary = "Delete a rule",
       .tag = "policy",
       .permission = kManage,
       .audit_action = "policy.delete",
       .rate = RateClass::write,
       .critical = true,
       .etag = access::Etag::needs,
       .failures = {ErrorCode::not_found, ErrorCode::precondition_failed, ErrorCode::precondition_required}},
      [](Call& call, Input<RulePath> in) { return remove(call, std::move(in)); });
  operations.add({.method = Method::post,
                  .path = "/api/policies/order",
                  .id = "orderPolicies",
                  .summary = "Put the rules into another order",
                  .tag = "policy",
                  .permission = kManage,
                  .audit_action = "policy.order",
                  .rate = RateClass::write},
                 [](Call& call, Input<None, None, OrderRules> in) { return order(call, std::move(in)); });
  operations.add(
      {.method = Method::post,
       .path = "/api/policies/evaluate",
       .id = "evaluatePolicies",
       .summary = "Try a text against the rules as they stand or against drafts; stores nothing",
       .tag = "policy",
       .permission = kRead,
       .audit_action = "policy.evaluate",
       .rate = RateClass::write,
       .body_limit = 1024 * 1024},
      [](Call& call, Input<None, None, EvaluateText> in) { return evaluate(call, std::move(in)); });
  operations.add({.method = Method::get,
                  .path = "/api/policies/detectors",
                  .id = "listDetectors",
                  .summary = "List what rules can detect",
                  .tag = "policy",
                  .permission = kRead,
                  .audit_action = "policy.detector.list",
                  .rate = RateClass::read},
                 [](Call& call, Input<> in) { return list_detectors(call, std::move(in)); });
}

}  // namespace gatehouse::policy
