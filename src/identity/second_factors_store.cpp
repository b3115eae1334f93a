#include "identity/second_factors_store.h"

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

// A person's form and an operator's, side by side.
struct Forms {
  pg::Statement person, of_operator;
};

constexpr Forms kFind{
    {"second_factors.find",
     "select sealed_secret, confirmed_at, last_step, cardinality(recovery_codes) as recovery_codes"
     " from second_factors where user_id = $1"},
    {"operator_second_factors.find",
     "select sealed_secret, confirmed_at, last_step, cardinality(recovery_codes) as recovery_codes"
     " from operator_second_factors where operator_id = $1"}};
constexpr Forms kInsert{
    {"second_factors.insert",
     "insert into second_factors (user_id, sealed_secret) select id, $2 from users where id = $1"
     " on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0, created_at "
     "= now()"
     " where second_factors.confirmed_at is null"},
    {"operator_second_factors.insert",
     "insert into operator_second_factors (operator_id, sealed_secret) values ($1, $2)"
     " on conflict (operator_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0,"
     " created_at = now() where operator_second_factors.confirmed_at is null"}};
constexpr Forms kConfirm{
    {"second_factors.confirm",
     "insert into second_factors (user_id, sealed_secret, confirmed_at, last_step, recovery_codes)"
     " select id, $2, now(), $3, $4 from users where id = $1 on conflict (user_id) do update"
     " set sealed_secret = excluded.sealed_secret, confirmed_at = now(), last_step = excluded.last_step,"
     " recovery_codes = excluded.recovery_codes"},
    {"operator_second_factors.confirm",
     "update operator_second_factors set sealed_secret = $2, confirmed_at = now(), last_step = $3, "
     "recovery_codes = $4"
     " where operator_id = $1"}};
constexpr Forms kTakeStep{
    {"second_factors.take_step",
     "update second_factors set last_step = $2 where user_id = $1 and last_step < $2"},
    {"operator_second_factors.take_step",
     "update operator_second_factors set last_step = $2 where operator_id = $1 and last_step < $2"}};
constexpr Forms kTakeRecovery{
    {"second_factors.take_recovery",
     "update second_factors set recovery_codes = array_remove(recovery_codes, $2)"
     " where user_id = $1 and confirmed_at is not null and $2 = any (recovery_codes)"},
    {"operator_second_factors.take_recovery",
     "update operator_second_factors set recovery_codes = array_remove(recovery_codes, $2)"
     " where operator_id = $1 and confirmed_at is not null and $2 = any (recovery_codes)"}};
constexpr Forms kReplaceRecovery{
    {"second_factors.replace_recovery", "update second_factors set recovery_codes = $2 where user_id = $1"},
    {"operator_second_factors.replace_recovery",
     "update operator_second_factors set recovery_codes = $2 where operator_id = $1"}};
constexpr Forms kDelete{
    {"second_factors.delete", "delete from second_factors where user_id = $1"},
    {"operator_second_factors.delete", "delete from operator_second_factors where operator_id = $1"}};
constexpr Forms kUnmark{
    {"second_factors.unmark_sessions",
     "update sessions set second_factor_at = null where user_id = $1 and second_factor_at is not null"
     " and organization_id in (select organization_id from memberships where user_id = $1)"},
    {"operator_second_factors.unmark_sessions",
     "update operator_sessions set second_factor_at = null where operator_id = $1 and second_factor_at is "
     "not null"}};

struct Row {
  crypto::Bytes sealed_secret;
  std::optional<Timestamp> confirmed_at;
  std::int64_t last_step;
  std::int32_t recovery_codes;
};
BOOST_DESCRIBE_STRUCT(Row, (), (sealed_secret, confirmed_at, last_step, recovery_codes))

Task<pg::Rows> run(access::Reactor& reactor, std::optional<Region> region, Forms forms, pg::Params params) {
  auto& pool = region ? *reactor.region(*region).platform : reactor.control();
  pg::Batch batch(region ? forms.person : forms.of_operator, std::move(params));
  auto rows = co_await pool.run(std::move(batch), pg::within(kDeadline));
  co_return std::move(rows[0]);
}

/// Where the account's rows are.
std::vector<std::optional<Region>> places(access::Reactor& reactor, AccountOwner owner) {
  if (owner.is_operator) return {std::nullopt};
  std::vector<std::optional<Region>> all;
  for (auto& served : reactor.regions()) all.emplace_back(served.region);
  return all;
}

}  // namespace

Task<std::optional<SecondFactorRow>> find_second_factor(access::Reactor& reactor, AccountOwner owner) {
  std::optional<SecondFactorRow> pending;
  for (auto place : places(reactor, owner)) {
    auto rows = co_await run(reactor, place, kFind, pg::params(owner.user));
    auto row = rows.find_one<Row>();
    if (!row) continue;
    SecondFactorRow found{place, std::move(row->sealed_secret), row->confirmed_at, row->last_step,
                          row->recovery_codes};
    if (found.confirmed_at) co_return found;
    if (!pending) pending = std::move(found);
  }
  co_return pending;
}

Task<bool> insert_second_factor(access::Reactor& reactor, AccountOwner owner, crypto::Bytes sealed_secret) {
  bool inserted = false;
  for (auto place : places(reactor, owner)) {
    auto rows = co_await run(reactor, place, kInsert, pg::params(owner.user, sealed_secret));
    inserted = rows.affected() == 1 || inserted;
  }
  co_return inserted;
}

Task<void> confirm_second_factor(access::Reactor& reactor, AccountOwner owner, SecondFactorRow row,
                                 std::int64_t step, std::vector<std::string> recovery_hashes) {
  for (auto place : places(reactor, owner))
    co_await run(reactor, place, kConfirm, pg::params(owner.user, row.sealed_secret, step, recovery_hashes));
}

Task<bool> take_step(access::Reactor& reactor, AccountOwner owner, std::optional<Region> region,
                     std::int64_t step) {
  auto rows = co_await run(reactor, region, kTakeStep, pg::params(owner.user, step));
  co_return rows.affected() == 1;
}

Task<bool> take_recovery_code(access::Reactor& reactor, AccountOwner owner, std::optional<Region> region,
                              std::string hash) {
  auto rows = co_await run(reactor, region, kTakeRecovery, pg::params(owner.user, hash));
  co_return rows.affected() == 1;
}

Task<void> replace_recovery_codes(access::Reactor& reactor, AccountOwner owner,
                                  std::vector<std::string> hashes) {
  for (auto place : places(reactor, owner))
    co_await run(reactor, place, kReplaceRecovery, pg::params(owner.user, hashes));
}

Task<void> delete_second_factor(access::Reactor& reactor, AccountOwner owner) {
  for (auto place : places(reactor, owner)) {
    co_await run(reactor, place, kDelete, pg::params(owner.user));
    co_await run(reactor, place, kUnmark, pg::params(owner.user));
  }
}

}  // namespace gatehouse::identity
