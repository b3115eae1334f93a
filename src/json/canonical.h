// Canonical JSON (RFC 8785): one byte sequence for one value, to be hashed and signed.
#pragma once

#include <string>

#include "json/value.h"

namespace gatehouse::json {

/// Keys ordered by UTF-16 code units, numbers as ECMAScript writes them, no white space.
/// Throws Failure on what has no exact canonical form: a number that is not finite, an integer that is not
/// what ECMAScript writes of its double (those up to ±2^53 are), and a double below 10^21 that is written as
/// an integer of more than 64 bits. Put such numbers into strings.
std::string canonical(const Value&);

/// Number.prototype.toString of ECMAScript (RFC 8785, 3.2.2.3). Throws Failure unless finite.
std::string canonical_number(double);

}  // namespace gatehouse::json
