#include "models/answer_filter.h"

#include <functional>

#include <gtest/gtest.h>

#include "models/answer_testing.h"

namespace gatehouse::models {
namespace {

using namespace testing;

TEST(AnswerFilter, RedactsAValueHoweverItsTextIsCut) {
  const std::string text = "The CPF is 529.982.247-25, as you know.";
  for (std::size_t first = 0; first <= text.size(); ++first)
    for (std::size_t second = first; second <= text.size(); second += 3) {
      FilteredAnswer run;
      run.push(content_chunk(text.substr(0, first)));
      run.push(content_chunk(text.substr(first, second - first)));
      run.push(content_chunk(text.substr(second)));
      run.push(kStop);
      run.filter.finish(run.out);
      ASSERT_EQ(run.out.text, "The CPF is [CPF_1], as you know.") << first << " " << second;
      ASSERT_EQ(content(run.out.frames), run.out.text);
    }
}

TEST(AnswerFilter, GivesWhatWasHeldBackBeforeTheFinishReason) {
  FilteredAnswer run;
  run.push(content_chunk("My CPF: 529.982.247"));
  run.push(content_chunk("-25"));
  run.push(kStop);
  auto chunks = values(run.out.frames);
  ASSERT_GE(chunks.size(), 2u);
  EXPECT_EQ(chunks.back().at("choices").at(0).at("finish_reason"), "stop");
  EXPECT_EQ(content(run.out.frames), "My CPF: [CPF_1]");
  EXPECT_TRUE(run.filter.finished());
}

TEST(AnswerFilter, CutsBeforeABlockedPhraseAndTakesNothingMore) {
  FilteredAnswer run;
  run.push(content_chunk("Yes, project "));
  run.push(content_chunk("Aurora is great. More text follows."));
  EXPECT_TRUE(run.filter.blocked());
  auto before = run.out.frames;
  run.push(content_chunk("secret"));
  run.filter.finish(run.out);
  EXPECT_EQ(run.out.frames, before);
  EXPECT_EQ(run.out.text, "Yes, ");
}

TEST(AnswerFilter, TakesTheUsageOutThatTheClientDidNotAskFor) {
  FilteredAnswer run;
  run.push(
      R"({"id":"c1","choices":[{"index":0,"delta":{"content":"a b"},"finish_reason":null}],"usage":null})");
  run.push(kStop);
  run.push(kUsage);
  run.filter.finish(run.out);
  EXPECT_FALSE(run.out.frames.contains("usage"));
  EXPECT_EQ(run.filter.usage(), (Usage{7, 3}));
}

TEST(AnswerFilter, PassesTheUsageOnToTheClientThatAsked) {
  FilteredAnswer run({.frames = true, .wants_usage = true});
  run.push(kStop);
  run.push(kUsage);
  auto chunks = values(run.out.frames);
  EXPECT_EQ(chunks.back().at("usage").at("total_tokens"), 10);
  EXPECT_TRUE(chunks.back().at("choices").as_array().empty());
}

TEST(AnswerFilter, FiltersToolArgumentsByChoiceAndIndexAndKeepsThemJson) {
  FilteredAnswer run;
  auto tool = [&](int choice, int index, std::string_view arguments) {
    json::Object call{{"index", index}, {"function", {{"arguments", arguments}}}};
    run.push(json::write(json::Object{
        {"id", "c1"},
        {"choices",
         json::Array{json::Object{{"index", choice},
                                  {"delta", json::Object{{"tool_calls", json::Array{std::move(call)}}}},
                                  {"finish_reason", nullptr}}}}}));
  };
  tool(0, 0, R"({"who":"529.982.)");
  tool(0, 1, R"({"who":"nobody")");
  tool(1, 0, R"({"who":"529.982.247-)");
  tool(0, 0, R"(247-25"})");
  tool(0, 1, "}");
  tool(1, 0, R"(25"})");
  run.filter.finish(run.out);
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> arguments;
  for (const auto& chunk : values(run.out.frames))
    for (const auto& choice : chunk.at("choices").as_array())
      if (const auto* calls = choice.at("delta").as_object().if_contains("tool_calls"))
        for (const auto& call : calls->as_array())
          arguments[{choice.at("index").as_int64(), call.at("index").as_int64()}] +=
              std::string_view(call.at("function").at("arguments").as_string());
  EXPECT_EQ((arguments[{0, 0}]), R"({"who":"[CPF_1]"})");
  EXPECT_EQ((arguments[{0, 1}]), R"({"who":"nobody"})");
  EXPECT_EQ((arguments[{1, 0}]), R"({"who":"[CPF_1]"})");
}

