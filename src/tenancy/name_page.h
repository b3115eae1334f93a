// Lists by name: where one goes on, and a page of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/operation.h"
#include "access/page.h"

namespace gatehouse::tenancy {

/// Where a list by name goes on: after this row.
struct NamePlace {
  Uuid id;
  std::string name;
};
std::string to_cursor(const NamePlace&);
/// Nothing for text that to_cursor did not write.
std::optional<NamePlace> parse_cursor(std::string_view);

/// Errors: invalid_page_token.
Result<std::optional<NamePlace>> place_of(access::Call&, const access::PageToken&);

/// One row more than asked for was read; it tells whether there is another page. `place_of_row` gives a
/// NamePlace.
template <class View, class Place>
access::Page<View> to_page(access::Call& call, std::vector<View> rows, std::int64_t limit,
                           Place place_of_row) {
  access::Page<View> page{.data = std::move(rows), .next_page_token = std::nullopt};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, to_cursor(place_of_row(page.data.back())));
  }
  call.audit().payload["count"] = page.data.size();
  return page;
}

}  // namespace gatehouse::tenancy
