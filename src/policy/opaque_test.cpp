// Encoded payloads: what is one, and that nothing readable hides in or beside one.
#include "policy/opaque.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "policy/demo_rules_testing.h"
#include "policy/document.h"

namespace gatehouse::policy {
namespace {

const std::string kPng = crypto::to_base64("\x89PNG\r\n\x1A\n" + std::string(120, '\0'));

std::shared_ptr<const RuleSet> demo() {
  static const auto rules = testing::compiled(testing::demo_rules());
  return rules;
}

/// A request with one content part.
boost::json::value request(boost::json::value part) {
  return {
      {"messages", boost::json::array{{{"role", "user"}, {"content", boost::json::array{std::move(part)}}}}}};
}

boost::json::value file(std::string_view data) {
  return {{"type", "file"}, {"file", {{"file_data", data}}}};
}
boost::json::value image(std::string_view url) {
  return {{"type", "image_url"}, {"image_url", {{"url", url}}}};
}

struct Result {
  Decision decision;
  std::string text;
};
Result evaluated(boost::json::value document) {
  const auto decision = evaluate_document(document, {}, *demo()).decision;
  return {decision, boost::json::serialize(document)};
}

std::string text_of(const Result& result) {
  const auto document = boost::json::parse(result.text);
  const std::string url(document.at_pointer("/messages/0/content/0/file/file_data").as_string());
  const auto bytes = crypto::from_base64(url.substr(url.rfind(',') + 1));
  return bytes ? std::string(bytes->begin(), bytes->end()) : "no base64";
}

TEST(Payload, OfABinaryKindPassesAsItIsAndIsCounted) {
  for (const auto& part :
       {image("data:image/png;base64," + kPng), file(kPng), file("data:image/png;base64," + kPng),
        boost::json::value{{"type", "image"}, {"source", {{"type", "base64"}, {"data", kPng}}}},
        boost::json::value{{"type", "input_audio"}, {"input_audio", {{"data", kPng}}}}}) {
    const auto result = evaluated(request(part));
    EXPECT_EQ(result.decision.outcome, Outcome::warn) << result.text;
    EXPECT_EQ(result.decision.unscannable, 1U);
    EXPECT_EQ(result.text, boost::json::serialize(request(part)));
  }
}

TEST(Payload, HasAHeaderThatIsScanned) {
  const auto blocked =
      evaluated(request(image("data:image/png;project aurora CPF 529.982.247-25;base64," + kPng)));
  EXPECT_EQ(blocked.decision.outcome, Outcome::block);
  const auto named = evaluated(request(image("data:image/png;name=project-aurora;base64," + kPng)));
  EXPECT_EQ(named.decision.outcome, Outcome::block);
  const auto redacted = evaluated(request(image("data:image/png;name=529.982.247-25;base64," + kPng)));
  EXPECT_EQ(redacted.decision.outcome, Outcome::redact);
  EXPECT_TRUE(redacted.text.contains("name=[CPF_1];base64," + kPng)) << redacted.text;
}

TEST(Payload, IsScannedWhereItOnlyLooksLikeBase64) {
  const std::string padding(80, 'x');
  for (const std::string& data : {"project_aurora_CPF-529-982-247-25-" + padding, "project-aurora-" + padding,
                                  padding + "/project-aurora"})
    EXPECT_EQ(evaluated(request(file(data))).decision.outcome, Outcome::block) << data;
  // Canonical base64, but of nothing that is known.
  const std::string number = "/52998224725/4111111111111111/" + std::string(34, 'x');
  ASSERT_TRUE(crypto::from_base64(number));
  const auto result = evaluated(request(file(number)));
  EXPECT_EQ(result.decision.outcome, Outcome::redact);
  EXPECT_FALSE(result.text.contains("52998224725"));
  EXPECT_FALSE(result.text.contains("4111111111111111"));
}

TEST(Payload, OfTextIsScannedDecodedAndRedactedWithinItsEncoding) {
  const std::string secret = "My CPF is 529.982.247-25, and this sentence goes on for a while, as they do.";
  for (const std::string& type : {"text/plain", "application/json", "image/png"}) {
    const auto result = evaluated(request(file("data:" + type + ";base64," + crypto::to_base64(secret))));
    EXPECT_EQ(result.decision.outcome, Outcome::redact) << type;
    EXPECT_EQ(text_of(result), "My CPF is [CPF_1], and this sentence goes on for a while, as they do.");
  }
  EXPECT_EQ(text_of(evaluated(request(file(crypto::to_base64(secret))))).find("529"), std::string::npos);
  EXPECT_EQ(evaluated(request(file("data:text/plain;base64," +
                                   crypto::to_base64("about project aurora: " + std::string(80, 'x')))))
                .decision.outcome,
            Outcome::block);
}

TEST(Payload, ThatCallsItselfTextIsReadWhateverIsMixedIntoIt) {
  for (const std::string& disguise :
       {std::string("GIF89a\0\xFF", 8), std::string(1, '\0'), std::string("\xFF")}) {
    const auto data = crypto::to_base64(disguise + " project aurora " + std::string(80, 'x'));
    EXPECT_EQ(evaluated(request(file("data:text/plain;base64," + data))).decision.outcome, Outcome::block);
  }
}

TEST(Payload, IsExemptOnlyInAMessagesContentPart) {
  const std::string payload = kPng.substr(0, 80) + "+4111111111111111+AA";
  ASSERT_TRUE(read_payload(payload)->binary);
  const auto part = image("data:image/png;base64," + payload);
  for (const auto& document : {boost::json::value{{"metadata", part}},
                               boost::json::value{{"tools", boost::json::array{{{"parameters", part}}}}},
                               boost::json::value{{"messages", boost::json::array{part}}}}) {
    const auto result = evaluated(document);
    EXPECT_FALSE(result.text.contains("4111111111111111")) << result.text;
  }
  // Of its own type, in its own member.
  auto other = image("https://example.com/a.png");
  other.as_object()["data"] = payload;
  EXPECT_FALSE(evaluated(request(other)).text.contains("4111111111111111"));
}

TEST(Payload, IsCanonicalBase64) {
  EXPECT_TRUE(read_payload(kPng)->binary);
  EXPECT_FALSE(read_payload(kPng.substr(1)));
  EXPECT_FALSE(read_payload(kPng.substr(0, 60)));
  EXPECT_FALSE(read_payload("=" + kPng.substr(1)));
  EXPECT_FALSE(read_payload(kPng.substr(0, 64) + "AAB="));  // bits beyond the last byte
  EXPECT_FALSE(read_payload(kPng.substr(0, 64) + "AA-_"));
}

}  // namespace
}  // namespace gatehouse::policy
