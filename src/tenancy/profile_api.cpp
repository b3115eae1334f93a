// One's own profile in the active organization.
#include "access/time_window.h"
#include "tenancy/attributes.h"
#include "tenancy/members_store.h"
#include "tenancy/operation_groups.h"
#include "tenancy/profile.h"

namespace gatehouse::tenancy {

using access::Call;
using access::Input;
using access::None;
using access::Permission;
using access::RateClass;

ProfileView profile_of(std::string_view attributes) {
  auto document = read_document(attributes);
  return {.phone = text_in(document, "phone"),
          .department = text_in(document, "department"),
          .job_title = text_in(document, "job_title"),
          .location = text_in(document, "location"),
          .timezone = text_in(document, "timezone")};
}

Result<std::string> apply_profile(std::string_view attributes, const UpdateProfile& change) {
  if (change.timezone.has_value() && !access::TimeZone::find(change.timezone.value().str()))
    return fail(invalid("/profile/timezone", "bad_format", "must be a time zone such as America/Sao_Paulo"));
  auto document = read_document(attributes);
  merge_patch(document, json::to_value(change).as_object());
  return write_document("membership", std::move(document), "/profile");
}

namespace {

struct OwnProfile {
  ProfileView profile;
};
BOOST_DESCRIBE_STRUCT(OwnProfile, (), (profile))

struct UpdateOwnProfile {
  UpdateProfile profile;
};
BOOST_DESCRIBE_STRUCT(UpdateOwnProfile, (), (profile))

std::unexpected<Error> no_profile() {
  return fail(ErrorCode::not_found, "Only people of an organization have a profile");
}

Task<Result<OwnProfile>> show(Call& call) {
  call.audit().resource_id = call.user().to_string();
  if (!call.principal().has_organization() || call.user().is_nil()) co_return no_profile();
  auto found = co_await find_member(call, call.user());
  if (!found.member) co_return no_profile();
  co_return OwnProfile{profile_of(found.member->attributes.text)};
}

Task<Result<OwnProfile>> update(Call& call, UpdateProfile change) {
  call.audit().resource_id = call.user().to_string();
  if (!call.principal().has_organization()) co_return no_profile();
  auto found = co_await find_member(call, call.user());
  if (!found.member) co_return no_profile();
  GH_CO_TRY(auto document, apply_profile(found.member->attributes.text, change));
  json::Array changed;
  for (const auto& [key, value] : json::to_value(change).as_object()) changed.emplace_back(key);
  call.audit().payload["changed"] = std::move(changed);
  auto profile = profile_of(document);
  if (!co_await set_own_profile(call, std::move(document))) co_return no_profile();
  co_return OwnProfile{std::move(profile)};
}

}  // namespace

void add_profile_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/profile",
                  .id = "getProfile",
                  .summary = "One's own profile in the active organization",
                  .tag = "member",
                  .permission = Permission::signed_in,
                  .audit_action = "profile.read",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<> /*in*/) { return show(call); });

  operations.add({.method = http::Method::patch,
                  .path = "/api/profile",
                  .id = "updateProfile",
                  .summary = "Change one's own profile in the active organization",
                  .tag = "member",
                  .permission = Permission::account_manage,
                  .audit_action = "profile.update",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<None, None, UpdateOwnProfile> in) {
                   return update(call, std::move(in.body.profile));
                 });
}

}  // namespace gatehouse::tenancy
