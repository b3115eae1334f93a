// What the operations under /scim/v2 share.
#pragma once

#include <string>
#include <string_view>

#include "access/call.h"
#include "access/operation.h"
#include "identity/identity.h"

namespace gatehouse::scim {

inline constexpr std::string_view kScimType = "application/scim+json";

/// `https://eu.example.org/scim/v2`: where the region is reached.
std::string base_address(access::Reactor&, Region, const identity::Identity&);

/// A declaration with what all of them have in common.
access::OperationInfo declare(http::Method, std::string_view path, std::string_view id,
                              std::string_view summary, std::string_view tag, std::string_view audit_action);

/// `ETag` and `Location`.
void set_headers(access::Call&, std::string_view version, std::string_view location);
/// `If-Match`, if it was sent. Errors: precondition_failed.
Result<void> check_if_match(const access::Call&, std::string_view version);

}  // namespace gatehouse::scim
