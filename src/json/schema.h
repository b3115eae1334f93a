// JSON Schema 2020-12, as OpenAPI 3.1 uses it, from the same types that are decoded and encoded.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "json/type_codec.h"

namespace gatehouse::json {

/// The named schemas of one OpenAPI document. A described struct or enum is a component under its unqualified
/// name (a template's arguments follow it: `Page_ChatView`); everything else stands where it is used.
class Components {
 public:
  /// `{"$ref": "#/components/schemas/<name>"}`; calls `make` if the type is new, which may refer to the type
  /// itself. `type` identifies it. Throws Failure if another type has the name.
  Value refer(std::string_view spelled_type, const void* type, const std::function<Value()>& make);

  /// All of them by name: what stands under `components.schemas`.
  Object schemas() const;

 private:
  struct Entry {
    const void* type;
    Value schema;
  };
  std::map<std::string, Entry> entries_;
};

/// The schema of T, referring into `components`. Objects refuse further properties; `required` lists the
/// members that may not be absent, though encoding leaves out only Omittable and Patch.
template <class T>
Value schema_of(Components& components) {
  return Codec<T>::schema(components);
}

}  // namespace gatehouse::json
