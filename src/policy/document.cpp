// Two passes over a document: gather and scan every text in it, then redact in the same order.
#include "policy/document.h"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "policy/ledger.h"
#include "policy/normalize.h"
#include "policy/opaque.h"

namespace gatehouse::policy {
namespace {

namespace js = boost::json;

constexpr int kMaxRounds = 4;
constexpr std::size_t kMaxDepth = 200;
constexpr std::int64_t kScannedNumber = 10'000'000;  // 8 digits

/// Bytes [begin, end) of one text give way to `text`.
struct Cut {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

struct Text {
  std::string bytes;
  Encoding encoding = Encoding::plain;
  std::size_t context = 0;  // leading symbols that are only the key
  Symbols symbols;
  std::vector<Finding> found;
  std::vector<Cut> cuts;
};

/// Neighbouring texts read as one: indices into the texts.
struct Joint {
  std::vector<std::size_t> members;
};

struct Uncleanable {};

bool may_be_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && (text[first] == '{' || text[first] == '[');
}

class Pass {
 public:
  Pass(Ledger& ledger) : ledger_(ledger) {}

  void gather(const js::value& value, std::string_view key, std::size_t depth) {
    if (depth > kMaxDepth) throw Uncleanable{};
    switch (value.kind()) {
      case js::kind::string:
        add(value.get_string(), key);
        break;
      case js::kind::int64:
      case js::kind::uint64:
      case js::kind::double_:
        if (auto text = number_text(value)) add(*text, key);
        break;
      case js::kind::array: {
        std::vector<std::size_t> run;
        for (const js::value& item : value.get_array()) {
          const std::size_t before = texts_.size();
          gather(item, key, depth + 1);
          if (const auto text = text_of_part(item, before)) {
            run.push_back(*text);
          } else {
            close(run);
          }
        }
        close(run);
        break;
      }
      case js::kind::object: {
        const bool part = is_unscannable_part(value.get_object());
        if (part) ledger_.count_unscannable();
        const bool outer = std::exchange(in_opaque_part_, in_opaque_part_ || part);
        for (const auto& [name, inner] : value.get_object()) {
          add(name, {});
          if (in_opaque_part_ && is_opaque_payload(name, inner)) continue;
          gather(inner, name, depth + 1);
        }
        in_opaque_part_ = outer;
        break;
      }
      case js::kind::null:
      case js::kind::bool_:
        break;
    }
  }

  void count() {
    for (const Text& text : texts_) {
      for (const Finding& finding : text.found) ledger_.count(finding);
    }
    for (Joint& joint : joints_) scan_joint(joint);
    for (const auto& [joint, finding] : spanning_) ledger_.count(finding);
  }

  /// Decides what is cut from which text. Returns whether anything is.
  bool plan() {
    bool any = false;
    for (Text& text : texts_) any = plan_text(text) || any;
    for (const auto& [joint, finding] : spanning_) any = plan_spanning(joint, finding) || any;
    return any;
  }

  void redact(js::value& value) {
    next_ = 0;
    in_opaque_part_ = false;
    apply(value);
  }

 private:
  static std::optional<std::string> number_text(const js::value& value) {
    if (const auto* i = value.if_int64()) {
      if (*i > -kScannedNumber && *i < kScannedNumber) return std::nullopt;
      return std::to_string(*i);
    }
    if (const auto* u = value.if_uint64()) return std::to_string(*u);
    const double d = value.get_double();
    if (std::abs(d) < static_cast<double>(kScannedNumber) || std::abs(d) > 1e20) return std::nullopt;
    return fmt::format("{:.0f}", d);
  }

  // The text of a content part was gathered with it: its `text` member, or the string itself.
  std::optional<std::size_t> text_of_part(const js::value& item, std::size_t first) const {
    if (item.is_string()) return first;
    const auto* object = item.if_object();
    if (object == nullptr) return std::nullopt;
    const auto* text = object->if_contains("text");
    if (text == nullptr || !text->is_string()) return std::nullopt;
    for (std::size_t i = first; i < texts_.size(); ++i) {
      if (texts_[i].bytes == text->get_string() && !is_key_[i]) return i;
    }
    return std::nullopt;
  }

  void close(std::vector<std::size_t>& run) {
    if (run.size() > 1) joints_.push_back({run});
    run.clear();
  }

