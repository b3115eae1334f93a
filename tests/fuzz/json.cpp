// JSON text: what is accepted means the same when it is written and read again, and has one canonical form.
#include "fuzz.h"
#include "json/canonical.h"

namespace {

using namespace gatehouse;

std::optional<std::string> canonical(const json::Value& value) {
  try {
    return json::canonical(value);
  } catch (const Failure&) {
    return std::nullopt;  // a number without one
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto value = json::parse({reinterpret_cast<const char*>(data), size});
  if (!value) {
    fuzz::require(!value.error().detail.empty(), "a refusal has a reason");
    return 0;
  }
  auto again = json::parse(json::write(*value));
  fuzz::require(again && *again == *value, "what is written is read as the same");
  if (auto form = canonical(*value)) {
    auto read = json::parse(*form);
    fuzz::require(read && canonical(*read) == form, "the canonical form is its own");
  }
  return 0;
}
