#include "access/permission_document.h"

#include "access/permission.h"

namespace gatehouse::access {
namespace {

constexpr std::string_view kHead = R"(# Permissions

Made by `gatehouse permissions` from the matrix that decides (`src/access/permission.cpp`); `./dev openapi` writes it anew.

A call needs one permission, which its operation declares. How far a role opens it: `own` (one's own), `workspace` (the
workspace of the call), `workspaces` (those the person belongs to), `organization`, or `-` for not at all. A governance
role is given for one workspace or for the whole organization: `scope` is whichever it was given for, `organization` only
the latter. The widest of what somebody's roles give counts, but an Auditor writes nothing where they are one. `programs`
is how far the permission can be given to a service account or an API key. Grants open single things besides.

| permission | writes |)";

}  // namespace

std::string permissions_document() {
  std::string text(kHead);
  std::string rule = "\n|---|---|";
  for (const auto& column : matrix_columns()) {
    text += " " + column + " |";
    rule += "---|";
  }
  text += rule + "\n";
  for (const auto& row : matrix_rows()) {
    text += "| `" + std::string(to_string(row.permission)) + "` | " + (row.writes ? "yes" : "") + " |";
    for (const auto& cell : row.cells) text += " " + cell + " |";
    text += "\n";
  }
  return text;
}

}  // namespace gatehouse::access
