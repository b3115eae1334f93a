// `attributes`: documents whose shape is data, held against the published schemas (schemas/) when they are
// written.
//
// What is stored names its schema and version; an empty object means "version 1.0, nothing set". Reading asks
// for single members and takes those that are of the expected type, so documents of older versions stay
// readable.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace gatehouse::tenancy {

struct PublishedSchema {
  std::string_view name;     // `organization`
  std::string_view version;  // `1.1`
  std::string_view text;
};
/// All of them; made by the build from schemas/.
std::span<const PublishedSchema> published_schemas();

/// RFC 7396: members of `patch` replace, null removes, objects are gone into.
void merge_patch(json::Object& target, const json::Object& patch);

/// The stored text of a document; nothing else than an object is ever stored.
json::Object read_document(std::string_view text);

/// The document as it is to be stored, after its newest schema took it: says which one. An object that became
/// empty stays empty. Errors: validation_failed, with pointers into the document below `at`.
Result<std::string> write_document(std::string_view name, json::Object document, std::string_view at = {});

/// A member of the document, by path (`branding.logo_url`); nothing if it is absent or no string.
std::optional<std::string> text_in(const json::Object& document, std::string_view path);
const json::Value* find_in(const json::Object& document, std::string_view path);

}  // namespace gatehouse::tenancy