/// The same, of content that comes as parts or as a string; every part says that it is text.
TEST(AnswerFilter, FiltersReasoningAndRefusalAsTextsOfTheirOwn) {
  FilteredAnswer run;
  run.push(
      R"({"choices":[{"index":0,"delta":{"reasoning_content":"CPF 529.982.2","refusal":"no 529.98"}}]})");
  run.push(R"({"choices":[{"index":0,"delta":{"reasoning_content":"47-25","refusal":"2.247-25"}}]})");
  run.push(kStop);
  EXPECT_EQ(content(run.out.frames, "reasoning_content"), "CPF [CPF_1]");
  EXPECT_EQ(content(run.out.frames, "refusal"), "no [CPF_1]");
  EXPECT_EQ(run.out.reasoning, "CPF [CPF_1]");
}

TEST(AnswerFilter, ScansStringsThatItDoesNotKnowAlsoAcrossChunks) {
  FilteredAnswer run;
  run.push(R"({"choices":[{"index":0,"delta":{"details":[{"index":0,"text":"CPF 529.982"}]}}]})");
  run.push(R"({"choices":[{"index":0,"delta":{"details":[{"index":0,"text":".247-25"}]}}]})");
  run.push(R"({"choices":[],"citations":["mail ana@example.com now"]})");
  run.push(kStop);
  run.filter.finish(run.out);
  EXPECT_FALSE(run.out.frames.contains("529.982"));
  EXPECT_FALSE(run.out.frames.contains("247-25"));
  EXPECT_FALSE(run.out.frames.contains("ana@example.com"));
  EXPECT_TRUE(run.out.frames.contains("[CPF_1]"));
}

TEST(AnswerFilter, PassesUnknownFieldsOn) {
  FilteredAnswer run;
  run.push(
      R"({"id":"c1","choices":[{"index":0,"delta":{"content":"Hello there"},"novelty":{"a":[1,true,"x y"]}}]})");
  run.push(kStop);
  EXPECT_TRUE(run.out.frames.contains("novelty"));
}

TEST(AnswerFilter, DropsLogprobsOnceTheTextIsAltered) {
  FilteredAnswer run;
  auto chunk = [&](std::string_view text) {
    return content_chunk(text, R"(,"logprobs":{"content":[{"token":)" + json::write(json::Value(text)) +
                                   R"(,"logprob":-1,"bytes":[],"top_logprobs":[]}],"refusal":null})");
  };
  run.push(chunk("fine words "));
  run.push(chunk("CPF "));
  for (auto piece : {"529", ".982", ".247", "-25"}) run.push(chunk(piece));
  run.push(chunk(" end"));
  run.push(kStop);
  EXPECT_EQ(content(run.out.frames), "fine words CPF [CPF_1] end");
  EXPECT_TRUE(run.out.frames.contains(R"("token":"fine words ")"));
  EXPECT_FALSE(run.out.frames.contains(R"("token":".982")"));
  EXPECT_FALSE(run.out.frames.contains(R"("token":"-25")"));
}

TEST(AnswerFilter, KeepsAllLogprobsOfTextThatPasses) {
  FilteredAnswer run;
  for (std::string_view piece : {"one ", "two ", "three"})
    run.push(content_chunk(piece, R"(,"logprobs":{"content":[{"token":)" + json::write(json::Value(piece)) +
                                      R"(,"logprob":-1}]})"));
  run.push(kStop);
  for (std::string_view piece : {"one ", "two ", "three"})
    EXPECT_TRUE(run.out.frames.contains(R"("token":")" + std::string(piece) + "\"")) << piece;
}

