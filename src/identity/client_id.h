// The public name of a service account, which says where it belongs: `us.<organization>.<account>`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/terms.h"
#include "http/message.h"

namespace gatehouse::identity {

struct ClientId {
  Region region = Region::us;
  OrganizationId organization;
  ServiceAccountId account;

  std::string to_string() const;
  static std::optional<ClientId> parse(std::string_view);
};

/// Whose a connection with a client certificate wants to be: `Gatehouse-Client`, or a URI of the certificate
/// (`gatehouse://us/<organization>/<account>`). Nothing if it has no certificate or names nobody.
std::optional<ClientId> client_of_certificate(const http::Request&);

}  // namespace gatehouse::identity
