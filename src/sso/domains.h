// Domains that an organization says are its own, and the proof: a TXT record that it alone could have made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/reactor.h"
#include "base/error.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::sso {

/// Lower case, two labels or more of letters, digits and inner hyphens; an internationalised name in its
/// ASCII form. Nothing if it is none.
std::optional<std::string> normalize_domain(std::string_view);

/// Where the record stands (`_gatehouse-challenge.acme.test`) and what it says.
std::string record_name(std::string_view domain);
std::string record_value(std::string_view challenge);

/// The operator's word in place of the record, for installations that cannot ask DNS; recorded on the
/// organization's chain. Errors: not_found (no such organization here, or it has not named the domain),
/// already_exists (another's).
Task<Result<void>> approve_domain(access::Reactor&, OrganizationId, std::string domain);

/// Whether the organization has proved that the address's domain is its own.
Task<bool> has_domain_of(access::Reactor&, OrganizationId, std::string email);

}  // namespace gatehouse::sso
