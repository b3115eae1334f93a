// JSON Schema draft-07: documents whose shape is data, such as `attributes`.
#pragma once

#include <memory>
#include <vector>

#include "json/value.h"

namespace gatehouse::json {

/// A compiled schema. Compile once and keep; const use from any thread. Cheap to copy.
class Validator {
 public:
  /// References inside the schema are followed, others never fetched. Throws Failure if the schema is not
  /// valid.
  static Validator compile(const Value& schema);

  /// What does not fit, with pointers into `document`; empty if it is valid. At most 100.
  std::vector<FieldError> validate(const Value& document) const;

 private:
  struct Compiled;
  explicit Validator(std::shared_ptr<const Compiled>);
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace gatehouse::json
