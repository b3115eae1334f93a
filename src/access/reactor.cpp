#include "access/reactor.h"

#include "base/error.h"

namespace gatehouse::access {

Reactor::Reactor(asio::io_context& io, std::vector<RegionAccess> regions, std::unique_ptr<pg::Pool> control,
                 std::unique_ptr<http::Client> http, std::shared_ptr<const NodeSecrets> secrets)
    : io_(io),
      regions_(std::move(regions)),
      control_(std::move(control)),
      http_(std::move(http)),
      secrets_(std::move(secrets)),
      tenants_(*this) {}

bool Reactor::serves(Region region) const {
  return std::ranges::find(regions_, region, &RegionAccess::region) != regions_.end();
}

RegionAccess& Reactor::region(Region region) {
  auto found = std::ranges::find(regions_, region, &RegionAccess::region);
  if (found == regions_.end())
    throw Failure("this node does not serve the region " + std::string(to_string(region)));
  return *found;
}

Error wrong_region(Region region, const std::map<Region, std::string>& base_urls) {
  auto url = base_urls.find(region);
  auto where = url == base_urls.end() || url->second.empty() ? "a node that serves it" : url->second;
  return {
      .code = ErrorCode::wrong_region,
      .detail = "The organization lives in the region " + std::string(to_string(region)) + ": use " + where};
}

}  // namespace gatehouse::access
