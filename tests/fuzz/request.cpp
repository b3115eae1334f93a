// A request's head and a chunked body: the same verdict however the bytes arrive.
#include "fuzz.h"
#include "http/request_parser.h"

namespace {

using namespace gatehouse;
using namespace gatehouse::http;

std::optional<std::size_t> head_of(std::string_view bytes, const Limits& limits) {
  HeadScanner scanner;
  auto found = scanner.scan(bytes, limits);
  return found ? *found : std::nullopt;
}

std::optional<std::size_t> head_in_pieces(const fuzz::Cuts& input, const Limits& limits) {
  HeadScanner scanner;
  std::optional<std::size_t> head;
  std::size_t arrived = 0;
  bool refused = false;
  input.each_piece([&](std::string_view piece) {
    if (head || refused) return;
    arrived += piece.size();
    auto found = scanner.scan(input.whole().substr(0, arrived), limits);
    refused = !found;
    if (found) head = *found;
  });
  return head;
}

void feed(RequestParser& parser, Request& request, std::string_view body) {
  constexpr std::size_t kLimit = 512;
  while (!body.empty()) {
    auto used = parser.feed_chunked(body, kLimit);
    if (!used || *used == 0 || parser.is_done()) break;
    fuzz::require(*used <= body.size(), "no more is consumed than there is");
    body.remove_prefix(*used);
  }
  fuzz::require(request.body.size() <= kLimit, "a body stays within its limit");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Cuts input(data, size);
  Limits limits{.request_line = 256, .header_bytes = 1024, .header_count = 16, .query_parameters = 8};
  auto head = head_of(input.whole(), limits);
  fuzz::require(head == head_in_pieces(input, limits), "a head ends in the same place however it arrives");
  if (!head) return 0;
  fuzz::require(*head <= input.whole().size(), "a head lies within the bytes");
  Request request;
  RequestParser parser(request, limits);
  if (!parser.parse_head(input.whole().substr(0, *head))) return 0;
  fuzz::require(request.path.starts_with('/') || request.path == "*", "a path begins with a slash");
  fuzz::require(request.path.find('\0') == std::string::npos, "a path has no NUL");
  if (!parser.length()) feed(parser, request, input.whole().substr(*head));
  return 0;
}
