#include "audit/marks.h"

#include "base/error.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::audit {
namespace {

// Nobody waits for a mark, and one that a crash loses is a second old: no sync of the disk is worth it.
constexpr pg::Statement kUnsynced{"audit.marks_unsynced",
                                  "select set_config('synchronous_commit', 'off', true)"};
constexpr pg::Statement kWrite{
    "audit.write_marks",
    "insert into audit_marks (organization_id, org_sequence, hash)"
    " select * from unnest($1::uuid[], $2::bigint[], $3::bytea[])"
    " on conflict (organization_id) do update set org_sequence = excluded.org_sequence, hash = excluded.hash"
    " where audit_marks.org_sequence < excluded.org_sequence"};
constexpr pg::Statement kList{"audit.list_marks",
                              "select organization_id, org_sequence, hash from audit_marks"};
constexpr pg::Statement kFind{
    "audit.find_mark",
    "select organization_id, org_sequence, hash from audit_marks where organization_id = $1"};

}  // namespace

void add_write_marks(pg::Batch& batch, const Marks& marks) {
  std::vector<Uuid> chains;
  std::vector<std::int64_t> sequences;
  std::vector<Hash> hashes;
  // In the order of ids, so that two nodes lock rows in the same order.
  for (const auto& [chain, head] : marks) {
    chains.push_back(chain);
    sequences.push_back(head.sequence);
    hashes.push_back(head.hash);
  }
  batch.add(kUnsynced);
  batch.add(kWrite, pg::params(chains, sequences, hashes));
}

void add_list_marks(pg::Batch& batch) {
  batch.add(kList);
}

void add_find_mark(pg::Batch& batch, OrganizationId organization) {
  batch.add(kFind, pg::params(organization));
}

Marks read_marks(const pg::Rows& rows) {
  Marks marks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Head head{.sequence = rows.at(i, 1).integer()};
    auto hash = rows.at(i, 2).binary();
    if (hash.size() != head.hash.size()) throw Failure("audit: a mark has no hash");
    std::ranges::copy(hash, head.hash.begin());
    marks.emplace(rows.at(i, 0).uuid(), head);
  }
  return marks;
}

}  // namespace gatehouse::audit
