// The leaves of JSON text, appended to a string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.h"

namespace gatehouse::json {

/// Quoted and escaped as little as RFC 8259 allows (and as RFC 8785 asks). Bytes that are not UTF-8 become
/// U+FFFD.
void write_string(std::string& out, std::string_view);
void write_integer(std::string& out, std::int64_t);
void write_integer(std::string& out, std::uint64_t);
/// Shortest form that reads back as the same double, with a point or an exponent. Throws Failure unless
/// finite.
void write_double(std::string& out, double);
void write(std::string& out, const Object&);

/// Bytes of the UTF-8 sequence that `text` begins with (Unicode 15, table 3-7); 0 if it is not one.
std::size_t utf8_length(std::string_view text);

}  // namespace gatehouse::json
