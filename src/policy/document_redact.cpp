// The second half of a pass: what is cut from which text.
#include <algorithm>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "policy/document_pass.h"

namespace gatehouse::policy {

namespace js = boost::json;

Pass::Scanned& Pass::scanned(Text& text) {
  if (!text.scanned) {
    text.scanned = std::make_unique<Scanned>(Scanned{normalize(text.bytes, text.encoding), {}, {}});
  }
  return *text.scanned;
}

std::string Pass::rendered(const Text& text, const Finding& finding, std::string replacement) {
  if (text.encoding == Encoding::plain) return replacement;
  const std::string quoted = js::serialize(js::string(replacement));
  return text.scanned->symbols.outside[finding.begin] ? quoted : quoted.substr(1, quoted.size() - 2);
}

// JSON without a backslash reads the same either way, but a number in it must not become a bare mask.
void Pass::notice_json(Text& text) {
  if (text.encoding != Encoding::plain || !may_be_json(text.bytes)) return;
  js::error_code error;
  js::parse(text.bytes, error);
  if (error) return;
  text.scanned->symbols.outside = normalize(text.bytes, Encoding::json_source).outside;
  text.encoding = Encoding::json_source;
}

/// The symbols that give way for a finding: outside of a string literal the whole number.
std::pair<std::size_t, std::size_t> Pass::extent(const Text& text, const Finding& finding) {
  const Symbols& symbols = text.scanned->symbols;
  std::size_t begin = finding.begin;
  std::size_t end = finding.end;
  if (text.encoding == Encoding::json_source && symbols.outside[begin]) {
    while (begin > 0 && is_bare(symbols, begin - 1)) --begin;
    while (end < symbols.size() && is_bare(symbols, end)) ++end;
  }
  return {begin, end};
}

bool Pass::plan() {
  bool any = false;
  for (Text& text : texts_) any = (text.scanned && plan_text(text)) || any;
  for (const Spanning& spanning : spanning_) any = plan_spanning(spanning) || any;
  return any;
}

bool Pass::plan_text(Text& text) {
  notice_json(text);
  const Symbols& symbols = text.scanned->symbols;
  auto& cuts = text.scanned->cuts;
  std::size_t removed_until = 0;
  for (const Finding& finding : text.scanned->found) {
    const CompiledRule* rule = ledger_.redactor(finding);
    if (rule != nullptr || finding.end <= removed_until) ledger_.count_redacted(finding);
    if (rule == nullptr || finding.end <= removed_until) continue;
    const auto [begin, last] = extent(text, finding);
    const std::size_t end = symbols.end(last - 1);
    if (finding.begin < removed_until) {
      cuts.back().end = end;
    } else {
      const auto value = std::span(symbols.values).subspan(finding.begin, finding.end - finding.begin);
      cuts.push_back(
          {symbols.begins[begin], end, rendered(text, finding, ledger_.replacement(*rule, finding, value))});
    }
    removed_until = last;
  }
  return !cuts.empty();
}

bool Pass::plan_spanning(const Spanning& spanning) {
  const Finding& finding = spanning.finding;
  const CompiledRule* rule = ledger_.redactor(finding);
  if (rule == nullptr) return false;
  ledger_.count_redacted(finding);
  const Joint& joint = joints_[spanning.joint];
  std::u32string value;
  std::vector<std::pair<Scanned*, Cut>> pieces;
  auto member =
      static_cast<std::size_t>(std::ranges::upper_bound(joint.ends, finding.begin) - joint.ends.begin());
  for (std::size_t at = finding.begin; at < finding.end; at = joint.ends[member++]) {
#ifdef GATEHOUSE_FAILPOINTS
    ++symbols_read;
#endif
    Scanned& part = scanned(texts_[joint.members[member]]);
    const std::size_t offset = member == 0 ? 0 : joint.ends[member - 1];
    const std::size_t begin = at - offset;
    const std::size_t end = std::min(finding.end, joint.ends[member]) - offset;
    value.append(part.symbols.values.begin() + static_cast<std::ptrdiff_t>(begin),
                 part.symbols.values.begin() + static_cast<std::ptrdiff_t>(end));
    pieces.push_back({&part, {part.symbols.begins[begin], part.symbols.end(end - 1), {}}});
  }
  pieces.front().second.text = ledger_.replacement(*rule, finding, value);
  for (auto& [part, piece] : pieces) part->cuts.push_back(std::move(piece));
  return true;
}

std::string Pass::cut(Text& text) {
  auto& cuts = text.scanned->cuts;
  std::ranges::sort(cuts, {}, &Cut::begin);
  std::string out;
  std::size_t copied = 0;
  for (const Cut& piece : cuts) {
    if (piece.begin >= copied) {
      out.append(text.bytes, copied, piece.begin - copied);
      out += piece.text;
    }
    copied = std::max(copied, piece.end);
  }
  out.append(text.bytes, copied);
  return out;
}

void Pass::redact(js::value& document) {
  next_ = 0;
  apply(document);
}

void Pass::apply(js::value& value) {
  switch (value.kind()) {
    case js::kind::string:
      apply_string(value);
      break;
    case js::kind::int64:
    case js::kind::uint64:
    case js::kind::double_: {
      if (!number_text(value)) break;
      Text& text = texts_[next_++];
      if (has_cuts(text)) value = js::string(cut(text));
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

void Pass::apply_string(js::value& value) {
  Text& text = texts_[next_++];
  Text* const encoded = next_ < texts_.size() && texts_[next_].encoded_from ? &texts_[next_++] : nullptr;
  const std::string_view whole = value.get_string();
  if (has_cuts(text)) {
    std::string out = cut(text);
    out += whole.substr(text.bytes.size());
    value = js::string(out);
  } else if (encoded != nullptr && has_cuts(*encoded)) {
    std::string out(whole.substr(0, *encoded->encoded_from));
    out += crypto::to_base64(cut(*encoded));
    value = js::string(out);
  }
}

void Pass::apply_object(js::object& object) {
  std::vector<std::pair<std::size_t, std::string>> renamed;
  std::size_t place = 0;
  for (auto& [name, inner] : object) {
    Text& text = texts_[next_++];
    if (has_cuts(text)) renamed.emplace_back(place, cut(text));
    ++place;
    apply(inner);
  }
  if (renamed.empty()) return;
  js::object made(object.storage());
  auto next = renamed.begin();
  place = 0;
  for (auto& [name, inner] : object) {
    const bool is_next = next != renamed.end() && next->first == place++;
    const std::string key = is_next ? std::move((next++)->second) : std::string(name);
    // Two members of one name: which of them the provider would read is not ours to guess.
    if (made.contains(key)) throw Unjudgeable{"cannot be made clean"};
    made.emplace(key, std::move(inner));
  }
  object = std::move(made);
}

}  // namespace gatehouse::policy
