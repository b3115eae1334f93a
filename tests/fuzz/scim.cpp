// What a directory asks for: no filter, path or body takes the reader down, and what a filter becomes holds
// none of its text.
#include "fuzz.h"
#include "scim/attributes.h"
#include "scim/patch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gatehouse;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto filter = scim::parse_filter(text)) {
    for (const auto* resource : {&scim::kUsers, &scim::kGroups}) {
      auto params = pg::params(1);
      auto sql = scim::to_sql(*resource, *filter, params);
      if (!sql) continue;
      int depth = 0;
      for (char c : *sql) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        fuzz::require(depth >= 0, "a bracket closes what was opened");
        fuzz::require(c != '"' && c != ';' && c != '\\', "the text is ours alone");
      }
      fuzz::require(depth == 0, "every bracket is closed");
      fuzz::require(params.size() <= 1 + scim::kMaxFilterTerms, "a comparison has one value");
    }
  }
  (void)scim::parse_path(text);
  (void)scim::read_user(text);
  (void)scim::read_group(text);
  if (auto operations = scim::read_patch(text)) {
    scim::UserResource user{.user_name = "a@b.test"};
    if (scim::apply_patch(user, *operations))
      fuzz::require(user.user_name.contains('@'), "a user keeps an address");
    (void)scim::group_change(*operations);
  }
  return 0;
}
