#include "sso/sso_service.h"

#include "base/beside.h"
#include "sso/attempts_store.h"

namespace gatehouse::sso {

std::string SingleSignOn::base_url(access::Reactor& reactor, Region region) const {
  std::string url = reactor.region(region).base_url;
  if (url.empty()) url = identity_.options().issuer;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string SingleSignOn::callback_url(access::Reactor& reactor, ProviderAddress at) const {
  return base_url(reactor, at.region) + "/api/auth/sso/callback/" + at.to_string();
}

Task<void> SingleSignOn::forget_old(access::Reactor& reactor, Region region) {
  return sso::forget_old(reactor, region);
}

Task<Result<std::vector<std::string>>> SingleSignOn::txt_records(std::string name) {
  if (waiting_.fetch_add(1) >= kMostWaiting) {
    waiting_.fetch_sub(1);
    co_return fail(Error{.code = ErrorCode::overloaded,
                         .detail = "Too many domains are being looked up",
                         .retry_after = std::chrono::seconds(10)});
  }
  auto found = co_await run_on(
      dns_, [name = std::move(name), server = options_.dns_server] { return look_up_txt(name, server); });
  waiting_.fetch_sub(1);
  co_return found;
}

}  // namespace gatehouse::sso
