// The first half of a pass: which texts a document has, and what is found in them.
#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "policy/document_pass.h"
#include "policy/opaque.h"

namespace gatehouse::policy {
namespace {

namespace js = boost::json;

constexpr std::size_t kMaxDepth = 200;
constexpr std::int64_t kScannedNumber = 10'000'000;  // 8 digits

}  // namespace

std::optional<std::string> number_text(const js::value& value) {
  if (const auto* i = value.if_int64()) {
    if (*i > -kScannedNumber && *i < kScannedNumber) return std::nullopt;
    return std::to_string(*i);
  }
  if (const auto* u = value.if_uint64()) return std::to_string(*u);
  const double d = value.get_double();
  if (std::abs(d) < static_cast<double>(kScannedNumber) || std::abs(d) > 1e20) return std::nullopt;
  return fmt::format("{:.0f}", d);
}

bool is_scanned_number(const js::value& value) {
  return value.is_number() && number_text(value).has_value();
}

bool may_be_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && (text[first] == '{' || text[first] == '[');
}

Pass::Place Pass::member_of(Place place, std::string_view name) {
  switch (place) {
    case Place::root:
      return name == "messages" ? Place::messages : name == "choices" ? Place::choices : Place::other;
    case Place::choice:
      return name == "message" ? Place::message : Place::other;
    case Place::message:
      return name == "content" || name == "images" ? Place::parts : Place::other;
    case Place::part:  // the result of a tool has parts of its own
      return name == "content" ? Place::parts : Place::other;
    default:
      return Place::other;
  }
}

Pass::Place Pass::element_of(Place place) {
  switch (place) {
    case Place::messages:
      return Place::message;
    case Place::choices:
      return Place::choice;
    case Place::parts:
      return Place::part;
    default:
      return Place::other;
  }
}

void Pass::gather(const js::value& value, std::string_view key, Place place, std::size_t depth, Joint* run) {
  if (depth > kMaxDepth) throw Unjudgeable{"cannot be made clean"};
  switch (value.kind()) {
    case js::kind::string: {
      const js::string& string = value.get_string();
      const std::size_t text = &string == payload_ ? add_payload(string, key) : add(string, key);
      if (run != nullptr && texts_[text].symbols > 0) run->members.push_back(text);
      break;
    }
    case js::kind::int64:
    case js::kind::uint64:
    case js::kind::double_:
      if (auto text = number_text(value)) add(owned_.emplace_back(std::move(*text)), key);
      break;
    case js::kind::array:
      gather_array(value.get_array(), key, place, depth);
      break;
    case js::kind::object:
      gather_object(value.get_object(), place, depth, run);
      break;
    case js::kind::null:
    case js::kind::bool_:
      break;
  }
}

// An image or nothing at all between two texts does not keep a model from reading them as one.
void Pass::gather_array(const js::array& array, std::string_view key, Place place, std::size_t depth) {
  Joint run;
  for (const js::value& item : array) gather(item, key, element_of(place), depth + 1, &run);
  if (run.members.size() > 1) joints_.push_back(std::move(run));
}

void Pass::gather_object(const js::object& object, Place place, std::size_t depth, Joint* run) {
  if (is_unscannable_part(object)) ledger_.count_unscannable();
  const js::string* const outer = payload_;
  if (place == Place::part) payload_ = find_payload(object);
  for (const auto& [name, value] : object) {
    add(name, {});
    // A message's own refusal is a text by itself.
    const bool is_read = name == "text" || (name == "refusal" && place != Place::message);
    gather(value, name, member_of(place, name), depth + 1, is_read && value.is_string() ? run : nullptr);
  }
  payload_ = outer;
}

std::size_t Pass::add(std::string_view bytes, std::string_view key) {
  bytes_ += bytes.size();
  if (texts_.size() == kMaxDocumentTexts || bytes_ > kMaxDocumentBytes)
    throw Unjudgeable{"document too large to judge"};
  Text& text = texts_.emplace_back();
  text.bytes = bytes;
  // JSON within a string (arguments of a tool call): what its escapes mean counts.
  const bool source = may_be_json(bytes) && bytes.contains('\\');
  text.encoding = source ? Encoding::json_source : Encoding::plain;
  normalize(bytes, text.encoding, scratch_);
  text.symbols = static_cast<std::uint32_t>(scratch_.size());
  std::vector<Finding> found;
  if (!key.empty() && std::ranges::any_of(scratch_.values, is_digit)) {
    joined_ = normalize(key.substr(0, kLeftContext)).values;
    joined_.insert(joined_.end(), {':', ' '});
    const std::size_t context = joined_.size();
    joined_.insert(joined_.end(), scratch_.values.begin(), scratch_.values.end());
    found = find_all(ledger_.rules(), joined_, context);
    for (Finding& finding : found) {
      finding.begin -= context;
      finding.end -= context;
    }
  } else {
    found = find_all(ledger_.rules(), scratch_.values);
  }
  if (!found.empty()) {
    text.scanned = std::make_unique<Scanned>(Scanned{std::exchange(scratch_, {}), std::move(found), {}});
  }
  return texts_.size() - 1;
}

// What is no image, sound or binary document is read as it stands and as what it encodes.
std::size_t Pass::add_payload(std::string_view text, std::string_view key) {
  auto payload = read_payload(text);
  const std::size_t first = add(payload && payload->binary ? text.substr(0, payload->header) : text, key);
  if (payload && !payload->binary) {
    const std::size_t inner = add(owned_.emplace_back(std::move(payload->decoded)), {});
    texts_[inner].encoded_from = payload->header;
  }
  return first;
}

void Pass::count() {
  for (const Text& text : texts_) {
    if (!text.scanned) continue;
    for (const Finding& finding : text.scanned->found) ledger_.count(finding);
  }
  for (std::size_t joint = 0; joint < joints_.size(); ++joint) scan_joint(joint);
  for (const Spanning& spanning : spanning_) ledger_.count(spanning.finding);
}

const Symbols& Pass::symbols_of(const Text& text) {
  if (text.scanned) return text.scanned->symbols;
  normalize(text.bytes, text.encoding, scratch_);
  return scratch_;
}

// Only what crosses from one part into another is new.
void Pass::scan_joint(std::size_t index) {
  Joint& joint = joints_[index];
  joined_.clear();
  for (const std::size_t member : joint.members) {
    const auto& values = symbols_of(texts_[member]).values;
    joined_.insert(joined_.end(), values.begin(), values.end());
    joint.ends.push_back(joined_.size());
  }
  for (const Finding& finding : find_all(ledger_.rules(), joined_)) {
    const auto end = std::ranges::upper_bound(joint.ends, finding.begin);
    if (end != joint.ends.end() && *end < finding.end) spanning_.push_back({index, finding});
  }
}

}  // namespace gatehouse::policy
