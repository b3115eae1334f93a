// What an evaluation may cost: symbols read grow with the text and no faster; a stream holds little.
#include <malloc.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

#include "policy/demo_rules_testing.h"
#include "policy/document_pass.h"
#include "policy/probe.h"
#include "policy/stream.h"

namespace gatehouse::policy {
namespace {

using testing::finds;
using testing::rule;

std::size_t allocated() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return __sanitizer_get_current_allocated_bytes();
#else
  return mallinfo2().uordblks;
#endif
}

#ifdef GATEHOUSE_FAILPOINTS

const std::vector<std::string>& hostile_pieces() {
  static const std::vector<std::string> pieces = {"@",
                                                  "1",
                                                  "a.",
                                                  "a@",
                                                  "1 ",
                                                  "\xFF",
                                                  "\u200B",
                                                  "-----BEGIN ",
                                                  "+1",
                                                  "(",
                                                  "a@b.",
                                                  "sk-",
                                                  "eyJ",
                                                  "ghp_",
                                                  "4111 1111 1111 ",
                                                  "a@b.io ",
                                                  "DE89 37",
                                                  "12.ABC.345/",
                                                  "project ",
                                                  "a-a-",
                                                  "é",
                                                  "529.982.247-25 ",
                                                  "salary salary "};
  return pieces;
}

std::string repeated(const std::string& piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

template <class Work>
double reads_per_byte(const std::string& text, Work work) {
  symbols_read = 0;
  work(text);
  return static_cast<double>(symbols_read) / static_cast<double>(text.size());
}

/// Four times the text, four times the reads: what is read per byte depends on the text, not on its length.
template <class Work>
void expect_linear(double most, Work work, std::size_t size = 10'000) {
  for (const std::string& piece : hostile_pieces()) {
    const double small = reads_per_byte(repeated(piece, size), work);
    const double large = reads_per_byte(repeated(piece, 4 * size), work);
    EXPECT_LE(large, small * 1.1 + 0.1) << piece;
    EXPECT_LE(large, most) << piece;
  }
}

std::shared_ptr<const RuleSet> redacting() {
  static const auto rules = [] {
    auto list = testing::demo_rules();
    std::erase_if(list, [](const Rule& r) { return r.outcome == Outcome::block; });
    list.push_back(rule("open", Outcome::redact, testing::regexes({R"(a.*\d)", R"((?:\w+-)+\w)"})));
    return testing::compiled(list);
  }();
  return rules;
}

TEST(Bounds, WholeTextsCostLinearTime) {
  expect_linear(3000, [](const std::string& text) { redacting()->evaluate_text(text, {}); });
}

TEST(Bounds, ForwardTextsCostLinearTime) {
  expect_linear(3000, [](const std::string& text) {
    redacting()->evaluate_text(text, {.direction = Direction::response});
  });
}

TEST(Bounds, StreamsCostLinearTime) {
  expect_linear(6000, [](const std::string& text) {
    StreamFilter filter(redacting(), {});
    for (std::size_t at = 0; at < text.size(); at += 16) filter.push(std::string_view(text).substr(at, 16));
    filter.finish();
  });
}

/// As values of an object, or as neighbouring parts of so many bytes each.
boost::json::value in_parts(const std::string& text, std::size_t size, bool of_object) {
  boost::json::array parts;
  boost::json::object members;
  for (std::size_t at = 0; at < text.size(); at += size) {
    if (of_object) {
      members.emplace("m" + std::to_string(1'000'000 + at), text.substr(at, size));
    } else {
      parts.emplace_back(text.substr(at, size));
    }
  }
  return of_object ? boost::json::value(std::move(members)) : boost::json::value(std::move(parts));
}

TEST(Bounds, DocumentsCostLinearTime) {
  for (const auto& [size, of_object] : {std::pair(1U, false), std::pair(16U, true)}) {
    const auto judge = [&](const std::string& text) {
      auto document = in_parts(text, size, of_object);
      evaluate_document(document, {}, *redacting());
    };
    expect_linear(12'000, judge, 3'000);
  }
}

TEST(Bounds, AValueSplitOverPartsCostsAsManyStepsAsItHasParts) {
  const auto rules = testing::compiled(testing::demo_rules());
  const auto steps = [&](std::size_t clean_parts) {
    boost::json::array parts(clean_parts, "x");
    for (const char digit : std::string_view(" 52998224725;")) parts.emplace_back(std::string(1, digit));
    parts.insert(parts.end(), clean_parts, "x");
    const boost::json::value document = std::move(parts);
    Ledger ledger(rules->compiled(), {});
    Pass pass(ledger);
    pass.gather(document);
    pass.count();
    ledger.evaluate();
    symbols_read = 0;
    EXPECT_TRUE(pass.plan());
    return symbols_read;
  };
  EXPECT_EQ(steps(10), 11U);
  EXPECT_EQ(steps(10'000), 11U);
}

#endif

TEST(Bounds, ThousandsOfValuesSplitOverManyPartsAreEachRedacted) {
  // Each digit is a part of its own, with an empty one after every CPF.
  const auto split = [](std::size_t count) {
    boost::json::array parts;
    while (parts.size() < count) {
      for (const char digit : std::string_view("52998224725")) parts.emplace_back(std::string(1, digit));
      parts.emplace_back(";");
      parts.emplace_back("");
    }
    return parts;
  };
  const auto rules = testing::compiled(testing::demo_rules());
  boost::json::value document = split(60'000);
  const auto before = document.as_array().size();
  const auto decision = evaluate_document(document, {}, *rules).decision;
  EXPECT_EQ(decision.outcome, Outcome::redact);
  EXPECT_EQ(decision.redactions, before / 13);
  EXPECT_EQ(document.as_array()[13], "[CPF_1]");
  EXPECT_EQ(document.as_array()[14], "");
}

bool is_too_large(boost::json::value document) {
  const auto decision = evaluate_document(document, {}, *testing::compiled({})).decision;
  return decision.outcome == Outcome::block && decision.deciding()->name == "document too large to judge";
}

TEST(Bounds, ADocumentOfTooManyTextsIsBlocked) {
  boost::json::array most(kMaxDocumentTexts, "5");
  EXPECT_FALSE(is_too_large(most));
  most.emplace_back("5");
  EXPECT_TRUE(is_too_large(most));
  boost::json::array numbers(kMaxDocumentTexts + 1, 52998224725);
  EXPECT_TRUE(is_too_large(numbers));
  // Numbers that are not scanned cost nothing.
  EXPECT_FALSE(is_too_large(boost::json::array(kMaxDocumentTexts + 1, 5)));
}

TEST(Bounds, ADocumentOfTooMuchTextIsBlocked) {
  EXPECT_FALSE(is_too_large({{"x", std::string(kMaxDocumentBytes - 1, ' ')}}));
  EXPECT_TRUE(is_too_large({{"x", std::string(kMaxDocumentBytes, ' ')}}));
}

TEST(Bounds, ADocumentOfCleanTextsHoldsLittleForEach) {
  const auto rules = testing::compiled({});
  Ledger ledger(rules->compiled(), {});
  const boost::json::value document = boost::json::array(kMaxDocumentTexts, "abcdefgh");
  const std::size_t before = allocated();
  Pass pass(ledger);
  pass.gather(document);
  EXPECT_LT((allocated() - before) / kMaxDocumentTexts, 100U);
}

TEST(Bounds, OnlySoManyValuesAreNumbered) {
  Numbering numbering;
  for (std::size_t n = 0; n < kMaxNumbered; ++n) numbering.number_of("CPF", std::to_string(n));
  EXPECT_EQ(numbering.number_of("CPF", "7"), 8U);
  EXPECT_THROW(numbering.number_of("CPF", "another"), std::length_error);
}

TEST(Bounds, AStreamOfProseHoldsLessThanTwoKilobytes) {
  const auto rules = testing::compiled(testing::demo_rules());
  const std::string prose =
      "Please summarise the minutes of our meeting in 2026, and list who promised what until when; O "
      "relatório de março está pronto? ";
  constexpr std::size_t kStreams = 50;
  std::vector<StreamFilter> filters;
  filters.reserve(kStreams);
  const std::size_t before = allocated();
  for (std::size_t n = 0; n < kStreams; ++n) {
    StreamFilter& filter = filters.emplace_back(rules, Subject{});
    for (int round = 0; round < 20; ++round) {
      for (std::size_t at = 0; at < prose.size(); at += 24)
        filter.push(std::string_view(prose).substr(at, 24));
    }
  }
  const std::size_t each = (allocated() - before) / kStreams + sizeof(StreamFilter);
  EXPECT_LT(each, 2048U);
}

}  // namespace
}  // namespace gatehouse::policy
