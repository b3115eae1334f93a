// Grants (seed 004's access control list): who may do what with one thing, until when and under which
// conditions. Decided here from a snapshot of the tenant's rows; `check_permission()` decides the same in
// SQL, and a test holds the two against each other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/describe/enum.hpp>

#include "access/tenants.h"
#include "access/time_window.h"
#include "base/time.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "http/address.h"

namespace gatehouse::access {

/// All that are given must hold.
struct GrantConditions {
  std::vector<http::Cidr> addresses;  // none: from anywhere
  std::optional<TimeWindow> window;   // none: always
};

struct Grant {
  GrantId id;
  ResourceKind kind = ResourceKind::CHT;
  Uuid resource;
  AclAction action = AclAction::REA;
  std::optional<UserId> user;  // either a person or a group
  std::optional<GroupId> group;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;  // included
  GrantConditions conditions;
  std::vector<std::string> fields;  // none: all
  bool is_read = true;              // by itself; of REA
  bool is_listed = true;            // among the things of its kind
};

/// Where and when a call is made. Addresses are IPv4 where they are mapped.
struct AclContext {
  std::optional<boost::asio::ip::address> address;
  Timestamp time;
};

/// Why the list of grants says what it says, for people who ask.
struct AclDecision {
  /// The further down, the nearer it came.
  enum class Reason { granted, no_grant, not_yet_valid, expired, address, time };
  BOOST_DESCRIBE_NESTED_ENUM(Reason, granted, no_grant, not_yet_valid, expired, address, time)

  Reason reason = Reason::no_grant;
  std::optional<GrantId> grant;  // that allows it; or the one that came nearest
  bool allowed() const { return reason == Reason::granted; }
  /// Used otherwise than its conditions say.
  bool is_violation() const { return reason == Reason::address || reason == Reason::time; }
};

/// Where a grant that was passed on comes from.
struct PassedOn {
  GrantId from;  // by which the giver managed the thing; that one was not passed on
  UserId by;
  std::vector<GroupId> groups;  // the giver's
};
using PassedOnGrants = std::unordered_map<GrantId, PassedOn>;

/// The active, unrevoked grants of one organization. Immutable. What was passed on counts only while that
/// from which it comes does, and its giver holds it.
class Acl {
 public:
  explicit Acl(std::vector<Grant>, PassedOnGrants = {});

  /// MNG allows every action. `groups` are the person's. The first grant that allows it decides.
  AclDecision decide(UserId, std::span<const GroupId> groups, ResourceKind, Uuid resource, AclAction,
                     const AclContext&) const;
  /// The listed things of a kind with which the person may do it, at most `kMostListed`, in no order.
  std::vector<Uuid> granted(UserId, std::span<const GroupId> groups, ResourceKind, AclAction,
                            const AclContext&) const;
  /// Null if there is none.
  const Grant* find(GrantId) const;

  static constexpr std::size_t kMostListed = 1'000;

 private:
  AclDecision::Reason judge(const Grant&, const AclContext&) const;

  std::vector<Grant> grants_;  // by id
  PassedOnGrants passed_on_;
  std::unordered_map<Uuid, std::vector<std::uint32_t>> by_resource_;
  std::unordered_map<Uuid, std::vector<std::uint32_t>> by_holder_;  // person or group
};

/// What `attributes` of a grant hold of conditions, as text of JSON. Nothing if they are not understood: such
/// a grant allows nothing.
std::optional<GrantConditions> parse_conditions(std::string_view attributes_json);

/// The tenant's grants, with its snapshot.
struct TenantAcl {
  Acl acl;
  static Task<std::shared_ptr<TenantAcl>> load(const TenantSnapshot&);
};

}  // namespace gatehouse::access
