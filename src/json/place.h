// Where in a document a decoder stands, and where it reports what is wrong there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::json {

/// The machine-readable codes of FieldError that json/ gives.
namespace code {
inline constexpr std::string_view required = "required";
inline constexpr std::string_view unknown_field = "unknown_field";
inline constexpr std::string_view duplicate = "duplicate";  // a parameter given twice
inline constexpr std::string_view wrong_type = "wrong_type";
inline constexpr std::string_view too_short = "too_short";
inline constexpr std::string_view too_long = "too_long";
inline constexpr std::string_view too_small = "too_small";
inline constexpr std::string_view too_large = "too_large";
inline constexpr std::string_view too_few = "too_few";
inline constexpr std::string_view too_many = "too_many";
inline constexpr std::string_view bad_format = "bad_format";
inline constexpr std::string_view not_in_enum = "not_in_enum";
inline constexpr std::string_view schema = "schema";  // another rule of a JSON Schema
}  // namespace code

/// The bad fields found so far; keeps the first 100, so that an answer stays smaller than its request.
class FieldErrors {
 public:
  static constexpr std::size_t kMax = 100;

  bool empty() const { return fields_.empty(); }
  bool full() const { return fields_.size() >= kMax; }
  void add(std::string pointer, std::string_view error_code, std::string message);
  /// validation_failed with all of them.
  Error to_error() &&;

 private:
  std::vector<FieldError> fields_;
};

/// One place; children are made on the stack and refer to their parent, so that a good document allocates
/// nothing.
class Place {
 public:
  /// The root. `prefix` and `suffix` frame the pointer of parameters: `?limit`, `{chat_id}`.
  explicit Place(FieldErrors& errors) : errors_(&errors) {}
  Place(FieldErrors& errors, std::string_view prefix, std::string_view suffix)
      : errors_(&errors), key_(prefix), suffix_(suffix), kind_(Kind::parameters) {}

  Place member(std::string_view key) const { return Place(*this, key, 0, Kind::member); }
  Place element(std::size_t index) const { return Place(*this, {}, index, Kind::element); }

  /// Reports this place. `message` is an English phrase that follows the field's name: "must be a string".
  void fail(std::string_view error_code, std::string_view message) const;
  bool full() const { return errors_->full(); }
  /// RFC 6901.
  std::string pointer() const;

 private:
  enum class Kind : unsigned char { root, parameters, member, element };
  Place(const Place& parent, std::string_view key, std::size_t index, Kind kind)
      : errors_(parent.errors_), parent_(&parent), key_(key), index_(index), kind_(kind) {}
  void append_to(std::string&) const;

  FieldErrors* errors_;
  const Place* parent_ = nullptr;
  std::string_view key_;
  std::string_view suffix_;
  std::size_t index_ = 0;
  Kind kind_ = Kind::root;
};

/// Appends `/key` with `~` and `/` escaped.
void append_pointer(std::string& out, std::string_view key);

}  // namespace gatehouse::json
