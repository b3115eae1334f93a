#include "http/sse.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gatehouse::http {
namespace {

std::vector<SseEvent> parse(std::initializer_list<std::string_view> pieces) {
  SseParser parser;
  std::vector<SseEvent> events;
  for (auto piece : pieces) {
    EXPECT_TRUE(parser.feed(piece));
    while (auto event = parser.next()) events.push_back(*event);
  }
  return events;
}

TEST(Sse, ReadsTheSameEventsHoweverTheBytesAreCut) {
  const std::string_view text =
      "\xEF\xBB\xBF: comment\r\ndata: one\r\n\r\nevent: named\rdata:two\rdata:  three\r\rid: 7\ndata\n\n"
      "ignored\nretry: 20\ndata: \xC3\xA9\r\n\r\ndata: cut off";
  const std::vector<SseEvent> expected = {{"message", "one", ""},
                                          {"named", "two\n three", ""},
                                          {"message", "", "7"},
                                          {"message", "\xC3\xA9", "7"}};
  EXPECT_EQ(parse({text}), expected);
  for (std::size_t a = 0; a <= text.size(); ++a) {
    ASSERT_EQ(parse({text.substr(0, a), text.substr(a)}), expected) << a;
    for (std::size_t b = a; b <= text.size(); ++b)
      ASSERT_EQ(parse({text.substr(0, a), text.substr(a, b - a), text.substr(b)}), expected) << a << " " << b;
  }
}

TEST(Sse, WritesWhatItReads) {
  std::string out;
  append_sse(out, "a\r\nb\nc\rd");
  append_sse(out, "ping", "{}");
  out += kSseHeartbeat;
  EXPECT_EQ(out, "data: a\ndata: b\ndata: c\ndata: d\n\nevent: ping\ndata: {}\n\n: ping\n\n");
  EXPECT_EQ(parse({out}), (std::vector<SseEvent>{{"message", "a\nb\nc\nd", ""}, {"ping", "{}", ""}}));
  EXPECT_THROW(append_sse(out, "a\ndata: x", ""), Failure);
}

TEST(Sse, RefusesLinesAndEventsWithoutEnd) {
  SseParser lines(16, 1024);
  EXPECT_TRUE(lines.feed("data: 0123456789"));
  EXPECT_EQ(lines.feed("a").error(), SseParser::Error::line_too_long);
  SseParser events(16, 10);
  EXPECT_TRUE(events.feed("data: 01234\n"));
  EXPECT_EQ(events.feed("data: 56789\n").error(), SseParser::Error::event_too_long);
  EXPECT_FALSE(events.feed("\n"));
  EXPECT_FALSE(events.next());
}

}  // namespace
}  // namespace gatehouse::http
