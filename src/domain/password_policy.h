// Which passwords people may choose (NIST SP 800-63B §3.1.1.2): long enough, not themselves, not what
// everybody takes. No rules of composition.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace gatehouse {

inline constexpr std::size_t kMinPassword = 12;    // code points
inline constexpr std::size_t kMaxPassword = 1024;  // bytes

struct PasswordRefusal {
  std::string_view code;  // `too_short`, `too_long`, `is_personal`, `is_common`
  std::string_view message;
};

/// Whose password it will be.
struct PasswordOwner {
  std::string_view email;
  std::string_view name;
};

/// Nothing if the password will do. `is_personal`: little is left of it without the owner's name or address,
/// the installation's name included. `is_common`: one short piece over and over, a run of the keyboard or the
/// alphabet, or one of the words that lists of leaked passwords begin with, dressed with digits, signs and
/// lookalikes.
std::optional<PasswordRefusal> refuse_password(std::string_view password, PasswordOwner);

/// The same as an answer. Errors: validation_failed at `pointer`, with the refusal's code.
Result<void> check_new_password(std::string_view password, PasswordOwner,
                                std::string_view pointer = "/password");

}  // namespace gatehouse
