// Recognising encoded payloads.
#include "policy/opaque.h"

#include <algorithm>
#include <array>

#include "crypto/encoding.h"
#include "policy/normalize.h"

namespace gatehouse::policy {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kShortestPayload = 64;
constexpr std::size_t kLongestHeader = 256;
constexpr std::size_t kHead = 4096;  // characters

constexpr std::string_view kPartTypes[] = {"image_url", "input_image", "image", "input_audio",
                                           "audio",     "input_file",  "file",  "document",
                                           "video_url", "input_video"};

struct PayloadPlace {
  std::string_view type;
  std::string_view member;
  std::string_view inner;  // empty: the member itself is the string
};
constexpr PayloadPlace kPlaces[] = {
    {"image_url", "image_url", "url"},
    {"input_image", "image_url", ""},
    {"image", "source", "data"},
    {"document", "source", "data"},
    {"input_audio", "input_audio", "data"},
    {"audio", "audio", "data"},
    {"file", "file", "file_data"},
    {"input_file", "file_data", ""},
    {"video_url", "video_url", "url"},
    {"input_video", "video_url", ""},
};

struct Signature {
  std::size_t at;
  std::string_view bytes;
};
constexpr Signature kSignatures[] = {
    {0, "\x89PNG\r\n\x1A\n"sv},
    {0, "\xFF\xD8\xFF"sv},
    {0, "GIF87a"sv},
    {0, "GIF89a"sv},
    {0, "RIFF"sv},
    {0, "II*\0"sv},
    {0, "MM\0*"sv},
    {4, "ftyp"sv},
    {0, "ID3"sv},
    {0, "OggS"sv},
    {0, "fLaC"sv},
    {0, "\x1A\x45\xDF\xA3"sv},
    {0, "%PDF-"sv},
    {0, "PK\x03\x04"sv},
    {0, "\xD0\xCF\x11\xE0"sv},
    {0, "\x1F\x8B\x08"sv},
};

std::string_view type_of(const boost::json::object& object) {
  const auto* type = object.if_contains("type");
  const auto* name = type == nullptr ? nullptr : type->if_string();
  return name == nullptr ? std::string_view() : std::string_view(*name);
}

// RFC 2397 with the parameters that are in use; what a parameter says is scanned as any text.
std::size_t header_length(std::string_view text) {
  if (!text.starts_with("data:")) return 0;
  constexpr std::string_view kMark = ";base64,";
  const auto mark = text.substr(0, kLongestHeader).find(kMark);
  if (mark == text.npos) return 0;
  const std::string_view media = text.substr(5, mark - 5);
  const bool known = std::ranges::any_of(
      std::array{"image/"sv, "audio/"sv, "video/"sv, "text/"sv, "application/"sv},
      [&](std::string_view family) { return media.starts_with(family) && media.size() > family.size(); });
  const bool plain = std::ranges::all_of(
      media, [](char c) { return is_alnum(static_cast<unsigned char>(c)) || "/.+-_;="sv.contains(c); });
  return known && plain ? mark + kMark.size() : 0;
}

bool has_signature(std::string_view bytes) {
  return std::ranges::any_of(kSignatures, [&](const Signature& signature) {
    return bytes.substr(std::min(signature.at, bytes.size())).starts_with(signature.bytes);
  });
}

// Text is UTF-8 without control characters; it may be cut off within one.
bool is_text(std::string_view bytes) {
  const bool control = std::ranges::any_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && (byte < 0x09 || byte > 0x0D);
  });
  if (control) return false;
  Symbols symbols;
  Normalizer().push(bytes, symbols);
  return std::ranges::find(symbols.values, kBreak) == symbols.values.end();
}

// The alphabet alone, without a way out in the middle, so that it becomes a few vector instructions.
bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  if (text.ends_with('=')) text.remove_suffix(1);
  if (text.ends_with('=')) text.remove_suffix(1);
  bool all = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    all &= (static_cast<unsigned char>((byte | 0x20) - 'a') < 26) |
           (static_cast<unsigned char>(byte - '/') < 11) | (byte == '+');
  }
  return all;
}

std::optional<std::string> decode(std::string_view encoded) {
  const auto bytes = crypto::from_base64(encoded);
  if (!bytes) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

}  // namespace

bool is_unscannable_part(const boost::json::object& object) {
  return std::ranges::find(kPartTypes, type_of(object)) != std::end(kPartTypes);
}

const boost::json::string* find_payload(const boost::json::object& part) {
  const auto place = std::ranges::find(kPlaces, type_of(part), &PayloadPlace::type);
  if (place == std::end(kPlaces)) return nullptr;
  const auto* value = part.if_contains(place->member);
  if (value != nullptr && !place->inner.empty()) {
    const auto* outer = value->if_object();
    value = outer == nullptr ? nullptr : outer->if_contains(place->inner);
  }
  return value == nullptr ? nullptr : value->if_string();
}

std::optional<Payload> read_payload(std::string_view text) {
  Payload payload{.header = static_cast<std::uint32_t>(header_length(text))};
  const std::string_view encoded = text.substr(payload.header);
  if (encoded.size() < kShortestPayload) return std::nullopt;
  if (!is_base64(encoded) || !decode(encoded.substr(encoded.size() - 4))) return std::nullopt;
  // An image of megabytes is not decoded to the end: its beginning tells. What calls itself text is read as
  // text, whatever is mixed into it.
  const auto head = decode(encoded.substr(0, kHead));
  payload.binary = head && !text.starts_with("data:text/") && has_signature(*head) && !is_text(*head);
  if (payload.binary) return payload;
  auto whole = decode(encoded);
  if (!whole) return std::nullopt;
  payload.decoded = std::move(*whole);
  return payload;
}

}  // namespace gatehouse::policy
