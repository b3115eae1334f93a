// How often somebody may guess: a token for each try that may fail, given back when it did not.
#pragma once

#include <boost/asio/ip/address.hpp>

#include "access/call.h"
#include "crypto/digest.h"
#include "identity/accounts_store.h"
#include "identity/identity.h"
#include "identity/lockout.h"

namespace gatehouse::identity {

/// One try at an account's password, counted for the account from this client's address and for the account
/// in all, whether or not there is such an account.
class Attempt {
 public:
  Attempt(Identity&, const crypto::Digest& email, const boost::asio::ip::address& client);

  struct Refusal {
    std::chrono::seconds wait;
    Lockout what;
    std::uint64_t key;
  };
  /// Something if no failure is left to be had.
  std::optional<Refusal> begin();
  void forgive();

 private:
  Identity& identity_;
  std::uint64_t in_all_ = 0;
  std::uint64_t from_here_ = 0;
};

/// The number that a limiter knows a thing by.
std::uint64_t limiter_key(const crypto::Digest&);

/// Checks the password of who is signed in, under the limits of sign-in. Errors: validation_failed at
/// `/password` (a 401 would read as a session that ended), rate_limited, overloaded.
Task<Result<void>> check_own_password(Identity&, access::Call&, Account, crypto::Secret password);

}  // namespace gatehouse::identity
