#include "json/validator.h"

#include <algorithm>
#include <map>
#include <utility>

#include <re2/re2.h>

// Without this valijson prints and aborts where it could throw.
#define VALIJSON_USE_EXCEPTIONS 1

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma clang diagnostic pop

#include <fmt/format.h>

#include "base/time.h"
#include "json/bounded.h"
#include "json/place.h"

namespace {

using Patterns = std::map<std::string, re2::RE2, std::less<>>;

// Those of the schema that this thread is validating against.
thread_local const Patterns* current_patterns = nullptr;

bool matches(const std::string& pattern, const std::string& text) {
  return re2::RE2::PartialMatch(text, current_patterns->at(pattern));
}

bool has_format(std::string_view format, std::string_view text) {
  using gatehouse::parse_rfc3339;
  if (format == "date-time") return parse_rfc3339(text).has_value();
  if (format == "date")
    return text.size() == 10 && parse_rfc3339(fmt::format("{}T00:00:00Z", text)).has_value();
  if (format == "time") return parse_rfc3339(fmt::format("2000-01-01T{}", text)).has_value();
  if (format == "uuid") return gatehouse::Uuid::parse(text).has_value();
  if (format == "email") return gatehouse::json::Email::parse(text).has_value();
  return true;
}

}  // namespace

// valijson runs std::regex over the document's strings, which recurses once a character: a long string
// overflows the stack. Its format check moreover throws on what is not a string. These two visits are
// therefore ours, for the one adapter used here; patterns run in RE2, in linear time.
namespace valijson {

using adapters::BoostJsonAdapter;

// Since 1.0.3 the visitor has a second parameter, which its Validator names.
void engine_of(void*);
template <template <class> class V, class Engine>
Engine engine_of(V<Engine>*);
template <template <class> class V, class>
V<BoostJsonAdapter> visitor();
template <template <class, class> class V, class Engine>
V<BoostJsonAdapter, Engine> visitor();
using Visitor = decltype(visitor<ValidationVisitor, decltype(engine_of(static_cast<Validator*>(nullptr)))>());

template <>
bool Visitor::visit(const constraints::PatternConstraint& constraint) {
  if (!m_target.isString()) return true;
  if (matches(std::string(constraint.getPattern<std::string::allocator_type>()), m_target.asString()))
    return true;
  if (m_results) m_results->pushError(m_context, "Pattern");
  return false;
}

template <>
bool Visitor::visit(const constraints::FormatConstraint& constraint) {
  if (!m_target.isString() || has_format(constraint.getFormat(), m_target.asString())) return true;
  if (m_results) m_results->pushError(m_context, "Format " + constraint.getFormat());
  return false;
}

}  // namespace valijson

namespace gatehouse::json {

struct Validator::Compiled {
  Value source;  // the parsed schema refers into it
  valijson::Schema schema;
  Patterns patterns;
};

namespace {

// Property names that patternProperties may be matched against by valijson's std::regex: longer ones are
// refused.
constexpr std::size_t kMaxKey = 256;

void collect_patterns(const Value& schema, Patterns& patterns) {
  auto add = [&](std::string_view text) {
    auto [entry, is_new] = patterns.try_emplace(std::string(text), re2::StringPiece(text.data(), text.size()),
                                                re2::RE2::CannedOptions::Quiet);
    if (!entry->second.ok()) throw Failure("a pattern of a JSON Schema is not one that RE2 takes");
  };
  if (auto* array = schema.if_array())
    for (const auto& item : *array) collect_patterns(item, patterns);
  auto* object = schema.if_object();
  if (!object) return;
  for (const auto& [key, value] : *object) {
    if (std::string_view(key) == "pattern" && value.is_string()) add(value.get_string());
    if (std::string_view(key) == "patternProperties" && value.is_object())
      for (const auto& property : value.get_object()) add(property.key());
    collect_patterns(value, patterns);
  }
}

void refuse_long_keys(const Value& value, const Place& at) {
  if (auto* array = value.if_array()) {
    std::size_t index = 0;
    for (const auto& item : *array) refuse_long_keys(item, at.element(index++));
  } else if (auto* object = value.if_object()) {
    for (const auto& [key, item] : *object) {
      if (key.size() > kMaxKey)
        at.fail(code::too_long, fmt::format("must not have a property name over {} bytes", kMaxKey));
      else
        refuse_long_keys(item, at.member(key));
    }
  }
}

// valijson's adapter does not know unsigned numbers; those over 2^63 count as 2^63 - 1, so that they stay
// integers.
void without_unsigned(Value& value) {
  if (auto* number = value.if_uint64()) {
    value = static_cast<std::int64_t>(std::min<std::uint64_t>(*number, INT64_MAX));
  } else if (auto* array = value.if_array()) {
    for (auto& item : *array) without_unsigned(item);
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) without_unsigned(member.value());
  }
}

bool has_unsigned(const Value& value) {
  if (auto* array = value.if_array()) return std::ranges::any_of(*array, has_unsigned);
  if (auto* object = value.if_object())
    return std::ranges::any_of(*object, [](auto& member) { return has_unsigned(member.value()); });
  return value.is_uint64();
}

// valijson names a place `<root>`, `["name"]`, `[0]`.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string out;
  for (std::string_view step : context) {
    if (!step.starts_with('[')) continue;
    step = step.substr(1, step.size() - 2);
    if (step.starts_with('"')) step = step.substr(1, step.size() - 2);
    append_pointer(out, step);
  }
  return out;
}