  void add(std::string_view bytes, std::string_view key) {
    Text text{.bytes = std::string(bytes)};
    // JSON within a string (arguments of a tool call): what its escapes mean counts.
    const bool source = may_be_json(bytes) && bytes.find('\\') != bytes.npos;
    text.encoding = source ? Encoding::json_source : Encoding::plain;
    text.symbols = normalize(bytes, text.encoding);
    is_key_.push_back(key.data() == nullptr);
    const bool needs_key = !key.empty() && std::ranges::any_of(text.symbols.values, is_digit);
    if (needs_key) {
      std::vector<char32_t> joined = normalize(key.substr(0, kLeftContext)).values;
      joined.insert(joined.end(), {':', ' '});
      text.context = joined.size();
      joined.insert(joined.end(), text.symbols.values.begin(), text.symbols.values.end());
      text.found = find_all(ledger_.rules(), joined, text.context);
      for (Finding& finding : text.found) {
        finding.begin -= text.context;
        finding.end -= text.context;
      }
    } else {
      text.found = find_all(ledger_.rules(), text.symbols.values);
    }
    texts_.push_back(std::move(text));
  }

  // Only what crosses from one part into another is new.
  void scan_joint(const Joint& joint) {
    std::vector<char32_t> all;
    std::vector<std::size_t> borders;
    for (const std::size_t member : joint.members) {
      const auto& values = texts_[member].symbols.values;
      all.insert(all.end(), values.begin(), values.end());
      borders.push_back(all.size());
    }
    for (const Finding& finding : find_all(ledger_.rules(), all)) {
      const auto border = std::ranges::upper_bound(borders, finding.begin);
      if (border != borders.end() && *border < finding.end) {
        spanning_.emplace_back(static_cast<std::size_t>(&joint - joints_.data()), finding);
      }
    }
  }

  std::string rendered(const Text& text, const Finding& finding, std::string replacement) const {
    if (text.encoding == Encoding::plain) return replacement;
    const std::string quoted = js::serialize(js::string(replacement));
    return text.symbols.outside[finding.begin] ? quoted : quoted.substr(1, quoted.size() - 2);
  }

  // JSON without a backslash reads the same either way, but a number in it must not become a bare mask.
  static void notice_json(Text& text) {
    if (text.encoding != Encoding::plain || text.found.empty() || !may_be_json(text.bytes)) return;
    js::error_code error;
    js::parse(text.bytes, error);
    if (error) return;
    text.symbols.outside = normalize(text.bytes, Encoding::json_source).outside;
    text.encoding = Encoding::json_source;
  }

  /// The symbols that give way for a finding: outside of a string literal the whole number.
  static std::pair<std::size_t, std::size_t> extent(const Text& text, const Finding& finding) {
    std::size_t begin = finding.begin;
    std::size_t end = finding.end;
    if (text.encoding == Encoding::json_source && text.symbols.outside[begin]) {
      while (begin > 0 && is_bare(text.symbols, begin - 1)) --begin;
      while (end < text.symbols.size() && is_bare(text.symbols, end)) ++end;
    }
    return {begin, end};
  }

  bool plan_text(Text& text) {
    notice_json(text);
    std::size_t removed_until = 0;
    for (const Finding& finding : text.found) {
      const CompiledRule* rule = ledger_.redactor(finding);
      if (rule == nullptr || finding.end <= removed_until) continue;
      const auto [begin, last] = extent(text, finding);
      const std::size_t end = text.symbols.end(last - 1);
      if (finding.begin < removed_until) {
        text.cuts.back().end = end;
      } else {
        const auto value = std::span(text.symbols.values).subspan(finding.begin, finding.end - finding.begin);
        text.cuts.push_back({text.symbols.begins[begin], end,
                             rendered(text, finding, ledger_.replacement(*rule, finding, value))});
      }
      removed_until = last;
    }
    return !text.cuts.empty();
  }

