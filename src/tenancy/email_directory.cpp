#include "tenancy/email_directory.h"

#include <algorithm>

#include "crypto/aead.h"
#include "json/bounded.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/provisioning_store.h"

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

Task<std::vector<Region>> regions_of_account(access::Reactor& reactor, std::string email) {
  auto regions = co_await regions_of_email(reactor, email_hash(reactor.secrets(), email));
  std::erase_if(regions, [&](Region region) { return reactor.serves(region); });
  // All of them, whatever came before: the time tells nothing.
  for (auto& served : reactor.regions())
    if (co_await find_person(reactor, served.region, email)) regions.push_back(served.region);
  co_return regions;
}

Task<bool> is_known(access::Reactor& reactor, std::string email) {
  co_return !(co_await regions_of_account(reactor, std::move(email))).empty();
}

Task<void> add_email_region(access::Reactor& reactor, crypto::Digest hash, Region region) {
  co_await reactor.control().run(pg::Batch(kAddRegion, pg::params(hash, region)), pg::within(kDeadline));
}

}  // namespace gatehouse::tenancy