FieldError field_error(const std::vector<std::string>& context, std::string_view description) {
  struct Row {
    std::string_view begins;
    std::string_view code;
    std::string_view message;
  };
  static constexpr Row kRows[] = {
      {"Value type not permitted", code::wrong_type, "is of the wrong type"},
      {"Missing required property '", code::required, "is required"},
      {"Object contains a property that could not be validated", code::unknown_field,
       "has a property that is not known"},
      {"Failed to match against any enum", code::not_in_enum, "is not one of the allowed values"},
      {"Failed to match expected value", code::not_in_enum, "is not the expected value"},
      {"String should be no more", code::too_long, "is too long"},
      {"String should be no fewer", code::too_short, "is too short"},
      {"Expected number greater", code::too_small, "is too small"},
      {"Expected number less", code::too_large, "is too large"},
      {"Array should contain no more", code::too_many, "has too many items"},
      {"Array should contain no fewer", code::too_few, "has too few items"},
      {"Object should have no more", code::too_many, "has too many properties"},
      {"Object should have no fewer", code::too_few, "has too few properties"},
      {"Pattern", code::bad_format, "does not match the pattern"},
      {"Format ", code::bad_format, "does not have the format"},
  };
  FieldError error{.pointer = pointer_of(context),
                   .code = std::string(code::schema),
                   .message = "does not fit its schema"};
  for (const Row& row : kRows) {
    if (!description.starts_with(row.begins)) continue;
    error.code = row.code;
    error.message = row.message;
    if (row.code == code::required) {
      auto name = description.substr(row.begins.size());
      append_pointer(error.pointer, name.substr(0, name.rfind('\'')));
    }
  }
  return error;
}

}  // namespace

Validator::Validator(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

Validator Validator::compile(const Value& schema) {
  auto compiled = std::make_shared<Compiled>();
  compiled->source = schema;
  without_unsigned(compiled->source);
  collect_patterns(compiled->source, compiled->patterns);
  try {
    valijson::adapters::BoostJsonAdapter adapter(compiled->source);
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, compiled->schema);
  } catch (const std::exception& e) {
    throw Failure(std::string("not a JSON Schema: ") + e.what());
  }
  return Validator(std::move(compiled));
}

std::vector<FieldError> Validator::validate(const Value& document) const {
  FieldErrors found;
  refuse_long_keys(document, Place(found));
  if (!found.empty()) return std::move(found).to_error().fields;
  if (has_unsigned(document)) {
    Value signed_document = detached(document);
    without_unsigned(signed_document);
    return validate(signed_document);
  }
  auto* outer = std::exchange(current_patterns, &compiled_->patterns);
  valijson::ValidationResults results;
  try {
    valijson::Validator().validate(compiled_->schema, valijson::adapters::BoostJsonAdapter(document),
                                   &results);
  } catch (...) {
    current_patterns = outer;
    throw;
  }
  current_patterns = outer;
  // An object or array that holds a bad value is itself reported after it, as not fitting; the value says
  // more.
  for (const auto& result : results) {
    auto error = field_error(result.context, result.description);
    found.add(std::move(error.pointer), error.code, std::move(error.message));
  }
  return std::move(found).to_error().fields;
}

}  // namespace gatehouse::json
