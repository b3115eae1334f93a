// What a redacted value becomes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crypto/secret.h"
#include "policy/document.h"
#include "policy/rule.h"

namespace gatehouse::policy {

/// `value` is the folded symbols of the value, `label` names its kind.
std::string replace(const Redaction&, std::string_view label, std::span<const char32_t> value,
                    const crypto::Secret& hash_key, Numbering&);

/// Symbols as UTF-8.
std::string to_utf8(std::span<const char32_t>);

}  // namespace gatehouse::policy
