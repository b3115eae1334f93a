// Where an e-mail address can sign in: the control database knows regions by keyed hash, never the address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/reactor.h"
#include "base/task.h"
#include "crypto/digest.h"
#include "domain/terms.h"

namespace gatehouse::tenancy {

/// Lower-cased as a whole: the form in which addresses are stored and compared. Nothing if it is no address.
std::optional<std::string> normalize_email(std::string_view);

/// HMAC under the installation's key. The label keeps addresses of people and of networks apart.
crypto::Digest email_hash(const access::NodeSecrets&, std::string_view normalized_email);
crypto::Digest network_address_hash(const access::NodeSecrets&, std::string_view address);

/// Regions where the address has an account, also such that this node does not serve.
Task<std::vector<Region>> regions_of_email(access::Reactor&, crypto::Digest email_hash);
/// Regions where there is an account of the address. Those that this node serves are asked themselves: a hash
/// is noted before work that may be refused, and stays.
Task<std::vector<Region>> regions_of_account(access::Reactor&, std::string normalized_email);
Task<bool> is_known(access::Reactor&, std::string normalized_email);
/// Idempotent.
Task<void> add_email_region(access::Reactor&, crypto::Digest email_hash, Region);

}  // namespace gatehouse::tenancy
