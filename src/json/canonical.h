// Canonical JSON (RFC 8785): one byte sequence for one value, to be hashed and signed.
#pragma once

#include <string>

#include "json/value.h"

namespace gatehouse::json {

/// Keys ordered by UTF-16 code units, numbers as ECMAScript writes them, no white space.
/// Throws Failure on what has no exact canonical form: a number that is not finite, and an integer beyond
/// ±(2^53 - 1), which other readers would round. Put such integers into strings.
std::string canonical(const Value&);

/// Number.prototype.toString of ECMAScript (RFC 8785, 3.2.2.3). Throws Failure unless finite.
std::string canonical_number(double);

}  // namespace gatehouse::json
