#include "tenancy/email_directory.h"

#include <algorithm>

#include "crypto/aead.h"
#include "json/bounded.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

constexpr pg::Statement kRegions{
    "email.regions", "select region::text from email_regions where email_hash = $1 order by region"};
constexpr pg::Statement kAddRegion{"email.add_region",
                                   "insert into email_regions (email_hash, region) values ($1, "
                                   "$2::text::region_enum) on conflict do nothing"};

}  // namespace

std::optional<std::string> normalize_email(std::string_view text) {
  auto email = json::Email::parse(text);
  if (!email) return std::nullopt;
  std::string lower = email->to_string();
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return lower;
}

crypto::Digest email_hash(const access::NodeSecrets& secrets, std::string_view normalized_email) {
  return crypto::hmac_sha256(secrets.email_hashes, crypto::aad({"email", normalized_email}));
}

crypto::Digest network_address_hash(const access::NodeSecrets& secrets, std::string_view address) {
  return crypto::hmac_sha256(secrets.email_hashes, crypto::aad({"network address", address}));
}

Task<std::vector<Region>> regions_of_email(access::Reactor& reactor, crypto::Digest hash) {
  auto rows = co_await reactor.control().run(pg::Batch(kRegions, pg::params(hash)), pg::within(kDeadline));
  co_return rows[0].as<Region>();
}

Task<void> add_email_region(access::Reactor& reactor, crypto::Digest hash, Region region) {
  co_await reactor.control().run(pg::Batch(kAddRegion, pg::params(hash, region)), pg::within(kDeadline));
}

}  // namespace gatehouse::tenancy