TEST(AnswerFilter, TurnsAnErrorFrameIntoACleanFailure) {
  FilteredAnswer run;
  run.push(R"({"error":{"message":"overloaded for 529.982.247-25","type":"server_error"}})");
  ASSERT_TRUE(run.filter.failure());
  EXPECT_EQ(run.filter.failure()->code, ErrorCode::upstream_failed);
  EXPECT_TRUE(run.filter.failure()->detail.contains("[CPF_1]"));
  EXPECT_TRUE(run.out.frames.empty());
}

/// A chunk of the first choice with `delta`, and `more` members beside the choices.
std::string delta_chunk(std::string_view delta, std::string_view more = {}) {
  return R"({"id":"c1","choices":[{"index":0,"delta":)" + std::string(delta) + R"(,"finish_reason":null}])" +
         std::string(more) + "}";
}

TEST(AnswerFilter, ScansInAStreamWhatItScansInAWholeAnswer) {
  // Each has the CPF where nothing streams: in names, numbers, ids and fields about the answer.
  for (const std::string& chunk :
       {delta_chunk(R"({"529.982.247-25":1})"), delta_chunk(R"({"x":{"52998224725":[true]}})"),
        delta_chunk(R"({"cpf":52998224725})"), delta_chunk(R"({"x":[{"n":52998224725.0}]})"),
        delta_chunk(R"({"content":"Hi "})", R"(,"cpf 529.982.247-25":null)"),
        delta_chunk(R"({"content":"Hi "})", R"(,"total":52998224725)"),
        delta_chunk(R"({"content":"Hi "})", R"(,"system_fingerprint":"CPF 529.982.247-25")"),
        delta_chunk(R"({"content":"Hi "})", R"(,"service_tier":{"cpf":"529.982.247-25"})"),
        delta_chunk(R"({"content":"Hi "})", R"(,"model":["529.982.247-25"])"),
        delta_chunk(R"({"content":"Hi "})", R"(,"created":52998224725)"),
        delta_chunk(R"({"content":"Hi "})", R"(,"object":"529.982.247-25")"),
        delta_chunk(R"({"tool_calls":[{"index":0,"id":"call 529.982.247-25"}]})"),
        delta_chunk(R"({"tool_calls":[{"index":0,"function":{"name":"f_529.982.247-25"}}]})"),
        delta_chunk(R"({"tool_calls":[{"index":0,"function":{"52998224725":"x"}}]})"),
        delta_chunk(R"({"function_call":{"name":"f","cpf":"529.982.247-25"}})"),
        std::string(R"({"id":"CPF 529.982.247-25","choices":[{"index":0,"delta":{"content":"Hi "}}]})"),
        std::string(R"({"choices":[{"index":0,"529.982.247-25":true,"delta":{}}]})"),
        std::string(R"({"choices":[{"index":0,"delta":{},"cpf":52998224725}]})")}) {
    for (const bool whole : {false, true}) {
      FilteredAnswer run({.wants_usage = true});
      if (whole) {
        run.filter.whole(chunk, run.out);
      } else {
        run.push(chunk);
        run.push(kStop);
        run.filter.finish(run.out);
      }
      EXPECT_FALSE(run.filter.failure()) << chunk;
      EXPECT_FALSE(run.out.frames.contains("982")) << run.out.frames;
      EXPECT_TRUE(run.out.frames.contains("[CPF_1]")) << run.out.frames;
    }
  }
}

TEST(AnswerFilter, BlocksWhatIsForbiddenOutsideOfTexts) {
  for (const std::string& chunk : {delta_chunk(R"({"content":"x ","project aurora":1})"),
                                   delta_chunk("{}", R"(,"model":"project aurora")"),
                                   delta_chunk(R"({"tool_calls":[{"index":0,"id":"project aurora"}]})")}) {
    FilteredAnswer run;
    run.push(chunk);
    EXPECT_TRUE(run.filter.blocked()) << chunk;
    EXPECT_FALSE(run.filter.failure());
    EXPECT_TRUE(run.out.frames.empty()) << run.out.frames;
  }
}

