// SQL of second factors: a person's in the regions that know them, an operator's in the control database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/reactor.h"
#include "crypto/bytes.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::identity {

/// Whose account: an operator's has no region, a person's is in every region that knows them.
struct AccountOwner {
  UserId user;
  bool is_operator = false;
};

struct SecondFactorRow {
  std::optional<Region> region;  // where its codes are counted; none: the control database
  crypto::Bytes sealed_secret;
  std::optional<Timestamp> confirmed_at;
  std::int64_t last_step = 0;
  std::int32_t recovery_codes = 0;  // left
};

/// In the first region that has one, so that a code counts once wherever it is shown.
Task<std::optional<SecondFactorRow>> find_second_factor(access::Reactor&, AccountOwner);
/// Begins anew; replaces one that was not confirmed, and no other: false then.
Task<bool> insert_second_factor(access::Reactor&, AccountOwner, crypto::Bytes sealed_secret);
/// Puts it in force, in every region. `step` is that of its first code.
Task<void> confirm_second_factor(access::Reactor&, AccountOwner, SecondFactorRow, std::int64_t step,
                                 std::vector<std::string> recovery_hashes);
/// False if that step, or a later one, was taken before.
Task<bool> take_step(access::Reactor&, AccountOwner, std::optional<Region>, std::int64_t step);
/// False if there is no such code, or not any more.
Task<bool> take_recovery_code(access::Reactor&, AccountOwner, std::optional<Region>, std::string hash);
Task<void> replace_recovery_codes(access::Reactor&, AccountOwner, std::vector<std::string> hashes);
/// With what its sessions were shown of it.
Task<void> delete_second_factor(access::Reactor&, AccountOwner);

}  // namespace gatehouse::identity
