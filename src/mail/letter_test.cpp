#include "mail/letter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/encoding.h"
#include "mail/outbox.h"

namespace gatehouse::mail {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Timestamp kWhen = *parse_rfc3339("2026-11-20T08:05:09Z");
const Sender kFrom{.address = "no-reply@gatehouse.test", .name = "Gatehouse"};

Letter letter() {
  return {.to = "ada@acme.test",
          .language = "pt-BR",
          .subject = "Redefinição de senha",
          .before = {"Olá, <Ada> & cia."},
          .link = Link{"Escolher", "https://gatehouse.test/reset#a&b"},
          .after = {"Se não foi você, ignore."}};
}

/// The decoded body of the n-th part.
std::string part(const std::string& message, int n) {
  std::size_t at = 0;
  for (int i = 0; i <= n; ++i) at = message.find("Content-Transfer-Encoding: base64\r\n\r\n", at) + 37;
  auto body = message.substr(at, message.find("--=_", at) - at);
  std::erase(body, '\r');
  std::erase(body, '\n');
  auto bytes = crypto::from_base64(body).value();
  return {bytes.begin(), bytes.end()};
}

TEST(Letter, IsAMessageWithPlainTextAndHtml) {
  auto message = compose(letter(), kFrom, "0193-id", kWhen);
  EXPECT_THAT(message, HasSubstr("Date: Fri, 20 Nov 2026 08:05:09 +0000\r\n"));
  EXPECT_THAT(message, HasSubstr("To: <ada@acme.test>\r\n"));
  EXPECT_THAT(message, HasSubstr("Message-ID: <0193-id@gatehouse.test>\r\n"));
  EXPECT_THAT(message,
              HasSubstr("Subject: =?UTF-8?B?" + crypto::to_base64(std::string_view("Redefinição de senha"))));
  EXPECT_THAT(part(message, 0), HasSubstr("Olá, <Ada> & cia."));
  EXPECT_THAT(part(message, 0), HasSubstr("https://gatehouse.test/reset#a&b"));
  EXPECT_THAT(part(message, 1), HasSubstr("Olá, &lt;Ada&gt; &amp; cia."));
  EXPECT_THAT(part(message, 1), HasSubstr("href=\"https://gatehouse.test/reset#a&amp;b\""));
}

TEST(Letter, NoTextAddsAHeaderOrAPart) {
  auto hostile = letter();
  hostile.subject = "x\r\nBcc: thief@evil.test\r\n\r\nbody";
  hostile.before = {"--=_0193-id--\r\nBcc: thief@evil.test"};
  auto sender = kFrom;
  sender.name = "Gate\r\nBcc: thief@evil.test";
  auto message = compose(hostile, sender, "0193-id", kWhen);
  EXPECT_THAT(message, Not(HasSubstr("thief")));
  EXPECT_THAT(message, Not(HasSubstr("Bcc")));
  for (auto to : {"a@b.test\r\nBcc: thief@evil.test", "a@b.test, thief@evil.test", "<a@b.test>", ""}) {
    hostile.to = to;
    EXPECT_THROW(compose(hostile, kFrom, "id", kWhen), Failure) << to;
  }
}

TEST(Letter, LongSubjectsAreFoldedBetweenCharacters) {
  auto one = letter();
  one.subject.clear();
  for (int i = 0; i < 60; ++i) one.subject += "ção ";
  auto message = compose(one, kFrom, "id", kWhen);
  std::string decoded;
  auto head = message.substr(0, message.find("\r\n\r\n"));
  for (auto at = head.find("=?UTF-8?B?", head.find("Subject")); at != std::string::npos;
       at = head.find("=?UTF-8?B?", at)) {
    at += 10;
    auto word = head.substr(at, head.find("?=", at) - at);
    EXPECT_LE(word.size() + 12, 75U);
    auto bytes = crypto::from_base64(word).value();
    decoded.append(bytes.begin(), bytes.end());
  }
  EXPECT_EQ(decoded, one.subject);
}

TEST(Outbox, WaitsLongerAfterEachTry) {
  EXPECT_EQ(wait_after(1), std::chrono::seconds(30));
  EXPECT_EQ(wait_after(2), std::chrono::seconds(60));
  EXPECT_EQ(wait_after(kMostTries), std::chrono::hours(4));
}

}  // namespace
}  // namespace gatehouse::mail