TEST(AnswerFilter, FailsWhereTwoMembersWouldHaveOneName) {
  FilteredAnswer run;
  run.push(delta_chunk(R"({"529.982.247-25":1,"52998224725":2})"));
  EXPECT_TRUE(run.filter.failure());
  EXPECT_TRUE(run.out.frames.empty());
}

TEST(AnswerFilter, PassesNamesAndIdsOfToolCallsOnAtOnce) {
  FilteredAnswer run;
  run.push(delta_chunk(
      R"({"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}]})"));
  const auto first = values(run.out.frames).at(0).at_pointer("/choices/0/delta/tool_calls/0");
  EXPECT_EQ(first.at("id"), "call_1");
  EXPECT_EQ(first.at("function").at("name"), "get_weather");
}

TEST(AnswerFilter, FailsWhereTheIdOfAToolCallMakesAValueInPieces) {
  const auto piece = [](std::string_view id) {
    return delta_chunk(R"({"tool_calls":[{"index":0,"id":")" + std::string(id) + R"("}]})");
  };
  FilteredAnswer run;
  run.push(piece("529.982."));
  EXPECT_FALSE(run.filter.failure());
  run.push(piece("247-25"));
  EXPECT_TRUE(run.filter.failure());
  EXPECT_FALSE(run.out.frames.contains("247-25"));

  FilteredAnswer repeated;
  for (int n = 0; n < 3; ++n) repeated.push(piece("call_1"));
  EXPECT_FALSE(repeated.filter.failure());
  EXPECT_EQ(values(repeated.out.frames).size(), 3u);
}

TEST(AnswerFilter, LeavesTheEnvelopeOfAStreamAlone) {
  FilteredAnswer run;
  run.push(
      R"({"id":"chatcmpl-11987654321","object":"chat.completion.chunk","created":1767225600,"model":"m","service_tier":"default","obfuscation":"a@b.io","choices":[{"index":0,"delta":{"content":"Hi there "}}]})");
  const auto chunk = values(run.out.frames).at(0);
  EXPECT_EQ(chunk.at("id"), "chatcmpl-11987654321");
  EXPECT_EQ(chunk.at("object"), "chat.completion.chunk");
  EXPECT_EQ(chunk.at("created"), 1767225600);
  EXPECT_EQ(chunk.at("service_tier"), "default");
  EXPECT_FALSE(chunk.as_object().contains("obfuscation"));
}

TEST(AnswerFilter, DropsLogprobsThatTellMoreThanTheText) {
  FilteredAnswer run;
  run.push(content_chunk(
      "fine ",
      R"(,"logprobs":{"content":[{"token":"fine ","top_logprobs":[{"token":"CPF 529.982.247-25"}]}]})"));
  run.push(kStop);
  EXPECT_EQ(content(run.out.frames), "fine ");
  EXPECT_FALSE(run.out.frames.contains("529"));
}

