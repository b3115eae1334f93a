#include "models/whole_values.h"

#include <algorithm>
#include <array>

namespace gatehouse::models {
namespace {

constexpr std::size_t kEntry = 64;  // what remembering costs beside the text
constexpr std::size_t kLongestPieces = 256;
constexpr std::size_t kLargestRepeated = 16 << 10;

/// Names of the protocol; sorted.
constexpr std::array<std::string_view, 24> kKnown = {"arguments",     "choices",
                                                     "content",       "created",
                                                     "delta",         "error",
                                                     "finish_reason", "function",
                                                     "function_call", "id",
                                                     "index",         "logprobs",
                                                     "message",       "model",
                                                     "name",          "object",
                                                     "reasoning",     "reasoning_content",
                                                     "refusal",       "role",
                                                     "service_tier",  "system_fingerprint",
                                                     "tool_calls",    "type"};
static_assert(std::ranges::is_sorted(kKnown));

std::optional<json::Object> cleared_object(policy::ClearedStream& stream, json::Object object) {
  auto cleared = stream.document(std::move(object));
  if (!cleared || !cleared->is_object() || cleared->as_object().size() != 1) return std::nullopt;
  return std::move(cleared->as_object());
}

}  // namespace

bool WholeValues::remember(std::size_t bytes) {
  remembered_ += bytes + kEntry;
  return remembered_ <= kMostRemembered;
}

bool WholeValues::clear(policy::ClearedStream& stream, std::string_view key, json::Value& value) {
  auto cleared = cleared_object(stream, {{key, json::detached(value)}});
  if (!cleared) return false;
  auto& clean = cleared->begin()->value();
  if (clean != value) value = clean;
  return true;
}

bool WholeValues::clear_repeated(policy::ClearedStream& stream, std::string_view key, json::Value& value) {
  auto [found, is_new] = repeated_.try_emplace(std::string(key));
  auto& [came, cleared] = found->second;
  if (is_new || came != value) {
    if (json::write(value).size() > kLargestRepeated) return false;
    came = json::detached(value);
    cleared = came;
    if (!clear(stream, key, cleared)) return false;
  }
  if (cleared != value) value = cleared;
  return true;
}

bool WholeValues::clear_names(policy::ClearedStream& stream, json::Object& object) {
  std::map<std::string, std::string, std::less<>> renamed;
  for (const auto& member : object) {
    const std::string_view name = member.key();
    if (std::ranges::binary_search(kKnown, name) || names_.contains(name)) continue;
    auto cleared = cleared_object(stream, {{name, nullptr}});
    if (!cleared) return false;
    std::string clean(cleared->begin()->key());
    if (clean != name) {
      renamed.emplace(name, std::move(clean));
    } else if (!remember(name.size())) {
      return false;
    } else {
      names_.emplace(std::move(clean));
    }
  }
  if (renamed.empty()) return true;
  json::Object made(object.storage());
  for (auto& member : object) {
    auto found = renamed.find(std::string_view(member.key()));
    const std::string name = found == renamed.end() ? std::string(member.key()) : found->second;
    if (made.contains(name)) return false;
    made.emplace(name, std::move(member.value()));
  }
  object = std::move(made);
  return true;
}

std::optional<std::string> WholeValues::clear_piece(policy::ClearedStream& stream, std::string_view key,
                                                    const std::string& place, std::string_view piece) {
  auto [found, is_new] = pieces_.try_emplace(place);
  if (is_new && !remember(place.size() + 3 * kLongestPieces)) return std::nullopt;
  auto& [so_far, last, cleared] = found->second;
  if (piece == last) return cleared;
  if (piece.size() > kLongestPieces) return std::nullopt;
  json::Value alone = json::Value(piece);
  if (!clear(stream, key, alone) || !alone.is_string()) return std::nullopt;
  last = piece;
  cleared = std::string_view(alone.as_string());
  if (!so_far.empty()) {
    const std::string together = so_far + cleared;
    json::Value joined = json::Value(together);
    if (!clear(stream, key, joined) || joined != json::Value(together)) return std::nullopt;
  }
  so_far += cleared;
  if (so_far.size() > kLongestPieces) so_far.erase(0, so_far.size() - kLongestPieces);
  return cleared;
}

}  // namespace gatehouse::models
