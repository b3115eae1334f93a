// What an organization keeps of a person beyond name and role: `attributes` of the membership.
#pragma once

#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "base/error.h"
#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::tenancy {

struct ProfileView {
  std::optional<std::string> phone;
  std::optional<std::string> department;
  std::optional<std::string> job_title;
  std::optional<std::string> location;
  std::optional<std::string> timezone;
};
BOOST_DESCRIBE_STRUCT(ProfileView, (), (phone, department, job_title, location, timezone))

/// Null clears.
struct UpdateProfile {
  json::Patch<json::Name<32>> phone;
  json::Patch<json::Name<100>> department;
  json::Patch<json::Name<100>> job_title;
  json::Patch<json::Name<200>> location;
  json::Patch<json::Text<1, 64>> timezone;
};
BOOST_DESCRIBE_STRUCT(UpdateProfile, (), (phone, department, job_title, location, timezone))

ProfileView profile_of(std::string_view attributes);
/// The document to store. Errors: validation_failed, with pointers below `/profile`.
Result<std::string> apply_profile(std::string_view attributes, const UpdateProfile&);

}  // namespace gatehouse::tenancy
