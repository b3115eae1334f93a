// The organization's name, business profile, branding, data mode and settings.
#include "access/time_window.h"
#include "crypto/encoding.h"
#include "tenancy/attributes.h"
#include "tenancy/color.h"
#include "tenancy/operation_groups.h"
#include "tenancy/organization_store.h"
#include "tenancy/settings.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;

struct BusinessProfile {
  std::optional<std::string> domain;
  std::optional<std::string> industry;
  std::optional<std::string> size;
  std::optional<std::string> country;
  std::optional<std::string> timezone;
};
BOOST_DESCRIBE_STRUCT(BusinessProfile, (), (domain, industry, size, country, timezone))

struct Branding {
  std::optional<std::string> logo_url;
  std::optional<std::string> primary_color;
  std::optional<std::string> secondary_color;
};
BOOST_DESCRIBE_STRUCT(Branding, (), (logo_url, primary_color, secondary_color))

struct OrganizationView {
  OrganizationId id;
  std::string name;
  std::string slug;
  Region region;
  DataMode data_mode;
  TenantStatus status;
  BusinessProfile profile;
  Branding branding;
  /// For those whose permission reaches the organization.
  std::optional<OrganizationSettings> settings;
  std::optional<SettingSources> setting_sources;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(OrganizationView, (),
                      (id, name, slug, region, data_mode, status, profile, branding, settings,
                       setting_sources, created_at, updated_at))

struct UpdateBusinessProfile {
  json::Patch<json::Text<1, 253>> domain;
  json::Patch<json::Name<100>> industry;
  json::Patch<json::Name<50>> size;
  json::Patch<json::Text<2, 2>> country;
  json::Patch<json::Text<1, 64>> timezone;
};
BOOST_DESCRIBE_STRUCT(UpdateBusinessProfile, (), (domain, industry, size, country, timezone))

struct UpdateBranding {
  json::Patch<json::Text<1, 90'000>> logo_url;
  json::Patch<Color> primary_color;
  json::Patch<Color> secondary_color;
};
BOOST_DESCRIBE_STRUCT(UpdateBranding, (), (logo_url, primary_color, secondary_color))

struct UpdateOrganization {
  std::optional<json::Name<255>> name;
  std::optional<DataMode> data_mode;
  /// The organization's slug, typed again, when the data mode changes.
  std::optional<json::Text<1, 63>> confirmation;
  json::Omittable<UpdateBusinessProfile> profile;
  json::Omittable<UpdateBranding> branding;
  json::Omittable<UpdateOrganizationSettings> settings;
};
BOOST_DESCRIBE_STRUCT(UpdateOrganization, (), (name, data_mode, confirmation, profile, branding, settings))

OrganizationView view_of(const Call& call, const OrganizationRow& row) {
  auto attributes = read_document(row.attributes.text);
  OrganizationView view{.id = row.id,
                        .name = row.name,
                        .slug = row.slug,
                        .region = row.region,
                        .data_mode = row.data_mode,
                        .status = row.status,
                        .profile = {.domain = text_in(attributes, "domain"),
                                    .industry = text_in(attributes, "industry"),
                                    .size = text_in(attributes, "size"),
                                    .country = text_in(attributes, "country"),
                                    .timezone = text_in(attributes, "timezone")},
                        .branding = {.logo_url = text_in(attributes, "branding.logo_url"),
                                     .primary_color = text_in(attributes, "branding.primary_color"),
                                     .secondary_color = text_in(attributes, "branding.secondary_color")},
                        .created_at = row.created_at,
                        .updated_at = row.updated_at};
  if (call.reach() == Reach::organization) {
    auto effective = effective_settings(read_document(row.settings.text));
    view.settings = std::move(effective.values);
    view.setting_sources = std::move(effective.sources);
  }
  return view;
}

/// An image within the document: an address of another site would tell that site who looks, and when, and
/// would need a looser content policy; and nothing here ever fetches one.
Result<void> check_logo(const UpdateBranding& branding) {
  constexpr std::size_t kLargest = 64 * 1024;
  if (!branding.logo_url.has_value()) return {};
  std::string_view text = branding.logo_url.value().str();
  for (std::string_view type :
       {"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/webp;base64,"}) {
    if (!text.starts_with(type)) continue;
    auto bytes = crypto::from_base64(text.substr(type.size()));
    if (!bytes || bytes->empty()) return fail(invalid("/branding/logo_url", "bad_format", "must be base64"));
    if (bytes->size() > kLargest)
      return fail(invalid("/branding/logo_url", "too_long", "must be an image of at most 64 KiB"));
    return {};
  }
  return fail(
      invalid("/branding/logo_url", "bad_format", "must be a PNG, JPEG or WebP image as a data: address"));
}

Result<void> check_looks(const UpdateOrganization& body) {
  if (body.branding) {
    GH_CHECK(check_logo(*body.branding));
    if (body.branding->primary_color.has_value() && !stands_out(body.branding->primary_color.value()))
      return fail(invalid("/branding/primary_color", "low_contrast",
                          "must stand out by 3:1 on a white and on a dark page"));
  }
  if (body.profile && body.profile->timezone.has_value() &&
      !access::TimeZone::find(body.profile->timezone.value().str()))
    return fail(invalid("/profile/timezone", "bad_format", "must be a time zone such as America/Sao_Paulo"));
  return {};
}

/// Puts profile and branding into the document. The schema's pointers are into it; the body's name its parts.
Result<bool> change_attributes(OrganizationRow& row, const UpdateOrganization& body, json::Array& changed) {
  auto document = read_document(row.attributes.text);
  auto before = document;
  if (body.profile) merge_patch(document, json::to_value(*body.profile).as_object());
  if (body.branding) merge_patch(document, json::Object{{"branding", json::to_value(*body.branding)}});
  if (document == before) return false;
  for (std::string_view part : {"domain", "industry", "size", "country", "timezone", "branding"}) {
    const auto *was = before.if_contains(part), *is = document.if_contains(part);
    if ((was == nullptr) != (is == nullptr) || (was && *was != *is)) changed.emplace_back(part);
  }
  auto stored = write_document("organization", std::move(document));
  if (!stored) {
    for (auto& field : stored.error().fields)
      if (!field.pointer.starts_with("/branding")) field.pointer = "/profile" + field.pointer;
    return std::unexpected(std::move(stored).error());
  }
  row.attributes.text = std::move(*stored);
  return true;
}

Result<void> change_data_mode(Call& call, OrganizationRow& row, const UpdateOrganization& body,
                              json::Array& changed) {
  if (!body.data_mode || *body.data_mode == row.data_mode) return {};
  if (!body.confirmation || body.confirmation->str() != row.slug)
    return fail(invalid(
        "/confirmation", "bad_value",
        "must be the organization's slug: content that is stored already stays until its retention ends"));
  call.audit().payload["data_mode"] =
      json::Object{{"from", to_string(row.data_mode)}, {"to", to_string(*body.data_mode)}};
  row.data_mode = *body.data_mode;
  changed.emplace_back("data_mode");
  return {};
}

/// Who is a guest is told by the organization's domain: without it nobody would be one.
Task<Result<void>> check_guests(Call& call, const OrganizationRow& row, bool is_domain_changed) {
  if (text_in(read_document(row.attributes.text), "domain")) co_return Result<void>{};
  if (!effective_settings(read_document(row.settings.text)).values.allow_guests)
    co_return fail(invalid(
        "/settings/allow_guests", "bad_value",
        "can be off only while the profile names the organization's domain: it tells who is a guest"));
  if (is_domain_changed && co_await has_workspace_without_guests(call))
    co_return fail(
        invalid("/profile/domain", "in_use", "a workspace takes no guests, and it tells who is one"));
  co_return Result<void>{};
}

Task<Result<OrganizationView>> update(Call& call, Input<None, None, UpdateOrganization> in) {
  GH_CO_TRY(auto version, call.if_match());
  GH_CO_CHECK(check_looks(in.body));
  auto locked = co_await lock_organization(call);
  if (!locked) co_return fail(ErrorCode::not_found);
  auto& row = *locked;
  call.audit().resource_id = row.id.to_string();
  if (row.version != version)
    co_return fail(ErrorCode::precondition_failed, "The organization was changed meanwhile: read it again");
  json::Array changed;
  if (in.body.name && in.body.name->str() != row.name) {
    row.name = in.body.name->str();
    changed.emplace_back("name");
  }
  GH_CO_CHECK(change_data_mode(call, row, in.body, changed));
  GH_CO_CHECK(change_attributes(row, in.body, changed));
  if (in.body.settings) {
    GH_CO_TRY(auto settings, apply_settings(read_document(row.settings.text), *in.body.settings));
    row.settings.text = std::move(settings.stored);
    for (auto& path : settings.changed) changed.emplace_back("settings." + path);
  }
  GH_CO_CHECK(co_await check_guests(call, row, in.body.profile && in.body.profile->domain.is_present()));
  if (!changed.empty()) row = co_await update_organization(call, std::move(row));
  call.audit().payload["changed"] = std::move(changed);
  call.set_version(row.version);
  co_return view_of(call, row);
}

}  // namespace

void add_organization_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/organization",
                  .id = "getOrganization",
                  .summary = "The active organization; its settings for those who administer or audit it",
                  .tag = "organization",
                  .permission = Permission::organization_read,
                  .audit_action = "organization.read",
                  .rate = access::RateClass::read,
                  .etag = access::Etag::gives},
                 [](Call& call, Input<> /*in*/) -> Task<Result<OrganizationView>> {
                   auto found = co_await find_organization(call);
                   if (!found) co_return fail(ErrorCode::not_found);
                   call.audit().resource_id = found->id.to_string();
                   call.set_version(found->version);
                   co_return view_of(call, *found);
                 });

  operations.add(
      {.method = http::Method::patch,
       .path = "/api/organization",
       .id = "updateOrganization",
       .summary = "Change name, business profile, branding, data mode or settings",
       .tag = "organization",
       .permission = Permission::organization_manage,
       .audit_action = "organization.update",
       .rate = access::RateClass::write,
       .critical = true,
       .etag = access::Etag::updates,
       .failures = {ErrorCode::precondition_failed, ErrorCode::precondition_required}},
      [](Call& call, Input<None, None, UpdateOrganization> in) { return update(call, std::move(in)); });
}

}  // namespace gatehouse::tenancy
