// Detectors: what is found, what is not, in the spellings that people and evaders use.
#include "policy/detector.h"

#include <gtest/gtest.h>

#include "policy/demo_rules_testing.h"

namespace gatehouse::policy {
namespace {

std::string redacted(std::string_view text) {
  static const auto rules =
      testing::compiled({testing::rule("all", Outcome::redact, testing::finds({"any"}))});
  return rules->evaluate_text(text, {}).text;
}

struct Case {
  std::string_view text;
  std::string_view expected;
};

void expect_all(std::span<const Case> cases) {
  for (const auto& [text, expected] : cases) EXPECT_EQ(redacted(text), expected) << text;
}

TEST(Detectors, FindCpfInEverySpelling) {
  constexpr Case kCases[] = {
      {"CPF 529.982.247-25.", "CPF [CPF_1]."},
      {"52998224725", "[CPF_1]"},
      {"529 982 247 25", "[CPF_1]"},
      {"529982247-25", "[CPF_1]"},
      {"5 2 9 9 8 2 2 4 7 2 5", "[CPF_1]"},
      {"cpf52998224725", "cpf[CPF_1]"},
      {"５２９.９８２.２４７-２５", "[CPF_1]"},
      {"529\u200B.982.\u200D247\u2011-25", "[CPF_1]"},
      {"529.982.247\u201325", "[CPF_1]"},
      {"(529.982.247-25)", "([CPF_1])"},
      {"529.982.247-25 e 529.982.247-25 e 111.444.777-35", "[CPF_1] e [CPF_1] e [CPF_2]"},
  };
  expect_all(kCases);
}

TEST(Detectors, LeaveWhatIsNoCpf) {
  for (const std::string_view text : {"529.982.247-26", "111.111.111-11", "000.000.000-00", "152998224725",
                                      "529982247251", "a52998224725", "52998224725b", "0.52998224725"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindDigitsOfEveryScriptAndShape) {
  for (const std::string_view digits :
       {"⁵²⁹⁹⁸²²⁴⁷²⁵", "₅₂₉₉₈₂₂₄₇₂₅", "⑤②⑨⑨⑧②②④⑦②⑤", "➎➋➒➒➑➋➋➍➐➋➎", "⑸⑵⑼⑼⑻⑵⑵⑷⑺⑵⑸", "᭕᭒᭙᭙᭘᭒᭒᭔᭗᭒᭕",
        "᪅᪂᪉᪉᪈᪂᪂᪄᪇᪂᪅", "𐒥𐒢𐒩𐒩𐒨𐒢𐒢𐒤𐒧𐒢𐒥", "᥋᥈᥏᥏᥎᥈᥈᥊᥍᥈᥋", "٥٢٩٩٨٢٢٤٧٢٥", "𝟝𝟚𝟡𝟡𝟠𝟚𝟚𝟜𝟟𝟚𝟝"}) {
    EXPECT_EQ(redacted("CPF " + std::string(digits) + "."), "CPF [CPF_1].") << digits;
  }
}

TEST(Detectors, LeaveProseInOtherAlphabets) {
  for (const std::string_view text :
       {"Пожалуйста, подготовьте отчёт к 12.11.2026: бюджет 1 250 000 рублей, ст. 15, п. 2.",
        "Η συνάντηση είναι στις 12/11/2026 στο γραφείο 45, με προϋπολογισμό 12.500 ευρώ.",
        "Պայմանագիրը կնքվել է 2026 թվականին, 15 օրինակից։",
        "Área de 45 m² × 10³, ½ página, 1ª e 2ª vias, nº 7¹.",
        "① primeiro ② segundo ③ terceiro; № 12, 3℃, A™", "การประชุมวันที่ 12 เวลา 10:30",
        "会議は2026年11月12日、予算は１２５０００円"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindNumbersThatAreGluedToOrdinalSigns) {
  for (const std::string_view sign : {"nº", "nª", "n°", "Nº", "№"}) {
    const std::string before(sign);
    EXPECT_EQ(redacted("CPF " + before + "529.982.247-25"), "CPF " + before + "[CPF_1]");
    EXPECT_EQ(redacted("CPF " + before + "52998224725"), "CPF " + before + "[CPF_1]");
    EXPECT_EQ(redacted(before + "11.222.333/0001-81"), before + "[CNPJ_1]");
    EXPECT_EQ(redacted(before + "12.ABC.345/01DE-35"), before + "[CNPJ_1]");
    EXPECT_EQ(redacted(before + "4111 1111 1111 1111"), before + "[CARD_1]");
    EXPECT_EQ(redacted(before + "DE89 3704 0044 0532 0130 00"), before + "[IBAN_1]");
    EXPECT_EQ(redacted("tel " + before + "+55 11 98765-4321"), "tel " + before + "[PHONE_1]");
    EXPECT_EQ(redacted("tel " + before + "11987654321"), "tel " + before + "[PHONE_1]");
  }
}

TEST(Detectors, FindWhatIsWrittenOutInFullBesideLetters) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"529.982.247-25", "[CPF_1]"},      {"529 982 247 25", "[CPF_1]"},
      {"11.222.333/0001-81", "[CNPJ_1]"}, {"4111-1111-1111-1111", "[CARD_1]"},
      {"3782 822463 10005", "[CARD_1]"},  {"+55 11 98765-4321", "[PHONE_1]"},
      {"(11) 98765-4321", "[PHONE_1]"},
  };
  for (const auto& [value, mask] : kCases) {
    const std::string written(value);
    for (const std::string glue : {"a", "é", "no"}) {
      EXPECT_EQ(redacted(glue + written), glue + std::string(mask));
      EXPECT_EQ(redacted(written + glue), std::string(mask) + glue);
      EXPECT_EQ(redacted(glue + written + glue), glue + std::string(mask) + glue);
    }
    // With another digit it is another number; to a `+` any is good.
    if (!written.starts_with('+')) EXPECT_EQ(redacted(written + "7"), written + "7");
  }
  EXPECT_EQ(redacted("DE89 3704 0044 0532 0130 00e"), "[IBAN_1]e");
  EXPECT_EQ(redacted("12.ABC.345/01DE-35e"), "[CNPJ_1]e");
  for (const std::string_view text :
       {"a11222333000181", "11222333000181b", "a4111111111111111", "4111111111111111b", "a529982247-25",
        "a12ABC34501DE35", "12ABC34501DE35b", "a529.982.247-26b"})
    EXPECT_EQ(redacted(text), text);
}

TEST(Detectors, FindBothFormsOfCnpj) {
  constexpr Case kCases[] = {
      {"12.ABC.345/01DE-35", "[CNPJ_1]"},       {"12.abc.345/01de-35", "[CNPJ_1]"},
      {"12ABC34501DE35", "[CNPJ_1]"},           {"cnpj 12abc34501de35", "cnpj [CNPJ_1]"},
      {"11.222.333/0001-81", "[CNPJ_1]"},       {"11222333000181", "[CNPJ_1]"},
      {"1\u200B1.222.333/0001-81", "[CNPJ_1]"},
  };
  expect_all(kCases);
  for (const std::string_view text :
       {"12.ABC.345/01DE-36", "11.222.333/0001-82", "00000000000000", "11.111.111/1111-11"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindCardsByPrefixLengthAndLuhn) {
  constexpr Case kCases[] = {
      {"4111 1111 1111 1111", "[CARD_1]"},
      {"4111-1111-1111-1111", "[CARD_1]"},
      {"5555555555554444", "[CARD_1]"},
      {"3782 822463 10005", "[CARD_1]"},
      {"6011111111111117", "[CARD_1]"},
      {"3530111333300000", "[CARD_1]"},
      {"4111 1111 1111 1111 123", "[CARD_1] 123"},
  };
  expect_all(kCases);
  for (const std::string_view text :
       {"4111111111111112", "1234567812345670", "0000000000000000", "41111111111111111111"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindIbanByCountryLengthAndChecksum) {
  constexpr Case kCases[] = {
      {"DE89 3704 0044 0532 0130 00", "[IBAN_1]"},
      {"GB82WEST12345698765432", "[IBAN_1]"},
      {"BR1800360305000010009795493C1", "[IBAN_1]"},
      {"fr14 2004 1010 0505 0001 3m02 606", "[IBAN_1]"},
  };
  expect_all(kCases);
  for (const std::string_view text :
       {"DE89 3704 0044 0532 0130 01", "GB82WEST1234569876543", "ZZ8937040044053201300012"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindPhones) {
  constexpr Case kCases[] = {
      {"+55 11 98765-4321", "[PHONE_1]"},
      {"+5511987654321", "[PHONE_1]"},
      {"+1 (415) 555-2671", "[PHONE_1]"},
      {"+44 20 7946 0958", "[PHONE_1]"},
      {"(11) 98765-4321", "[PHONE_1]"},
      {"(11) 3456-7890", "[PHONE_1]"},
      {"11 98765-4321", "[PHONE_1]"},
      {"telefone: 11987654321", "telefone: [PHONE_1]"},
      {"11987654321 (celular)", "[PHONE_1] (celular)"},
  };
  expect_all(kCases);
  for (const std::string_view text : {"(20) 98765-4321", "11987654321", "3456-7890", "+0 123"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindEmailAddresses) {
  constexpr Case kCases[] = {
      {"Write to joao.silva+x@mail.exemplo.com.br.", "Write to [EMAIL_1]."},
      {"<a@b.io>", "<[EMAIL_1]>"},
      {"joão@exemplo.com", "[EMAIL_1]"},
      {"ａ＠ｂ．ｃｏｍ", "[EMAIL_1]"},
      {"52998224725@example.com", "[EMAIL_1]"},
  };
  expect_all(kCases);
  for (const std::string_view text :
       {"react@18.2.0", "a@b", "@user", "user@", "a@b.c", "a@@b.com", "x @ y.com"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindSecretKeys) {
  const std::string body = "abcDEF123456abcDEF123456abcDEF123456";
  for (const std::string& key :
       {"sk-proj-" + body, "sk-ant-api03-" + body, std::string("AKIAIOSFODNN7EXAMPLE"), "ghp_" + body,
        "github_pat_" + body + "_" + body, "xoxb-123456789012-" + body, "AIza" + body.substr(0, 35),
        "sk_live_" + body, "gh_us_" + body,
        std::string("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_"
                    "XgL0n3I9PlFUP0THsR8U")}) {
    EXPECT_EQ(redacted("key=" + key + ";"), "key=[SECRET_1];") << key;
  }
  std::string pem = "-----BEGIN RSA PRIVATE KEY-----\n";
  for (int line = 0; line < 200; ++line)
    pem += "MIIEpAIBAAKCAQEA7bq1Zk3x0+/abcdEFGH0123456789abcdefghijklmnopqrs\n";
  pem += "-----END RSA PRIVATE KEY-----";
  EXPECT_EQ(redacted("before " + pem + " and after"), "before [SECRET_1] and after");
  EXPECT_EQ(redacted("x sk-ant-" + std::string(5000, 'a') + " y"), "x [SECRET_1] y");
}

TEST(Detectors, AreSureOfAGithubTokenExactlyIfItsChecksumHolds) {
  // The last six are the CRC-32 of the thirty before them in base 62, digits first, then capitals.
  const auto rules = testing::compiled({});
  const auto score = [&](std::string_view text) {
    return rules->evaluate_text(text, {}).matches.at(0).score;
  };
  EXPECT_EQ(score("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"), 1.0);
  EXPECT_EQ(score("ghp_abcDEF123456abcDEF123456abcDEF4A7bXy"), 0.9);
  EXPECT_EQ(score("ghp_abcDEF123456abcDEF123456abcDEE4A7bXz"), 0.9);
}

TEST(Detectors, LeaveOrdinaryTextAlone) {
  for (const std::string_view text :
       {"2026-11-20 18:51:11.123456Z",
        "20/11/2026",
        "Order 4500012345, item 000120",
        "v1.2.3-rc.4+build.567",
        "018f2f6e-7c3a-7b1e-9d2f-0a1b2c3d4e5f",
        "1700000000",
        "1700000000123",
        "192.168.100.200:8080",
        "for (int i = 0; i < 1000000; ++i) sum += values[i] * 3.14159265358979;",
        "risk-management-strategies-for-all",
        "sk-learn-how-to-write-better-code-every-day",
        "Nov 11 2024-2025",
        "R$ 1.234.567,89",
        "10 20 30 40 50 60 70",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "ISBN 978-3-16-148410-0",
        "eyJ is how a token begins",
        "a file that begins with -----BEGIN PRIVATE KEY----- is a key",
        "tel",
        "Article 5, § 2",
        "std::vector<int>@0x7ffd"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Detectors, FindNothingInAMillionHostileBytes) {
  const std::size_t size = 1'000'000;
  for (const std::string& piece : {"@", "1", "a.", "a@", "1 ", "\xFF", "\u200B", "-----BEGIN ", "+1"}) {
    std::string text;
    while (text.size() < size) text += piece;
    EXPECT_TRUE(redacted(text) == text) << piece;
  }
}

}  // namespace
}  // namespace gatehouse::policy
