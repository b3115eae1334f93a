// What an evaluation may cost: symbols read grow with the text and no faster; a stream holds little.
#include <malloc.h>

#include <gtest/gtest.h>
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

#include "policy/demo_rules_testing.h"
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
void expect_linear(double most, Work work) {
  for (const std::string& piece : hostile_pieces()) {
    const double small = reads_per_byte(repeated(piece, 10'000), work);
    const double large = reads_per_byte(repeated(piece, 40'000), work);
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

#endif

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
