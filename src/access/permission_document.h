// docs/permissions.md: the matrix as people read it, made from the one that is asked.
#pragma once

#include <string>

namespace gatehouse::access {

std::string permissions_document();

}  // namespace gatehouse::access
