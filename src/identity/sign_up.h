// Coming without being asked: an address, its confirmation, then an organization to join or to found.
//
// Until the end nothing of the person is stored. What they said travels in a sealed text that only this
// installation opens: the first one names the code that was sent to the address, the second says that it was
// given. So an abandoned sign-up leaves nothing, and a finished one is whole: person, membership and
// workspaces in one transaction.
#pragma once

#include <optional>
#include <string>

#include "access/call.h"
#include "base/error.h"
#include "base/task.h"
#include "identity/identity.h"

namespace gatehouse::identity {

inline constexpr std::chrono::seconds kSignUpLifetime{1800};

struct NewSignUp {
  std::string email;  // normalized
  std::string name;
  crypto::Secret password;
  std::string language;
  Region region = Region::us;
  /// To join; nothing: to found one.
  std::optional<std::string> organization;
};

struct SignUpStarted {
  std::string sign_up;
  Timestamp expires_at;
  /// The code, where no mail is sent: in the demo alone.
  std::optional<std::string> demo_code;
};

/// Whether one may come that way at all. Errors: sign_up_closed, not_found (the organization), wrong_region.
struct OpenOrganization {
  OrganizationId id;
  std::string name;
  Region region = Region::us;
};
Task<Result<OpenOrganization>> find_open_organization(Identity&, access::Reactor&, std::string slug);

/// The same answer, after the same work, whether the address has an account or not: who has one is told so by
/// mail. Errors: sign_up_closed, not_found, wrong_region, validation_failed (the password), rate_limited (by
/// address), overloaded.
Task<Result<SignUpStarted>> start_sign_up(Identity&, access::Call&, NewSignUp);

/// Errors: invalid_link (the sign-up is too old), invalid_code, rate_limited.
Task<Result<std::string>> confirm_sign_up(Identity&, access::Call&, std::string sign_up, std::string code);

struct FoundOrganization {
  std::string name;
  std::string slug;
  DataMode data_mode = DataMode::metadata_only;
  json::Object profile;  // of the organization's attributes
};
/// Makes organization and person, and signs them in. Errors: sign_up_closed, invalid_link, already_exists
/// (the slug, at
/// `/slug`; or the account), conflict (it is being made at this moment).
Task<Result<access::Principal>> found_organization(Identity&, access::Call&, std::string sign_up,
                                                   FoundOrganization);
/// Errors: sign_up_closed, invalid_link, already_exists (the account), conflict, forbidden (the address is of
/// another domain), password_sign_in_off.
Task<Result<access::Principal>> join_organization(Identity&, access::Call&, std::string sign_up);

}  // namespace gatehouse::identity
