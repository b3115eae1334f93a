// Redaction of an answer while it streams.
//
// For every way of cutting a text into chunks, concat(emitted) is what RuleSet::evaluate_text() (direction
// `response`) gives for the whole. Held back is only what could still be the start of a finding, from its
// first character: in plain prose the word that is being written. What is held is bounded by the longest
// bounded pattern (about 600 characters), after which a finding is settled and its tail swallowed. A block
// cuts before the finding; nothing is emitted after it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "policy/document.h"
#include "policy/engine.h"

namespace gatehouse::policy {

class Channel;
struct Ledger;

/// How the text of a channel is written. In JSON source (arguments of a tool call) escapes are decoded
/// before matching, and what replaces a value keeps the document well-formed.
enum class Encoding { plain, json_source };

/// One text. Not thread-safe; several hundred bytes while nothing is held.
class StreamFilter {
 public:
  StreamFilter(std::shared_ptr<const RuleSet>, const Subject&, Encoding = Encoding::plain,
               Numbering numbering = {});
  ~StreamFilter();
  StreamFilter(StreamFilter&&) noexcept;

  /// What may be emitted now; may be empty. Empty once blocked.
  std::string push(std::string_view chunk);
  /// The rest. Call once, at the end of the text.
  std::string finish();
  bool blocked() const;
  Decision decision() const;

 private:
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Channel> channel_;
};

/// Which text of an answer a delta belongs to.
struct ChannelKey {
  enum class Kind { text, reasoning, refusal, tool_arguments, other };
  std::uint32_t choice = 0;
  Kind kind = Kind::text;
  std::uint32_t index = 0;  // of the tool call or content block
  auto operator<=>(const ChannelKey&) const = default;
};

/// A whole answer: several texts, one decision, one numbering. A block in one channel ends all.
/// Tool arguments are taken as JSON source, all else as plain text.
class ResponseFilter {
 public:
  ResponseFilter(std::shared_ptr<const RuleSet>, const Subject&, Numbering numbering = {});
  ~ResponseFilter();
  ResponseFilter(ResponseFilter&&) noexcept;

  std::string push(ChannelKey, std::string_view chunk);
  /// For evaluating other texts of the answer in between with the same numbers.
  Numbering take_numbering();
  void keep_numbering(Numbering);
  /// The rest of one channel (the part ended). A later push to it begins a new text.
  std::string finish(ChannelKey);
  /// The rests of all channels that hold something, in the order of their keys.
  std::vector<std::pair<ChannelKey, std::string>> finish_all();
  /// Bytes that came and are not out yet, of all channels.
  std::size_t held_bytes() const { return held_bytes_; }
  bool blocked() const;
  Decision decision() const;

 private:
  std::unique_ptr<Ledger> ledger_;
  std::size_t held_bytes_ = 0;
  std::map<ChannelKey, std::unique_ptr<Channel>> channels_;
};

}  // namespace gatehouse::policy
