#include "json/place.h"

#include <fmt/format.h>

namespace gatehouse::json {

void FieldErrors::add(std::string pointer, std::string_view error_code, std::string message) {
  if (!full())
    fields_.push_back(
        {.pointer = std::move(pointer), .code = std::string(error_code), .message = std::move(message)});
}

Error FieldErrors::to_error() && {
  const bool may_be_more = full();
  auto error = invalid(std::move(fields_));
  if (may_be_more) error.detail = fmt::format("{} or more fields are not valid", kMax);
  return error;
}

void Place::fail(std::string_view error_code, std::string_view message) const {
  if (!full()) errors_->add(pointer(), error_code, std::string(message));
}

std::string Place::pointer() const {
  std::string out;
  append_to(out);
  return out;
}

void Place::append_to(std::string& out) const {
  if (parent_) parent_->append_to(out);
  switch (kind_) {
    case Kind::root:
      return;
    case Kind::parameters:
      out += key_;
      return;
    case Kind::element:
      out += fmt::format("/{}", index_);
      return;
    case Kind::member:
      break;
  }
  if (parent_->kind_ == Kind::parameters)
    out.append(key_).append(parent_->suffix_);
  else
    append_pointer(out, key_);
}

void append_pointer(std::string& out, std::string_view key) {
  out += '/';
  for (char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
}

}  // namespace gatehouse::json
