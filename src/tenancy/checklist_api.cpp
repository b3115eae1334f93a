// What a new organization has to set up, ticked from what is there.
#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/usage_api.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::None;

/// `demo`: only the models that come with a demo answer.
enum class ChecklistModel { none, demo, own };
BOOST_DESCRIBE_ENUM(ChecklistModel, none, demo, own)
enum class ChecklistPeople { none, invited, joined };
BOOST_DESCRIBE_ENUM(ChecklistPeople, none, invited, joined)

struct ChecklistView {
  bool put_away = false;  // by the person who asks
  bool profile = false;   // the business profile says something
  ChecklistModel model = ChecklistModel::none;
  bool answer = false;  // a model answered
  bool policy = false;  // a rule is in force or in shadow
  ChecklistPeople people = ChecklistPeople::none;
  bool single_sign_on = false;
};
BOOST_DESCRIBE_STRUCT(ChecklistView, (), (put_away, profile, model, answer, policy, people, single_sign_on))

struct UpdateChecklist {
  bool put_away = false;
};
BOOST_DESCRIBE_STRUCT(UpdateChecklist, (), (put_away))

struct ChecklistRow {
  bool put_away;
  bool profile;
  bool has_model;
  bool has_own_model;
  bool answer;
  bool policy;
  bool joined;
  bool invited;
  bool single_sign_on;
};
BOOST_DESCRIBE_STRUCT(ChecklistRow, (),
                      (put_away, profile, has_model, has_own_model, answer, policy, joined, invited,
                       single_sign_on))

constexpr pg::Statement kShow{
    "checklist.show",
    "select coalesce((select checklist_put_away from memberships where organization_id = $1 and user_id = "
    "$2), false)"
    " as put_away,"
    " coalesce((select attributes ?| array['domain', 'industry', 'size', 'country', 'timezone'] from "
    "organizations"
    " where id = $1), false) as profile,"
    " exists (select from models m join providers p on p.organization_id = m.organization_id and p.id = "
    "m.provider_id"
    " where m.organization_id = $1 and m.is_active and p.is_active) as has_model,"
    " exists (select from models m join providers p on p.organization_id = m.organization_id and p.id = "
    "m.provider_id"
    " where m.organization_id = $1 and m.is_active and p.is_active and p.kind <> 'demo') as has_own_model,"
    " exists (select from metering_events where organization_id = $1 and outcome = 'completed') as answer,"
    " exists (select from policy_rules where organization_id = $1 and state <> 'disabled') as policy,"
    " (select count(*) from (select from memberships where organization_id = $1 and is_active limit 2) m) > "
    "1 as joined,"
    " exists (select from invitations where organization_id = $1 and revoked_at is null and expires_at > "
    "now()) as invited,"
    " exists (select from identity_providers where organization_id = $1 and is_active) as single_sign_on"};
constexpr pg::Statement kPutAway{
    "checklist.put_away",
    "update memberships set checklist_put_away = $3 where organization_id = $1 and user_id = $2"};

ChecklistView view_of(const ChecklistRow& row) {
  ChecklistView view{.put_away = row.put_away,
                     .profile = row.profile,
                     .answer = row.answer,
                     .policy = row.policy,
                     .single_sign_on = row.single_sign_on};
  if (row.has_model) view.model = row.has_own_model ? ChecklistModel::own : ChecklistModel::demo;
  if (row.joined)
    view.people = ChecklistPeople::joined;
  else if (row.invited)
    view.people = ChecklistPeople::invited;
  return view;
}

Task<Result<ChecklistView>> show(Call& call) {
  auto rows = co_await call.read(kShow, pg::params(call.organization(), call.user()));
  co_return view_of(rows.one<ChecklistRow>());
}

Task<Result<ChecklistView>> update(Call& call, UpdateChecklist change) {
  call.audit().payload["put_away"] = change.put_away;
  pg::Batch batch;
  batch.add(kPutAway, pg::params(call.organization(), call.user(), change.put_away))
      .add(kShow, pg::params(call.organization(), call.user()));
  auto rows = co_await call.write(std::move(batch));
  co_return view_of(rows[1].one<ChecklistRow>());
}

}  // namespace

void add_checklist_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/checklist",
                  .id = "getChecklist",
                  .summary = "What the organization has set up, and what it has not",
                  .tag = "organization",
                  .permission = access::Permission::organization_manage,
                  .audit_action = "checklist.read",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<> /*in*/) { return show(call); });

  operations.add({.method = http::Method::patch,
                  .path = "/api/checklist",
                  .id = "updateChecklist",
                  .summary = "Put the checklist away for oneself, or bring it back",
                  .tag = "organization",
                  .permission = access::Permission::organization_manage,
                  .audit_action = "checklist.update",
                  .rate = access::RateClass::write},
                 [](Call& call, Input<None, None, UpdateChecklist> in) { return update(call, in.body); });
}

}  // namespace gatehouse::tenancy
