// No model call without a decision: what goes upstream is a Cleared, and only clear() makes one; what comes
// back reaches a client only as ClearedText, and only a ClearedStream makes that.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "base/uuid.h"
#include "policy/document.h"
#include "policy/engine.h"
#include "policy/stream.h"

namespace gatehouse::policy {

/// Where a cleared request may go. Another target (a fallback) needs another clearance.
struct Target {
  std::string provider;
  std::string model;
  bool operator==(const Target&) const = default;
};

/// On whose behalf. The ids are opaque here.
struct Owner {
  Uuid tenant;
  Uuid principal;
  bool operator==(const Owner&) const = default;
};

struct Clearance;

/// A request that may go upstream to its target, for its owner, under one rule set. Move-only.
class Cleared {
 public:
  Cleared(Cleared&&) noexcept = default;
  Cleared& operator=(Cleared&&) noexcept = default;
  Cleared(const Cleared&) = delete;
  Cleared& operator=(const Cleared&) = delete;

  /// The document after policy, serialised once: the bytes to send.
  const std::string& body() const { return body_; }
  /// The same as a value, for storing the messages after policy.
  const boost::json::value& document() const { return document_; }
  /// A text that is made of the document to be kept: judged as the prompt was, by itself, with the same
  /// numbers for the same values. Nothing if it is blocked.
  std::optional<std::string> text(std::string made) const;
  const Decision& decision() const { return decision_; }
  const Owner& owner() const { return owner_; }
  const Target& target() const { return target_; }
  const std::string& rule_set_version() const { return decision_.rule_set_version; }

 private:
  friend struct Clearance;
  friend class ClearedStream;
  friend Clearance clear(boost::json::value, Subject, Owner, Target, std::shared_ptr<const RuleSet>);
  Cleared() = default;

  std::string body_;
  boost::json::value document_;
  Decision decision_;
  Owner owner_;
  Target target_;
  Subject subject_;
  Numbering numbering_;
  std::shared_ptr<const RuleSet> rules_;
};

/// The decision always; the request only if the outcome is allow, warn or redact.
struct Clearance {
  Decision decision;
  std::optional<Cleared> cleared;
};

/// Evaluates and redacts the final outbound document (as it will be sent, model name and all). The subject's
/// direction, model and provider are set from the arguments.
Clearance clear(boost::json::value document, Subject, Owner, Target, std::shared_ptr<const RuleSet>);

/// Answer text that a client may see.
class ClearedText {
 public:
  const std::string& view() const { return text_; }
  bool empty() const { return text_.empty(); }
  std::string take() && { return std::move(text_); }

 private:
  friend class ClearedStream;
  explicit ClearedText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The answer to one cleared request. Continues its numbering and carries its stamps.
class ClearedStream {
 public:
  explicit ClearedStream(const Cleared&);

  ClearedText push(ChannelKey key, std::string_view chunk) { return ClearedText(filter_.push(key, chunk)); }
  ClearedText finish(ChannelKey key) { return ClearedText(filter_.finish(key)); }
  std::vector<std::pair<ChannelKey, ClearedText>> finish_all();
  /// A whole answer document (a response that was not streamed) in place of deltas: every leaf, as for
  /// prompts, under the response rules. Returns what may be sent, or nullopt if blocked.
  std::optional<boost::json::value> document(boost::json::value answer);
  /// Bytes of deltas that came and are not out yet.
  std::size_t held_bytes() const { return filter_.held_bytes(); }
  bool blocked() const;
  /// Of the answer so far, deltas and document together.
  Decision decision() const;

 private:
  Subject subject_;
  std::shared_ptr<const RuleSet> rules_;
  ResponseFilter filter_;
  std::optional<Decision> document_decision_;
};

}  // namespace gatehouse::policy
