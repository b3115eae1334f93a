// Evaluation of a whole outbound JSON document: nothing in it is exempt because we do not interpret it.
//
// Scanned: every string, every object key, every number of 8 or more digits (in text form). The key of a
// value counts as its context (`"telefone": "11987654321"`). Neighbouring text parts of an array (strings, or
// objects with a string `text`) are scanned joined as well, so that a value split over two parts is found;
// the mask then stands in the first part and the rest is removed from the others. Strings that are themselves
// JSON
// (`arguments` of tool calls) are scanned with their escapes decoded.
// Redaction is in place with one numbering over the document. A redacted number becomes a string; a redacted
// key is renamed, and if the name is taken the document is blocked. The result is evaluated again until it is
// clean; if it is not after a few rounds, it is blocked. Base64 payloads of image, audio and file parts are
// not scanned but counted: Defaults::unscannable.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <boost/json/value.hpp>

#include "policy/decision.h"
#include "policy/engine.h"

namespace gatehouse::policy {

/// Numbers distinct values per detector: the same value has the same number in prompt and answer.
/// Holds the values themselves: lives and dies with the call.
class Numbering {
 public:
  /// 1 for the first value of a label, and so on.
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

/// Redacts `document` in place. On a block the document is left in an unspecified state and must not be sent.
/// Never throws for what is in the document; an inner error is a block.
Evaluated evaluate_document(boost::json::value& document, const Subject&, const RuleSet&,
                            Numbering numbering = {});

}  // namespace gatehouse::policy
