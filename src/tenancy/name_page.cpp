#include "tenancy/name_page.h"

namespace gatehouse::tenancy {
namespace {

constexpr std::size_t kUuidText = 36;

}  // namespace

std::string to_cursor(const NamePlace& place) {
  return place.id.to_string() + place.name;
}

std::optional<NamePlace> parse_cursor(std::string_view text) {
  auto id = Uuid::parse(text.substr(0, kUuidText));
  if (!id) return std::nullopt;
  return NamePlace{*id, std::string(text.substr(kUuidText))};
}

Result<std::optional<NamePlace>> place_of(access::Call& call, const access::PageToken& token) {
  if (!token) return std::optional<NamePlace>{};
  GH_TRY(auto cursor, access::open_page_token(call, *token));
  auto place = parse_cursor(cursor);
  if (!place) return fail(ErrorCode::invalid_page_token);
  return place;
}

}  // namespace gatehouse::tenancy
