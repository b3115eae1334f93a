// What identity writes to people, in their language.
#pragma once

#include <string>

#include "mail/letter.h"

namespace gatehouse::identity {

/// `language`: en or pt-BR; any other is written in English. `url` sets a new password once, within half an
/// hour.
mail::Letter reset_letter(const std::string& to, const std::string& language, const std::string& url);
/// The same, sent by an administrator of `organization`.
mail::Letter reset_letter_from(const std::string& to, const std::string& language, const std::string& url,
                               const std::string& organization);
/// The code that confirms an address that signs up.
mail::Letter sign_up_letter(const std::string& to, const std::string& language, const std::string& code);
/// For an address that signs up and has an account.
mail::Letter known_address_letter(const std::string& to, const std::string& language, const std::string& url);

/// To who was asked into `organization`, in the language of who asks.
mail::Letter invitation_letter(const std::string& to, const std::string& language, const std::string& url,
                               const std::string& organization);

}  // namespace gatehouse::identity
