#include "scim/filter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "http/syntax.h"
#include "json/value.h"
#include "scim/error.h"

namespace gatehouse::scim {
namespace {

constexpr std::array<std::pair<std::string_view, Compare>, 9> kOperators = {{{"eq", Compare::eq},
                                                                             {"ne", Compare::ne},
                                                                             {"co", Compare::co},
                                                                             {"sw", Compare::sw},
                                                                             {"ew", Compare::ew},
                                                                             {"gt", Compare::gt},
                                                                             {"ge", Compare::ge},
                                                                             {"lt", Compare::lt},
                                                                             {"le", Compare::le}}};

bool is_word(char c) {
  return http::is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '$';
}

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  char first = text.front();
  return ((first >= 'a' && first <= 'z') || first == '$') && std::ranges::all_of(text, [](char c) {
           return http::is_alnum(c) || c == '_' || c == '-' || c == '$';
         });
}

/// Recursion is bounded by kMaxFilterDepth, everything else by the text's length.
class Parser {
 public:
  Parser(std::string_view text, std::string_view type) : text_(text), type_(type) {}

  Result<Filter> whole_filter() {
    GH_CHECK(check_length());
    GH_TRY(auto filter, any(0));
    skip_spaces();
    if (!at_end()) return wrong("something stands behind it");
    return filter;
  }

  Result<Path> whole_path() {
    GH_CHECK(check_length());
    skip_spaces();
    Path path;
    GH_TRY(path.attribute, attribute());
    if (peek() == '[') {
      if (!path.attribute.sub.empty()) return wrong("a value filter stands behind an attribute");
      GH_TRY(auto inside, bracketed('[', ']', 0));
      path.element = std::move(inside);
      if (peek() == '.') {
        ++at_;
        auto sub = word();
        if (!is_name(sub)) return wrong("there is no attribute behind the filter");
        path.attribute.sub = std::move(sub);
      }
    }
    skip_spaces();
    if (!at_end()) return wrong("something stands behind it");
    return path;
  }

 private:
  std::unexpected<Error> wrong(std::string_view why) const {
    return refuse(type_, "At character " + std::to_string(at_ + 1) + ": " + std::string(why));
  }
  Result<void> check_length() const {
    if (text_.size() > kMaxFilterBytes) return refuse(type_, "It is too long");
    return {};
  }
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_spaces() {
    while (peek() == ' ') ++at_;
  }
  /// In lower case.
  std::string word() {
    auto start = at_;
    while (!at_end() && is_word(text_[at_])) ++at_;
    return http::to_lower(text_.substr(start, at_ - start));
  }
  /// Takes the keyword if it stands here as a word of its own.
  bool take_keyword(std::string_view keyword) {
    auto start = at_;
    skip_spaces();
    if (word() == keyword && (at_end() || peek() == ' ' || peek() == '(')) return true;
    at_ = start;
    return false;
  }

  Result<Filter> any(int depth) { return chain(depth, "or", Filter::Kind::any, &Parser::all); }
  Result<Filter> all(int depth) { return chain(depth, "and", Filter::Kind::all, &Parser::term); }

  Result<Filter> chain(int depth, std::string_view keyword, Filter::Kind kind,
                       Result<Filter> (Parser::*part)(int)) {
    GH_TRY(auto first, (this->*part)(depth));
    Filter chained{.kind = kind};
    chained.parts.push_back(std::move(first));
    while (take_keyword(keyword)) {
      GH_TRY(auto next, (this->*part)(depth));
      chained.parts.push_back(std::move(next));
    }
    if (chained.parts.size() > 1) return chained;
    return std::move(chained.parts.front());
  }

  Result<Filter> bracketed(char open, char close, int depth) {
    if (peek() != open) return wrong("a bracket is missing");
    if (depth >= kMaxFilterDepth) return wrong("brackets are too deep");
    ++at_;
    GH_TRY(auto inside, any(depth + 1));
    skip_spaces();
    if (peek() != close) return wrong("a bracket is not closed");
    ++at_;
    return inside;
  }

  Result<Filter> term(int depth) {
    skip_spaces();
    if (peek() == '(') return bracketed('(', ')', depth);
    if (auto start = at_; take_keyword("not")) {
      skip_spaces();
      if (peek() == '(') {
        GH_TRY(auto inside, bracketed('(', ')', depth));
        Filter negated{.kind = Filter::Kind::negated};
        negated.parts.push_back(std::move(inside));
        return negated;
      }
      at_ = start;
    }
    if (++terms_ > kMaxFilterTerms) return wrong("it has too many comparisons");
    Filter filter;
    GH_TRY(filter.attribute, attribute());
    if (filter.attribute.name.empty()) return wrong("there is no attribute");
    if (peek() == '[') {
      GH_TRY(auto inside, bracketed('[', ']', depth));
      filter.kind = Filter::Kind::element;
      filter.parts.push_back(std::move(inside));
      return filter;
    }
    if (peek() != ' ') return wrong("an operator is missing");
    skip_spaces();
    auto name = word();
    if (name == "pr") {
      filter.kind = Filter::Kind::present;
      return filter;
    }
    auto found = std::ranges::find(kOperators, name, &std::pair<std::string_view, Compare>::first);
    if (found == kOperators.end()) return wrong("there is no such operator");
    filter.kind = Filter::Kind::compare;
    filter.compare = found->second;
    if (peek() != ' ') return wrong("a value is missing");
    skip_spaces();
    GH_TRY(filter.literal, literal());
    return filter;
  }

  Result<Attribute> attribute() {
    auto text = word();
    if (text.empty() || text.size() > kMaxAttributeBytes) return wrong("there is no attribute");
    Attribute found;
    std::string_view rest = text;
    if (rest.starts_with("urn:")) {
      auto colon = rest.rfind(':');
      auto last = rest.substr(colon + 1);
      // The name of a schema ends like one of its attributes; those that are known have a version before.
      if (auto version = rest.substr(0, colon); version.ends_with(":2.0")) {
        found.schema = text;
        return found;
      }
      found.schema = rest.substr(0, colon);
      rest = last;
    }
    auto dot = rest.find('.');
    auto name = rest.substr(0, dot);
    if (!is_name(name)) return wrong("this is no attribute");
    found.name = name;
    if (dot != std::string_view::npos) {
      auto sub = rest.substr(dot + 1);
      if (!is_name(sub)) return wrong("this is no attribute");
      found.sub = sub;
    }
    return found;
  }

  Result<Literal> literal() {
    auto start = at_;
    if (peek() == '"') {
      ++at_;
      while (!at_end() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
      if (at_end()) return wrong("a text is not closed");
      ++at_;
    } else {
      while (!at_end() && peek() != ' ' && peek() != ')' && peek() != ']') ++at_;
    }
    auto value = json::parse(text_.substr(start, at_ - start));
    if (!value) return wrong("the value is none of JSON's");
    if (value->is_null()) return Literal{};
    if (value->is_bool()) return Literal{value->get_bool()};
    if (value->is_number()) return Literal{value->to_number<double>()};
    if (!value->is_string()) return wrong("the value is a list or an object");
    std::string text(value->get_string());
    if (text.contains('\0')) return wrong("the value holds a character that no text can have");
    return Literal{std::move(text)};
  }

  std::string_view text_;
  std::string_view type_;
  std::size_t at_ = 0;
  std::size_t terms_ = 0;
};

}  // namespace

Result<Filter> parse_filter(std::string_view text) {
  return Parser(text, "invalidFilter").whole_filter();
}

Result<Path> parse_path(std::string_view text) {
  return Parser(text, "invalidPath").whole_path();
}

}  // namespace gatehouse::scim