TEST(AnswerFilter, EndsAnAnswerOfTooManyTextsAsFailed) {
  const auto by_path = [](int n) { return delta_chunk(R"({"x)" + std::to_string(n) + R"(":"y"})"); };
  const auto by_index = [](int n) {
    return delta_chunk(R"({"tool_calls":[{"index":)" + std::to_string(n) +
                       R"(,"function":{"arguments":"{"}}]})");
  };
  for (const auto& make :
       {std::function<std::string(int)>(by_path), std::function<std::string(int)>(by_index)}) {
    FilteredAnswer run;
    int taken = 0;
    while (taken < 100'000 && !run.filter.failure()) run.push(make(taken++));
    EXPECT_EQ(taken, 2049);
    ASSERT_TRUE(run.filter.failure());
    EXPECT_EQ(run.filter.failure()->code, ErrorCode::upstream_failed);
  }
}

TEST(AnswerFilter, EndsAnAnswerWhosePathsAreTooLongAsFailed) {
  FilteredAnswer run;
  int taken = 0;
  while (taken < 100 && !run.filter.failure())
    run.push(delta_chunk(R"({")" + std::to_string(taken++) + std::string(100'000, 'k') + R"(":"y"})"));
  EXPECT_LT(taken, 12);
}

TEST(AnswerFilter, EndsAnAnswerAsFailedIfTooMuchOfItIsHeldBack) {
  // Nobody sees zero-width spaces: they wait with the word that they stand in.
  std::string hidden;
  for (int letter = 0; letter < 30; ++letter) {
    for (int n = 0; n < 60; ++n) hidden += "\u200B";
    hidden += "a";
  }
  FilteredAnswer run;
  std::size_t pushed = 0;
  for (int n = 0; n < 2000 && !run.filter.failure(); ++n) {
    const auto chunk = delta_chunk(R"({"x)" + std::to_string(n) + R"(":")" + hidden + R"("})");
    pushed += chunk.size();
    run.push(chunk);
  }
  EXPECT_TRUE(run.filter.failure());
  EXPECT_LT(pushed, 2u << 20);
}

TEST(LogprobGate, KeepsNoMoreThanSoManyEntriesWaiting) {
  LogprobGate gate;
  const json::Array entries{std::string(100'000, 'x')};
  for (int n = 0; n < 5; ++n) gate.push("a", entries);
  EXPECT_EQ(gate.release("a").size(), 1u);
  gate.push("a", entries);
  gate.push("a", entries);
  EXPECT_TRUE(gate.release("a").empty());
}

TEST(AnswerFilter, RefusesWhatIsNoAnswer) {
  for (auto bad : {"", "not json", "[1]", R"({"choices":["x"]})", R"({"choices":[{"index":-1}]})",
                   R"({"choices":"x"})", R"({"choices":[{"delta":"x"}]})"}) {
    FilteredAnswer run;
    run.push(bad);
    EXPECT_TRUE(run.filter.failure()) << bad;
  }
}

TEST(AnswerFilter, ClearsAWholeAnswerAndLeavesItsEnvelopeAlone) {
  FilteredAnswer run;
  run.filter.whole(
      R"({"id":"chatcmpl-11987654321","created":1767225600,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"CPF 529.982.247-25"},"logprobs":{"content":[{"token":"529"}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":2,"completion_tokens":4}})",
      run.out);
  auto answer = json::parse(run.out.frames).value();
  EXPECT_EQ(answer.at("id"), "chatcmpl-11987654321");
  EXPECT_EQ(answer.at("created"), 1767225600);
  EXPECT_EQ(answer.at("choices").at(0).at("message").at("content"), "CPF [CPF_1]");
  EXPECT_TRUE(answer.at("choices").at(0).at("logprobs").is_null());
  EXPECT_EQ(run.filter.usage(), (Usage{2, 4}));
}

TEST(AnswerFilter, GivesNothingOfAWholeAnswerThatIsBlocked) {
  FilteredAnswer run;
  run.filter.whole(R"({"choices":[{"index":0,"message":{"content":"about Project Aurora"}}]})", run.out);
  EXPECT_TRUE(run.filter.blocked());
  EXPECT_TRUE(run.out.frames.empty());
  EXPECT_TRUE(run.out.text.empty());
}

TEST(AnswerFilter, CountsOnInThePromptsNumbering) {
  auto request = std::make_shared<policy::Cleared>(testing::cleared(
      R"({"model":"m","messages":[{"role":"user","content":"CPF 529.982.247-25 and 111.444.777-35"}]})"));
  FilteredAnswer run({}, request);
  run.push(content_chunk("The second was 111.444.777-35."));
  run.push(kStop);
  EXPECT_EQ(run.out.text, "The second was [CPF_2].");
}

}  // namespace
}  // namespace gatehouse::models
