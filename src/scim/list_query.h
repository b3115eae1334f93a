// The parameters of a list (RFC 7644, 3.4.2).
#pragma once

#include <optional>
#include <string>

#include "domain/ids.h"
#include "http/message.h"
#include "scim/attributes.h"
#include "scim/projection.h"

namespace gatehouse::scim {

inline constexpr std::int64_t kMostResults = 200;

struct ListQuery {
  std::string condition;  // SQL; `true` without a filter
  std::string order;      // SQL
  pg::Params params;      // of the condition; $1 is the organization
  std::int64_t start = 1;
  std::int64_t count = 100;  // 0: how many there are
  Projection projection;
};

/// Parameters that are not the RFC's are passed over, as it asks. Errors: invalidFilter, invalidValue.
Result<ListQuery> read_list_query(const http::Request&, const Resource&, OrganizationId);
/// Of a request for one resource.
Result<Projection> read_projection(const http::Request&);

/// `ListResponse`. `total`: all that match.
json::Object list_response(std::int64_t total, const ListQuery&, json::Array resources);

}  // namespace gatehouse::scim
