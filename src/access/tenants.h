// What a reactor remembers of a tenant: an immutable snapshot of its settings, and parts that capabilities
// derive from its rows (compiled policies, the model catalogue, known keys). All of it is dropped when the
// tenant's version row moves, so a revocation or an edit is in force within two seconds, and the hot path
// asks no database.
#pragma once

#include <any>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <typeindex>
#include <unordered_map>

#include "base/error.h"
#include "base/one_at_a_time.h"
#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "pg/connection.h"
#include "pg/rows.h"

namespace gatehouse::access {

class Reactor;

struct Tenant {
  OrganizationId id;
  Region region = Region::us;
  std::string name;
  std::string slug;
  DataMode data_mode = DataMode::metadata_only;
  TenantStatus status = TenantStatus::active;
  std::optional<PlanId> plan;
  /// Mutating operations of programs in an hour and workspace (settings); none: no cap.
  std::optional<std::int64_t> write_cap_per_hour;
  Timestamp created_at;
};

class TenantSnapshot : public std::enable_shared_from_this<TenantSnapshot> {
 public:
  TenantSnapshot(Reactor& reactor, Tenant tenant) : tenant_(std::move(tenant)), reactor_(reactor) {}

  const Tenant& tenant() const { return tenant_; }
  Reactor& reactor() const { return reactor_; }

  /// The part of this type, loaded once per snapshot by
  /// `static Task<std::shared_ptr<Part>> Part::load(const TenantSnapshot&)`. A part may change while it lives
  /// (a cache that fills); it is used by this reactor alone.
  template <class Part>
  Task<std::shared_ptr<Part>> part() const {
    auto& slot = parts_[typeid(Part)];
    if (!slot) {
      auto self = shared_from_this();
      auto turn = co_await loading_.enter(typeid(Part));
      // Not through `slot`: the table may have grown while we waited.
      if (!parts_[typeid(Part)]) {
        std::shared_ptr<Part> made = co_await Part::load(*this);
        parts_[typeid(Part)] = std::move(made);
      }
    }
    co_return std::static_pointer_cast<Part>(parts_[typeid(Part)]);
  }

  /// Reads in the tenant's context with an administrator's reach, for loading parts. One round trip.
  Task<std::vector<pg::Rows>> read(pg::Batch) const;

 private:
  Tenant tenant_;
  Reactor& reactor_;
  mutable std::unordered_map<std::type_index, std::shared_ptr<void>> parts_;
  mutable OneAtATime<std::type_index> loading_;
};

class TenantCache {
 public:
  explicit TenantCache(Reactor& reactor) : reactor_(reactor) {}

  /// Errors: not_found; the caller answers 404 or 401. Throws if the database fails.
  Task<Result<std::shared_ptr<const TenantSnapshot>>> get(Region, OrganizationId);
  /// As get(), without asking. Null if it is not known, or not known to be current.
  std::shared_ptr<const TenantSnapshot> find(Region, OrganizationId);

  /// Follows a region's version rows, once a second, until cancelled; one such loop a region, so that none
  /// waits for another. While the region's database cannot be asked for more than two seconds, its snapshots
  /// are dropped, so that nothing stale is served.
  Task<void> follow_versions(Region);

 private:
  Task<void> poll(Region);

  struct Entry {
    std::shared_ptr<const TenantSnapshot> snapshot;
    std::int64_t version = 0;
    std::chrono::steady_clock::time_point asked;  // when it was read, at the latest
  };
  Reactor& reactor_;
  std::unordered_map<OrganizationId, Entry> entries_;
  // Until when. By region: an organization is absent from all but its own.
  std::map<Region, std::unordered_map<OrganizationId, std::chrono::steady_clock::time_point>> absent_;
  std::map<Region, std::chrono::steady_clock::time_point> confirmed_;
  OneAtATime<OrganizationId> loading_;
};

}  // namespace gatehouse::access
