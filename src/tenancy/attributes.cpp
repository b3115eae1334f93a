#include "tenancy/attributes.h"

#include <algorithm>
#include <map>

#include "json/validator.h"

namespace gatehouse::tenancy {
namespace {

struct Newest {
  std::string_view version;
  json::Validator validator;
};

bool is_newer(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

const Newest& newest(std::string_view name) {
  static const auto all = [] {
    std::map<std::string_view, const PublishedSchema*> latest;
    for (const auto& schema : published_schemas()) {
      auto& known = latest[schema.name];
      if (!known || is_newer(schema.version, known->version)) known = &schema;
    }
    std::map<std::string_view, Newest> compiled;
    for (const auto& [key, schema] : latest)
      compiled.emplace(key,
                       Newest{schema->version, json::Validator::compile(json::parse(schema->text).value())});
    return compiled;
  }();
  auto found = all.find(name);
  if (found == all.end()) throw Failure("no schema is published for " + std::string(name));
  return found->second;
}

}  // namespace

void merge_patch(json::Object& target, const json::Object& patch) {
  for (const auto& [key, value] : patch) {
    if (value.is_null()) {
      target.erase(key);
    } else if (value.is_object()) {
      auto& inner = target[key];
      if (!inner.is_object()) inner = json::Object();
      merge_patch(inner.as_object(), value.as_object());
      if (inner.as_object().empty()) target.erase(key);
    } else {
      target[key] = json::detached(value);
    }
  }
}

json::Object read_document(std::string_view text) {
  auto value = json::parse(text);
  if (!value || !value->is_object()) throw Failure("a stored document is not a JSON object");
  return std::move(value->as_object());
}

Result<std::string> write_document(std::string_view name, json::Object document, std::string_view at) {
  document.erase("metadata");
  if (document.empty()) return std::string("{}");
  const auto& schema = newest(name);
  document["metadata"] = json::Object{{"schema_name", name}, {"schema_version", schema.version}};
  json::Value value(std::move(document));
  auto errors = schema.validator.validate(value);
  if (errors.empty()) return json::write(value);
  // That the document as a whole does not fit says no more than what of it does not.
  bool is_precise =
      std::ranges::any_of(errors, [](const FieldError& error) { return !error.pointer.empty(); });
  if (is_precise) std::erase_if(errors, [](const FieldError& error) { return error.pointer.empty(); });
  for (auto& error : errors) error.pointer = std::string(at) + error.pointer;
  return fail(Error{.code = ErrorCode::validation_failed,
                    .detail = "The document does not fit its schema",
                    .fields = std::move(errors)});
}

const json::Value* find_in(const json::Object& document, std::string_view path) {
  const json::Object* at = &document;
  for (;;) {
    auto dot = path.find('.');
    const auto* found = at->if_contains(path.substr(0, dot));
    if (!found || dot == std::string_view::npos) return found;
    if (!found->is_object()) return nullptr;
    at = &found->get_object();
    path.remove_prefix(dot + 1);
  }
}

std::optional<std::string> text_in(const json::Object& document, std::string_view path) {
  const auto* found = find_in(document, path);
  if (!found || !found->is_string()) return std::nullopt;
  return std::string(found->get_string());
}

}  // namespace gatehouse::tenancy
