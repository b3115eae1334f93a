// `attributes` of a grant, as they stand in the database and on the wire (seed 004).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/acl.h"
#include "base/error.h"
#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::access {

struct TimeRestrictions {
  std::optional<json::List<json::Int<1, 7>, 7>> days_of_week;  // Monday is 1; absent: every day
  std::optional<json::Text<11, 11>> hours;                     // `09:00-18:00`; absent: the whole day
  json::Defaulted<json::Text<1, 64>> time_zone = "UTC";        // of the IANA database
};
BOOST_DESCRIBE_STRUCT(TimeRestrictions, (), (days_of_week, hours, time_zone))

struct ConditionsDocument {
  std::optional<json::List<json::Text<2, 49>, 50>> ip_whitelist;  // addresses and networks
  std::optional<TimeRestrictions> time_restrictions;
};
BOOST_DESCRIBE_STRUCT(ConditionsDocument, (), (ip_whitelist, time_restrictions))

enum class GrantOperation { read, list };
BOOST_DESCRIBE_ENUM(GrantOperation, read, list)

struct GrantScope {
  std::optional<json::List<json::Text<1, 64>, 50>> fields_allowed;  // absent: all
  std::optional<json::List<GrantOperation, 2>> operations_allowed;  // of REA; absent: both
};
BOOST_DESCRIBE_STRUCT(GrantScope, (), (fields_allowed, operations_allowed))

struct GrantAttributes {
  std::optional<json::Text<0, 500>> granted_reason;
  std::optional<ConditionsDocument> conditions;
  std::optional<GrantScope> scope;
};
BOOST_DESCRIBE_STRUCT(GrantAttributes, (), (granted_reason, conditions, scope))

/// Errors: validation_failed, with pointers below `at` (`/attributes`), for a network, hours or a zone that
/// are none.
Result<GrantConditions> to_conditions(const GrantAttributes&, std::string_view at = "/attributes");

}  // namespace gatehouse::access
