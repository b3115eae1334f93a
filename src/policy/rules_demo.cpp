#include "policy/rules_demo.h"

#include "pg/params.h"
#include "policy/rules_wire.h"

namespace gatehouse::policy {
namespace {

constexpr pg::Statement kInsert{
    "policies.insert_demo",
    "insert into policy_rules (organization_id, id, name, position, state, directions, condition, outcome,"
    " message, redaction, stamps)"
    " select $1, id, name, place - 1, 'enabled', array['prompt', 'response'], condition, outcome, message,"
    " '{\"operation\": \"mask\"}', array_remove(array[stamp], '')"
    " from unnest($2::uuid[], $3::text[], $4::text[]::jsonb[], $5::text[], $6::text[], $7::text[])"
    " with ordinality as demo (id, name, condition, outcome, message, stamp, place)"
    " where not exists (select 1 from policy_rules where organization_id = $1)"};

}  // namespace

void insert_demo_rules(pg::Batch& batch, OrganizationId organization) {
  RuleCondition aurora, salary, personal, secrets;
  aurora.phrases = RulePhrases{.texts = {"project aurora"}};
  salary.phrases = RulePhrases{.texts = {"salary", "salário"}};
  personal.detectors = RuleDetectors{.names = {"personal_data"}};
  secrets.detectors = RuleDetectors{.names = {"secret_key"}};
  std::vector<RuleId> ids{RuleId::make(), RuleId::make(), RuleId::make(), RuleId::make()};
  std::vector<std::string> names{"Project Aurora is confidential", "Salaries are sensitive",
                                 "Personal data is redacted", "Secret keys are redacted"};
  std::vector<std::string> conditions{json::encode(aurora), json::encode(salary), json::encode(personal),
                                      json::encode(secrets)};
  std::vector<Outcome> outcomes{Outcome::block, Outcome::warn, Outcome::redact, Outcome::redact};
  std::vector<std::string> messages{
      "Project Aurora is confidential and may not be discussed with a model.",
      "This is about salaries. Share no more than you need.",
      "Personal data was removed before it left the company.",
      "A secret key was removed before it left the company. Rotate it if it was typed by mistake."};
  std::vector<Stamp> stamps{Stamp::COF, Stamp::FIN, Stamp::PII, Stamp::COF};
  batch.add(kInsert, pg::params(organization, ids, names, conditions, outcomes, messages, stamps));
}

}  // namespace gatehouse::policy
