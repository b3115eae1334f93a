// Rows of an organization's domains, in its region and in the control database, which knows of each domain
// whose it is, by keyed hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "pg/batch.h"
#include "pg/transaction.h"

namespace gatehouse::sso {

struct DomainRow {
  DomainId id;
  std::string domain;
  std::string challenge;
  std::optional<Timestamp> verified_at;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(DomainRow, (), (id, domain, challenge, verified_at, created_at))

/// Under row-level security, by name; `id` narrows.
void add_select_domains(pg::Batch&, OrganizationId, std::optional<DomainId>);
void add_insert_domain(pg::Batch&, OrganizationId, const DomainRow&);
/// Held to the transaction's end by who proves a domain and by who gives it up: what the control database
/// says of it follows the row.
void add_lock_domain(pg::Batch&, OrganizationId, DomainId);
/// What an organization has a number of here (domains, identity providers) is counted by one at a time.
void add_take_turn(pg::Batch&, OrganizationId);
void add_mark_verified(pg::Batch&, OrganizationId, DomainId);
void add_delete_domain(pg::Batch&, OrganizationId, DomainId);

struct DomainOwner {
  OrganizationId organization_id;
  Region region = Region::us;
};
BOOST_DESCRIBE_STRUCT(DomainOwner, (), (organization_id, region))

crypto::Digest domain_hash(const access::NodeSecrets&, std::string_view domain);
/// Whose domain it is, as was verified.
Task<std::optional<DomainOwner>> find_owner(access::Reactor&, std::string domain);
/// Makes it the organization's unless it is somebody's. Gives whose it is now.
Task<DomainOwner> claim_domain(access::Reactor&, std::string domain, DomainOwner);
/// If it is the organization's.
Task<void> release_domain(access::Reactor&, std::string domain, OrganizationId);

/// Where an organization lives, by the control directory.
Task<std::optional<Region>> find_region(access::Reactor&, OrganizationId);
/// As add_lock_domain(), for an operator's approval, as gatehouse_platform.
Task<std::optional<DomainId>> lock_domain(pg::Transaction&, OrganizationId, std::string domain);

}  // namespace gatehouse::sso
