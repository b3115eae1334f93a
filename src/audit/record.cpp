#include "audit/record.h"

#include <charconv>

#include "base/error.h"
#include "crypto/digest.h"
#include "crypto/encoding.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kStart = R"({"event":)";
constexpr std::string_view kAfterEvent = R"(,"org_sequence":")";

// Reads the fixed tail front to back; what parses is encoded again and compared, so this may be lenient.
struct Tail {
  std::string_view rest;

  bool skip(std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
  }
  std::string_view until_quote() {
    auto text = rest.substr(0, rest.find('"'));
    rest.remove_prefix(text.size());
    return text;
  }
  bool number(std::int64_t& into) {
    auto text = until_quote();
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
  }
};

}  // namespace

std::string encode_record(std::string_view event_bytes, const Place& place) {
  std::string out;
  out.reserve(event_bytes.size() + 256);
  out += kStart;
  out += event_bytes;
  out += kAfterEvent;
  out += std::to_string(place.org_sequence);
  out += R"(","prev_hash":")";
  out += crypto::to_hex(place.prev_hash);
  out += R"(","region":")";
  out += to_string(place.region);
  out += R"(","region_sequence":")";
  out += std::to_string(place.region_sequence);
  out += R"(","sealed_at":")";
  out += to_rfc3339(place.sealed_at);
  out += R"(","version":1})";
  return out;
}

Hash hash_record(std::string_view record_bytes) {
  return crypto::sha256({crypto::ByteView(std::string_view("\0", 1)), crypto::ByteView(record_bytes)});
}

std::string_view event_bytes_of(std::string_view record_bytes) {
  // No string can hold this text with unescaped quotes, and the tail holds it once.
  auto end = record_bytes.rfind(kAfterEvent);
  if (!record_bytes.starts_with(kStart) || end == std::string_view::npos || end < kStart.size()) return {};
  return record_bytes.substr(kStart.size(), end - kStart.size());
}

std::optional<Record> parse_record(std::string_view record_bytes) {
  auto event_bytes = event_bytes_of(record_bytes);
  if (event_bytes.empty()) return std::nullopt;
  Place place;
  Tail tail{record_bytes.substr(kStart.size() + event_bytes.size())};
  if (!tail.skip(kAfterEvent) || !tail.number(place.org_sequence) || !tail.skip(R"(","prev_hash":")"))
    return std::nullopt;
  auto hash = crypto::from_hex(tail.until_quote());
  if (!hash || hash->size() != place.prev_hash.size() || !tail.skip(R"(","region":")")) return std::nullopt;
  std::ranges::copy(*hash, place.prev_hash.begin());
  auto region = parse_region(tail.until_quote());
  if (!region || !tail.skip(R"(","region_sequence":")") || !tail.number(place.region_sequence) ||
      !tail.skip(R"(","sealed_at":")"))
    return std::nullopt;
  place.region = *region;
  auto sealed_at = parse_rfc3339(tail.until_quote());
  if (!sealed_at || place.org_sequence < 1 || place.region_sequence < 1) return std::nullopt;
  place.sealed_at = *sealed_at;
  auto event = parse_event(event_bytes);
  if (!event || encode_record(event_bytes, place) != record_bytes) return std::nullopt;
  return Record{place, std::move(*event)};
}

}  // namespace gatehouse::audit
