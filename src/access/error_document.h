// docs/errors.md and the page /docs/errors: every refusal, and what brings it about.
#pragma once

#include <string>

namespace gatehouse::access {

class Operations;

/// Markdown: the catalogue, and which operations name a code among their failures.
std::string error_document(const Operations&);
/// The catalogue as a page of its own.
std::string error_page();

}  // namespace gatehouse::access
