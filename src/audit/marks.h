// Marks: of each chain the last event that a node has seen chained, kept in the product database.
//
// Whoever empties, cuts or begins anew a chain in the audit database alone does not reach them, and
// verification compares. They lag behind by a second or so: Drain writes them.
#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "audit/record.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::audit {

/// A place in a chain and the hash of its record.
struct Head {
  std::int64_t sequence = 0;
  Hash hash{};
};

/// Of chains by their organization's id; the platform's is nil.
using Marks = std::map<Uuid, Head>;

/// Moves marks forward, never back. As gatehouse_audit.
void add_write_marks(pg::Batch&, const Marks&);
/// Marks of all chains of the region. As gatehouse_audit. The rows are for read_marks.
void add_list_marks(pg::Batch&);
/// The organization's. As gatehouse_app in its context, with the organization's reach.
void add_find_mark(pg::Batch&, OrganizationId);
Marks read_marks(const pg::Rows&);

/// On their way from who appends to who writes them down. Thread-safe.
class FreshMarks {
 public:
  void set(const Uuid& chain, Head head) {
    std::scoped_lock lock(mutex_);
    marks_[chain] = head;
  }
  /// Those set since the last call.
  Marks take() {
    std::scoped_lock lock(mutex_);
    return std::exchange(marks_, {});
  }

 private:
  std::mutex mutex_;
  Marks marks_;
};

}  // namespace gatehouse::audit
