#include "access/error_document.h"

#include <algorithm>

#include <fmt/format.h>

#include "access/operations.h"

namespace gatehouse::access {
namespace {

constexpr std::string_view kHead = R"(# Refusals

Made by `gatehouse errors` from the table that answers are made from (`src/base/error.cpp`); `./dev openapi` writes it anew.

A failure is an `application/problem+json` (RFC 9457) with `code`, `title`, `detail`, `errors` where fields are to blame, and
the `request_id` under which the log has it. `/v1` writes it as OpenAI's error object, `/api/oauth/token` as OAuth's, `/scim/v2`
as SCIM's, with the same codes. After any of them nothing is half-written: what a call changes is one transaction with its
audit event. The last column names the operations that say so of themselves; any other call may end so too.

| code | status | means | brought about by | said by |
|---|---|---|---|---|
)";

constexpr std::size_t kMostSaid = 4;

std::string said_by(const Operations& operations, ErrorCode code) {
  std::string text;
  std::size_t count = 0;
  for (const auto& operation : operations.all()) {
    const auto& failures = operation->info.failures;
    if (std::ranges::find(failures, code) == failures.end() || ++count > kMostSaid) continue;
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", operation->info.id);
  }
  return count > kMostSaid ? fmt::format("{} and {} more", text, count - kMostSaid) : text;
}

}  // namespace

std::string error_document(const Operations& operations) {
  std::string text(kHead);
  for (const auto& row : error_catalogue())
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.name, row.http_status, row.title, row.cause,
                        said_by(operations, row.code));
  return text;
}

std::string error_page() {
  std::string text =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Gatehouse errors</title>"
      "<h1>Errors</h1><p>Every failure is an <code>application/problem+json</code> (RFC 9457) with one of "
      "these codes.</p><table><tr><th>code<th>status<th>meaning<th>brought about by</tr>";
  for (const auto& row : error_catalogue())
    text += fmt::format("<tr id=\"{0}\"><td><code>{0}</code><td>{1}<td>{2}<td>{3}</tr>", row.name,
                        row.http_status, row.title, row.cause);
  return text + "</table></html>\n";
}

}  // namespace gatehouse::access
