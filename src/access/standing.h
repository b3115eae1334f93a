// A caller's standing, to be judged again while what they asked for goes on: a stream that lasts longer than
// the right to it.
#pragma once

#include "access/admission.h"
#include "access/authenticator.h"
#include "access/view_as.h"

namespace gatehouse::access {

class Standing {
 public:
  Standing(Authenticator& authenticator, Principal who, const OperationInfo& info, Asked asked)
      : authenticator_(&authenticator), who_(std::move(who)), info_(&info), asked_(std::move(asked)) {
    asked_.counts_use = false;
  }

  /// Whether the call would still be admitted: credential, membership, role, grants, the tenant's status.
  /// From snapshots, so within two seconds of a change. Errors: those of renew() and admit().
  Task<Result<void>> check(Reactor& reactor) const {
    GH_CO_TRY(auto who, co_await renew(*authenticator_, reactor, who_));
    GH_CO_TRY(auto admission, co_await admit(reactor, std::move(who), *info_, asked_));
    (void)admission;
    co_return Result<void>{};
  }

 private:
  Authenticator* authenticator_;  // of the process
  Principal who_;
  const OperationInfo* info_;  // of the process
  Asked asked_;
};

}  // namespace gatehouse::access
