// SQL of signing up: who is at it, and which organizations take people that come by themselves.
#pragma once

#include <optional>
#include <string>

#include "access/reactor.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "json/value.h"
#include "pg/batch.h"

namespace gatehouse::identity {

/// Takes the address for one sign-up; false if another is at it. One that was left is taken over after a few
/// minutes.
Task<bool> claim_sign_up(access::Reactor&, crypto::Digest email);
Task<void> release_sign_up(access::Reactor&, crypto::Digest email);

struct DirectoryPlace {
  OrganizationId organization_id;
  Region region;
};
BOOST_DESCRIBE_STRUCT(DirectoryPlace, (), (organization_id, region))
Task<std::optional<DirectoryPlace>> find_slug(access::Reactor&, std::string slug);

struct SignUpRules {
  std::string name;
  bool allows_sign_up;
  bool takes_passwords;
};
BOOST_DESCRIBE_STRUCT(SignUpRules, (), (name, allows_sign_up, takes_passwords))
/// Of an active organization.
Task<std::optional<SignUpRules>> find_sign_up_rules(access::Reactor&, Region, OrganizationId);
Task<bool> may_join_by_domain(access::Reactor&, Region, OrganizationId, std::string domain);

/// The attributes of an organization that is being made.
void add_profile(pg::Batch&, OrganizationId, const json::Value& attributes);

}  // namespace gatehouse::identity
