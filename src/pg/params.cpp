#include "pg/params.h"

#include "pg/error.h"

namespace gatehouse::pg::detail {

void append_text(std::string& out, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw Error({.sqlstate = "22021", .message = "a text parameter holds a NUL character"});
  out += text;
  out.push_back('\0');
}

}  // namespace gatehouse::pg::detail
