// Evaluation of a whole outbound JSON document: nothing in it is exempt because we do not interpret it.
//
// Scanned: every string, every object key, every number of 8 or more digits (in text form). The key of a
// value counts as its context (`"telefone": "11987654321"`). The texts of an array (strings, the `text` and
// the `refusal` of objects) are scanned joined as well, whatever stands between them, so that a value split
// over parts is found; the mask then stands in the first part and the rest is removed from the others.
// Strings that are themselves JSON (`arguments` of tool calls) are scanned with their escapes decoded.
// Redaction is in place with one numbering over the document. A redacted number becomes a string; a redacted
// key is renamed, and if the name is taken the document is blocked. The result is evaluated again until it is
// clean; if it is not after a few rounds, it is blocked.
//
// Image, audio and file parts are counted: Defaults::unscannable. Of a message's part the base64 that its
// type has its bytes in is left out if it decodes to an image, a sound, a film or a binary document. If it
// decodes to anything else, that is scanned and redacted as well, and encoded again. The media type and
// parameters of a `data:` URL are scanned always.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <boost/json/value.hpp>

#include "policy/decision.h"
#include "policy/engine.h"

namespace gatehouse::policy {

/// A document with more strings, keys and long numbers, or with more bytes in them, is blocked unread: the
/// decision names `document too large to judge`. Encoded images and the like do not count.
inline constexpr std::size_t kMaxDocumentTexts = 100'000;
inline constexpr std::size_t kMaxDocumentBytes = 4 << 20;

/// Distinct values in one call; beyond, evaluation fails and so blocks.
inline constexpr std::size_t kMaxNumbered = 100'000;

/// Numbers distinct values per detector: the same value has the same number in prompt and answer.
/// Holds the values themselves: lives and dies with the call.
class Numbering {
 public:
  /// 1 for the first value of a label, and so on. Throws std::length_error at kMaxNumbered.
  std::uint32_t number_of(std::string_view label, std::string_view canonical_value);
  bool empty() const { return numbers_.empty(); }

 private:
  std::map<std::pair<std::string, std::string>, std::uint32_t> numbers_;
  std::map<std::string, std::uint32_t, std::less<>> last_;
};

struct Evaluated {
  Decision decision;
  Numbering numbering;  // to go on with in the answer
};

/// Whether a value is a number that is scanned: one of 8 or more digits.
bool is_scanned_number(const boost::json::value&);

/// Redacts `document` in place. On a block the document is left in an unspecified state and must not be sent.
/// Never throws for what is in the document; an inner error is a block.
Evaluated evaluate_document(boost::json::value& document, const Subject&, const RuleSet&,
                            Numbering numbering = {});

}  // namespace gatehouse::policy
