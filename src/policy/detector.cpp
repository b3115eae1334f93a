// The table, and the words around a value.
#include "policy/detector.h"

#include <algorithm>

namespace gatehouse::policy {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kPhoneWords[] = {"telefone", "telefones", "fone",   "tel",   "celular", "cel",
                                            "whatsapp", "whats",     "zap",    "ligue", "ligar",   "contato",
                                            "phone",    "mobile",    "phones", "call",  "sms",     "ramal"};
constexpr std::string_view kCpfWords[] = {"cpf", "cpfs", "contribuinte", "taxpayer", "documento"};
constexpr std::string_view kCnpjWords[] = {"cnpj",       "cnpjs",  "empresa", "company",
                                           "fornecedor", "filial", "matriz"};
constexpr std::string_view kCardWords[] = {"cartao", "cartoes", "card",       "credit", "credito", "debit",
                                           "debito", "visa",    "mastercard", "amex",   "elo",     "cvv"};
constexpr std::string_view kIbanWords[] = {"iban", "conta", "account", "bank", "banco", "swift", "bic"};
constexpr std::string_view kSecretWords[] = {"key",      "token",  "secret", "senha",
                                             "password", "bearer", "chave"};

constexpr std::uint8_t kAlnum = kStartDigit | kStartLetter;

bool same(std::span<const char32_t> word, std::string_view expected) {
  return word.size() == expected.size() &&
         std::equal(word.begin(), word.end(), expected.begin(),
                    [](char32_t a, char b) { return to_lower(a) == static_cast<unsigned char>(b); });
}

bool is_name(char32_t c) {
  return is_word(c) || c == '_';
}

bool has_word(std::span<const char32_t> text, Words words) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    // `[CPF_1]` is our own mask and says nothing about its neighbours.
    const bool masked = i > 0 && text[i - 1] == '[';
    const auto word = text.subspan(i, end - i);
    if (!masked && std::ranges::any_of(words, [&](std::string_view w) { return same(word, w); })) return true;
    i = end;
  }
  return false;
}

bool has_word_after(Probe& probe, std::size_t end, Words words) {
  std::array<char32_t, kRightContext> right{};
  std::size_t count = 0;
  while (count < kRightContext) {
    const char32_t c = probe.at(end + count);
    if (c == kEdge) break;
    right[count++] = c;
  }
  // A word that runs over the edge of the window is not seen whole.
  while (count == kRightContext && count > 0 && is_name(right[count - 1])) right[--count] = ' ';
  return has_word({right.data(), count}, words);
}

}  // namespace

const std::array<Detector, kDetectors>& detectors() {
  static const std::array<Detector, kDetectors> table{{
      {DetectorId::email,
       "email",
       "EMAIL",
       "E-mail addresses",
       Stamp::PII,
       kAlnum | kStartOther,
       match_email,
       {},
       false},
      {DetectorId::phone, "phone", "PHONE", "Phone numbers: international (E.164) and Brazilian", Stamp::PII,
       kStartDigit | kStartPlus, match_phone, kPhoneWords, true},
      {DetectorId::cpf, "cpf", "CPF", "Brazilian personal tax numbers (CPF), check digits verified",
       Stamp::PII, kStartDigit, match_cpf, kCpfWords, false},
      {DetectorId::cnpj, "cnpj", "CNPJ",
       "Brazilian company numbers (CNPJ), also the alphanumeric form, check digits verified", Stamp::PII,
       kAlnum, match_cnpj, kCnpjWords, false},
      {DetectorId::credit_card, "credit_card", "CARD", "Payment card numbers, prefix and Luhn digit verified",
       Stamp::PII, kStartDigit, match_credit_card, kCardWords, false},
      {DetectorId::iban, "iban", "IBAN",
       "International bank account numbers, length and check digits verified", Stamp::PII, kStartLetter,
       match_iban, kIbanWords, false},
      {DetectorId::secret_key, "secret_key", "SECRET", "Private keys, provider keys, cloud and access tokens",
       Stamp::COF, kStartLetter | kStartDash, match_secret_key, kSecretWords, false},
  }};
  return table;
}

const Detector* find_detector(std::string_view name) {
  const auto& table = detectors();
  const auto row = std::ranges::find(table, name, &Detector::name);
  return row == table.end() ? nullptr : &*row;
}

std::optional<Hit> detect(const Detector& row, Probe& probe) {
  auto hit = row.match(probe);
  if (!hit || probe.starved()) return hit;
  const bool supported = has_word(probe.left(), row.context) ||
                         (hit->score < kSureScore && has_word_after(probe, hit->end, row.context));
  if (supported) hit->score = std::min(1.0, hit->score + kContextBonus);
  if (!probe.starved() && hit->score < kScoreFloor) return std::nullopt;
  return hit;
}

}  // namespace gatehouse::policy
