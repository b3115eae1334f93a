// A provider's event stream: the same events however the bytes arrive, and what we frame is read back.
#include "http/sse.h"

#include <vector>

#include "fuzz.h"

namespace {

using namespace gatehouse;
using http::SseEvent;

struct Outcome {
  std::vector<SseEvent> events;
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

void take(http::SseParser& parser, std::string_view bytes, Outcome& outcome) {
  if (outcome.failed) return;
  outcome.failed = !parser.feed(bytes);
  while (auto event = parser.next()) outcome.events.push_back(*std::move(event));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Cuts input(data, size);
  http::SseParser at_once(256, 512), in_pieces(256, 512);
  Outcome whole, pieces;
  take(at_once, input.whole(), whole);
  input.each_piece([&](std::string_view piece) { take(in_pieces, piece, pieces); });
  fuzz::require(whole == pieces, "events do not depend on the cuts");

  http::SseParser own;
  Outcome framed;
  take(own, http::sse_frame(input.whole()), framed);
  fuzz::require(!framed.failed && framed.events.size() == 1, "a frame is one event");
  return 0;
}
