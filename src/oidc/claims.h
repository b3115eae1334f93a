// Reading what a provider says: JSON objects whose members may be absent or of any type.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "json/value.h"

namespace gatehouse::oidc {

/// Bytes of a discovery document, a key set, a token response or a userinfo answer.
inline constexpr std::size_t kMaxDocument = 256 * 1024;

/// A string that is not empty and that PostgreSQL could store.
std::optional<std::string> find_text(const json::Object&, std::string_view name);
/// An array of strings, or one string. Nothing if it is absent, another thing, or longer than `most`.
std::optional<std::vector<std::string>> find_texts(const json::Object&, std::string_view name,
                                                   std::size_t most);
/// `true`, and the string "true", which some providers send.
std::optional<bool> find_flag(const json::Object&, std::string_view name);
/// RFC 7519's NumericDate. Nothing outside the years that Timestamp holds.
std::optional<Timestamp> find_date(const json::Object&, std::string_view name);

/// The claim at `path`: a member of that very name, else, its dots taken for steps, one inside another
/// (`realm_access.roles`). Null if there is none.
const json::Value* find_claim(const json::Object&, std::string_view path);
/// A claim that names groups: one string, or an array of strings, of which the empty and those over 256 bytes
/// are skipped. Nothing if it is absent or another thing, or has more than `most` members.
std::optional<std::vector<std::string>> find_groups(const json::Object&, std::string_view path,
                                                    std::size_t most);

}  // namespace gatehouse::oidc
