#include "sso/domains.h"

#include <algorithm>

#include "audit/appender.h"
#include "http/syntax.h"
#include "sso/domains_store.h"

namespace gatehouse::sso {
namespace {

constexpr std::chrono::seconds kDeadline{10};

}  // namespace

std::optional<std::string> normalize_domain(std::string_view text) {
  constexpr std::size_t kLongest = 253 - std::string_view("_gatehouse-challenge.").size(), kLongestLabel = 63;
  if (text.size() > kLongest || !text.contains('.')) return std::nullopt;
  auto domain = http::to_lower(text);
  for (std::size_t at = 0; at <= domain.size();) {
    auto end = std::min(domain.find('.', at), domain.size());
    auto label = std::string_view(domain).substr(at, end - at);
    if (label.empty() || label.size() > kLongestLabel || label.starts_with('-') || label.ends_with('-') ||
        !std::ranges::all_of(label, [](char c) { return http::is_alnum(c) || c == '-'; }))
      return std::nullopt;
    at = end + 1;
  }
  // An address in figures is no domain.
  if (http::is_digit(domain.back())) return std::nullopt;
  return domain;
}

std::string record_name(std::string_view domain) {
  return "_gatehouse-challenge." + std::string(domain);
}
std::string record_value(std::string_view challenge) {
  return "gatehouse-domain-verification=" + std::string(challenge);
}

Task<Result<void>> approve_domain(access::Reactor& reactor, OrganizationId organization, std::string domain) {
  auto home = co_await find_region(reactor, organization);
  if (!home || !reactor.serves(*home))
    co_return fail(ErrorCode::not_found, "There is no such organization in a region of this configuration");
  const Region region = *home;
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await reactor.region(region).platform->acquire(deadline), deadline);
  auto id = co_await lock_domain(transaction, organization, domain);
  if (!id) co_return fail(ErrorCode::not_found, "The organization has not named this domain");
  auto taken = [] { return fail(ErrorCode::already_exists, "The domain is another organization's"); };
  auto before = co_await find_owner(reactor, domain);
  if (before && before->organization_id != organization) co_return taken();
  auto event = audit::make_event("domain.verify");
  event.organization = organization;
  event.resource_type = "domain";
  event.resource_id = id->to_string();
  event.payload = json::Object{{"domain", domain}, {"by", "operator"}};
  co_await reactor.region(region).appender->append(std::move(event));
  auto owner = co_await claim_domain(reactor, domain, {.organization_id = organization, .region = region});
  if (owner.organization_id != organization) co_return taken();
  pg::Batch mark;
  add_mark_verified(mark, organization, *id);
  co_await transaction.commit(std::move(mark));
  co_return Result<void>{};
}

Task<bool> has_domain_of(access::Reactor& reactor, OrganizationId organization, std::string email) {
  auto owner = co_await find_owner(reactor, email.substr(email.rfind('@') + 1));
  co_return owner && owner->organization_id == organization;
}

}  // namespace gatehouse::sso
