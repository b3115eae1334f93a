#include "oidc/refusal.h"

#include <boost/describe/enum_to_string.hpp>

namespace gatehouse::oidc {

std::string_view to_string(Refusal why) {
  return boost::describe::enum_to_string(why, "?");
}

}  // namespace gatehouse::oidc
