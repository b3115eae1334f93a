#include "tenancy/settings.h"

#include <algorithm>
#include <array>

#include "tenancy/attributes.h"

namespace gatehouse::tenancy {
namespace {

constexpr std::array<std::string_view, 6> kShared = {"retention.content_days", "retention.metadata_days",
                                                     "write_cap_per_hour",     "approval_tiers",
                                                     "allow_guests",           "auto_archive_chats_days"};
constexpr std::array<std::string_view, 3> kOfOrganizations = {"allow_signup", "sign_in.password",
                                                              "sign_in.second_factor_roles"};

json::Value to_value(const auto& described) {
  return json::to_value(described);
}

/// Puts a value at its path.
void put(json::Object& into, std::string_view path, const json::Value& value) {
  auto dot = path.find('.');
  if (dot == std::string_view::npos) {
    into[path] = json::detached(value);
    return;
  }
  auto& inner = into[path.substr(0, dot)];
  if (!inner.is_object()) inner = json::Object();
  put(inner.as_object(), path.substr(dot + 1), value);
}

/// Lays what is set over `values`, and notes where it came from.
void lay_over(json::Object& values, SettingSources& sources, const json::Object& stored,
              std::span<const std::string_view> paths, SettingSource source) {
  for (auto path : paths)
    if (const auto* found = find_in(stored, path)) {
      put(values, path, *found);
      sources[std::string(path)] = source;
    }
}

void note_defaults(SettingSources& sources, std::span<const std::string_view> paths) {
  for (auto path : paths) sources.try_emplace(std::string(path), SettingSource::default_);
}

template <class T>
T decoded(const json::Object& values) {
  auto made = json::decode<T>(json::Value(values));
  if (!made) throw Failure("stored settings are not readable");
  return std::move(*made);
}

/// The leaves of a change that say something.
void add_paths(const json::Object& patch, const std::string& prefix, std::vector<std::string>& paths) {
  for (const auto& [key, value] : patch) {
    auto path = prefix + std::string(key);
    if (value.is_object())
      add_paths(value.get_object(), path + ".", paths);
    else
      paths.push_back(std::move(path));
  }
}

template <class Update>
ChangedSettings apply(json::Object stored, const Update& update) {
  auto patch = to_value(update);
  json::Object before = stored;
  merge_patch(stored, patch.as_object());
  ChangedSettings made;
  add_paths(patch.as_object(), "", made.changed);
  std::erase_if(made.changed, [&](const std::string& path) {
    const auto* was = find_in(before, path);
    const auto* is = find_in(stored, path);
    return (!was && !is) || (was && is && *was == *is);
  });
  made.stored = json::write(json::Value(std::move(stored)));
  return made;
}

}  // namespace

EffectiveOrganization effective_settings(const json::Object& organization) {
  EffectiveOrganization made;
  auto values = to_value(OrganizationSettings{}).as_object();
  lay_over(values, made.sources, organization, kShared, SettingSource::own);
  lay_over(values, made.sources, organization, kOfOrganizations, SettingSource::own);
  note_defaults(made.sources, kShared);
  note_defaults(made.sources, kOfOrganizations);
  made.values = decoded<OrganizationSettings>(values);
  return made;
}

EffectiveWorkspace effective_settings(const json::Object& organization, DataMode data_mode,
                                      const json::Object& workspace) {
  constexpr std::array<std::string_view, 1> kDataMode = {"data_mode"};
  EffectiveWorkspace made;
  auto values = to_value(WorkspaceSettings{.data_mode = data_mode}).as_object();
  made.sources["data_mode"] = SettingSource::organization;
  lay_over(values, made.sources, organization, kShared, SettingSource::organization);
  lay_over(values, made.sources, workspace, kShared, SettingSource::own);
  lay_over(values, made.sources, workspace, kDataMode, SettingSource::own);
  note_defaults(made.sources, kShared);
  made.values = decoded<WorkspaceSettings>(values);
  return made;
}

Result<ChangedSettings> apply_settings(json::Object stored, const UpdateOrganizationSettings& update) {
  if (update.sign_in && update.sign_in->second_factor_roles.has_value()) {
    const auto& roles = update.sign_in->second_factor_roles.value();
    if (std::ranges::find(roles, RoleCode::MS) != roles.end())
      return fail(invalid("/settings/sign_in/second_factor_roles", "bad_value",
                          "has operators, who belong to no organization"));
  }
  return apply(std::move(stored), update);
}

Result<ChangedSettings> apply_settings(json::Object stored, const UpdateWorkspaceSettings& update) {
  return apply(std::move(stored), update);
}

}  // namespace gatehouse::tenancy