  bool plan_spanning(std::size_t joint, const Finding& finding) {
    const CompiledRule* rule = ledger_.redactor(finding);
    if (rule == nullptr) return false;
    std::u32string value;
    std::vector<std::pair<Text*, Cut>> pieces;
    std::size_t offset = 0;
    for (const std::size_t member : joints_[joint].members) {
      Text& text = texts_[member];
      const std::size_t begin = std::max(finding.begin, offset);
      const std::size_t end = std::min(finding.end, offset + text.symbols.size());
      if (begin < end) {
        value.append(text.symbols.values.begin() + static_cast<std::ptrdiff_t>(begin - offset),
                     text.symbols.values.begin() + static_cast<std::ptrdiff_t>(end - offset));
        pieces.push_back(
            {&text, {text.symbols.begins[begin - offset], text.symbols.end(end - 1 - offset), {}}});
      }
      offset += text.symbols.size();
    }
    pieces.front().second.text = ledger_.replacement(*rule, finding, value);
    for (auto& [text, cut] : pieces) text->cuts.push_back(std::move(cut));
    return true;
  }

  static std::string cut(Text& text) {
    std::ranges::sort(text.cuts, {}, &Cut::begin);
    std::string out;
    std::size_t copied = 0;
    for (const Cut& piece : text.cuts) {
      if (piece.begin >= copied) {
        out.append(text.bytes, copied, piece.begin - copied);
        out += piece.text;
      }
      copied = std::max(copied, piece.end);
    }
    out.append(text.bytes, copied);
    return out;
  }

  void apply(js::value& value) {
    switch (value.kind()) {
      case js::kind::string:
      case js::kind::int64:
      case js::kind::uint64:
      case js::kind::double_: {
        if (!value.is_string() && !number_text(value)) break;
        Text& text = texts_[next_++];
        if (!text.cuts.empty()) value = js::string(cut(text));
        break;
      }
      case js::kind::array:
        for (js::value& item : value.get_array()) apply(item);
        break;
      case js::kind::object:
        apply_object(value.get_object());
        break;
      case js::kind::null:
      case js::kind::bool_:
        break;
    }
  }

  void apply_object(js::object& object) {
    const bool outer = std::exchange(in_opaque_part_, in_opaque_part_ || is_unscannable_part(object));
    std::vector<std::pair<std::string, js::value>> members;
    bool renamed = false;
    for (auto& [name, inner] : object) {
      Text& text = texts_[next_++];
      std::string key = name;
      if (!text.cuts.empty()) {
        key = cut(text);
        renamed = true;
      }
      if (!in_opaque_part_ || !is_opaque_payload(name, inner)) apply(inner);
      members.emplace_back(std::move(key), std::move(inner));
    }
    in_opaque_part_ = outer;
    object.clear();
    for (auto& [name, inner] : members) {
      // Two members of one name: which of them the provider would read is not ours to guess.
      if (renamed && object.contains(name)) throw Uncleanable{};
      object.emplace(name, std::move(inner));
    }
  }

  Ledger& ledger_;
  std::vector<Text> texts_;
  std::vector<bool> is_key_;
  std::vector<Joint> joints_;
  std::vector<std::pair<std::size_t, Finding>> spanning_;
  std::size_t next_ = 0;
  bool in_opaque_part_ = false;
};

// Later rounds see the document as it has become; their findings are counted in books of their own, so that
// the decision tells of the document as it came.
void make_clean(js::value& document, const Subject& subject, const RuleSet& rules, Ledger& books) {
  for (int round = 0; round < kMaxRounds; ++round) {
    Ledger fresh(rules.compiled(), subject, books.take_numbering());
    Pass pass(fresh);
    pass.gather(document, {}, 0);
    pass.count();
    fresh.evaluate();
    if (fresh.blocks()) break;
    const bool dirty = pass.plan();
    books.keep_numbering(fresh.take_numbering());
    if (!dirty) return;
    pass.redact(document);
  }
  books.block_because("cannot be made clean");
}

}  // namespace

Evaluated evaluate_document(js::value& document, const Subject& subject, const RuleSet& rules,
                            Numbering numbering) {
  Ledger books(rules.compiled(), subject, std::move(numbering));
  try {
    Pass pass(books);
    pass.gather(document, {}, 0);
    pass.count();
    books.evaluate();
    if (!books.blocks() && pass.plan()) {
      pass.redact(document);
      make_clean(document, subject, rules, books);
    }
  } catch (const Uncleanable&) {
    books.block_because("cannot be made clean");
  } catch (const std::exception&) {
    books.block_because("evaluation error");
  }
  Evaluated result{.decision = books.decision()};
  result.numbering = books.take_numbering();
  return result;
}

}  // namespace gatehouse::policy
