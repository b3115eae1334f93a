// One pass over a document: every text in it is gathered and scanned, then what was found is cut out of it in
// the same order. The document must stay as it is from gather() to redact().
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "policy/ledger.h"
#include "policy/normalize.h"

namespace gatehouse::policy {

/// The document is blocked, whatever the rules say: `why` names the reason in the decision.
struct Unjudgeable {
  const char* why;
};

/// The text of a number that is scanned.
std::optional<std::string> number_text(const boost::json::value&);
/// Whether a text begins as an object or an array does.
bool may_be_json(std::string_view);

class Pass {
 public:
  explicit Pass(Ledger& ledger) : ledger_(ledger) {}

  /// Throws Unjudgeable if the document is too large or too deep.
  void gather(const boost::json::value& document) { gather(document, {}, Place::root, 0); }
  /// Counts what was found, also across neighbouring parts.
  void count();
  /// Decides what is cut from which text. Returns whether anything is.
  bool plan();
  /// Throws Unjudgeable if two members of an object would have one name.
  void redact(boost::json::value& document);

 private:
  /// Bytes [begin, end) of one text give way to `text`.
  struct Cut {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };
  struct Scanned {
    Symbols symbols;
    std::vector<Finding> found;
    std::vector<Cut> cuts;
  };
  struct Text {
    std::string_view bytes;  // in the document, or owned_
    Encoding encoding = Encoding::plain;
    std::uint32_t symbols = 0;
    std::unique_ptr<Scanned> scanned;           // only if something was found in it, or is cut from it
    std::optional<std::uint32_t> encoded_from;  // decoded from the text before, from this byte on
  };
  /// The texts of one array, read as one.
  struct Joint {
    std::vector<std::size_t> members;  // texts that have symbols
    std::vector<std::size_t> ends;     // of the members in the joined text
  };
  struct Spanning {
    std::size_t joint;
    Finding finding;
  };
  /// Where in a request or an answer a value stands, as far as content parts go.
  enum class Place { root, messages, choices, choice, message, parts, part, other };
  static Place member_of(Place, std::string_view name);
  static Place element_of(Place);

  /// What a reader of the array would read of this element goes to `run`: the string itself, or the `text`
  /// and the `refusal` of a content part.
  void gather(const boost::json::value&, std::string_view key, Place, std::size_t depth,
              Joint* run = nullptr);
  void gather_array(const boost::json::array&, std::string_view key, Place, std::size_t depth);
  void gather_object(const boost::json::object&, Place, std::size_t depth, Joint* run);
  std::size_t add(std::string_view bytes, std::string_view key);
  std::size_t add_payload(std::string_view text, std::string_view key);
  void scan_joint(std::size_t);
  const Symbols& symbols_of(const Text&);
  Scanned& scanned(Text&);

  static void notice_json(Text&);
  static std::pair<std::size_t, std::size_t> extent(const Text&, const Finding&);
  static std::string rendered(const Text&, const Finding&, std::string replacement);
  bool plan_text(Text&);
  bool plan_spanning(const Spanning&);

  static bool has_cuts(const Text& text) { return text.scanned && !text.scanned->cuts.empty(); }
  static std::string cut(Text&);
  void apply(boost::json::value&);
  void apply_string(boost::json::value&);
  void apply_object(boost::json::object&);

  Ledger& ledger_;
  std::vector<Text> texts_;
  std::deque<std::string> owned_;  // numbers as text, what was decoded
  std::vector<Joint> joints_;
  std::vector<Spanning> spanning_;
  const boost::json::string* payload_ = nullptr;  // of the content part that is being gathered
  Symbols scratch_;
  std::vector<char32_t> joined_;
  std::size_t bytes_ = 0;
  std::size_t next_ = 0;
};

}  // namespace gatehouse::policy
