// JSON text to and from values, safe on hostile input.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/error.h"

namespace gatehouse::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// What a text may cost at most. Time and memory of a parse are linear in its size.
struct Limits {
  std::size_t max_bytes = 1 << 20;
  int max_depth = 32;                  // arrays and objects inside one another
  std::size_t max_elements = 100'000;  // values of any kind, nested ones included
  bool allow_duplicate_keys = false;   // if allowed, the last one counts
};

/// RFC 8259, strictly: one value, valid UTF-8, no lone surrogates, no comments. Numbers are exact: an integer
/// outside int64/uint64 and a number that no double can hold (`1e999`, `1e-999`) are refused; others are the
/// nearest double. Errors: malformed_json; the detail names line, column, byte offset and reason, and quotes
/// nothing.
Result<Value> parse(std::string_view text, Limits limits = {});

/// A parsed text in one arena: made and freed with few allocations, for the hot path.
/// The root may be edited; what is added lives in the arena until the document dies. Move only. Beware of
/// Boost.JSON's rule that a copy-constructed value lives where the original does: keep parts by detached() or
/// by assignment.
class Document {
 public:
  static Result<Document> parse(std::string_view text, Limits limits = {});
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  const Value& root() const { return *root_; }
  Value& root() { return *root_; }

 private:
  struct Parsed;
  explicit Document(Parsed);

  std::unique_ptr<boost::json::monotonic_resource> arena_;
  Value* root_ = nullptr;  // in the arena
};

/// A copy that depends on no arena.
inline Value detached(const Value& value) {
  return Value(value, boost::json::storage_ptr());
}

/// Compact JSON. A double stays recognisable as one (`1.0`). Throws Failure on a number that is not finite.
std::string write(const Value&);
void write(std::string& out, const Value&);

}  // namespace gatehouse::json
