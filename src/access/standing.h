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

  /// The call goes on with something of the caller's own that is in this workspace, whichever they named.
  void stand_in(WorkspaceId workspace) { asked_.workspace = workspace.to_string(); }
  /// The call goes on with what is open to the caller by a grant alone.
  void stand_on_grant() { needs_grant_ = true; }

  /// Whether the call would still be admitted: credential, membership, role, grants, the tenant's status; and
  /// what it stands on besides. From snapshots, so within two seconds of a change. Errors: those of renew()
  /// and admit(); forbidden.
  Task<Result<void>> check(Reactor& reactor) const {
    GH_CO_TRY(auto who, co_await renew(*authenticator_, reactor, who_));
    GH_CO_TRY(auto admission, co_await admit(reactor, std::move(who), *info_, asked_));
    if (needs_grant_ && !admission.grant)
      co_return fail(ErrorCode::forbidden, "The grant that opened this has ended");
    co_return Result<void>{};
  }

 private:
  Authenticator* authenticator_;  // of the process
  Principal who_;
  const OperationInfo* info_;  // of the process
  Asked asked_;
  bool needs_grant_ = false;
};

}  // namespace gatehouse::access
