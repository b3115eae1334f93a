#include "domain/password_policy.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace gatehouse {
namespace {

// What is left must be worth something by itself.
constexpr std::size_t kLeast = 8;
constexpr std::size_t kShortestPart = 4;

constexpr std::array<std::string_view, 3> kRuns = {"abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
                                                   "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"};
constexpr std::string_view kDigits = "01234567890123456789";

// From the tops of published lists, in the languages of the console; longest first does not matter, all are
// tried.
constexpr auto kWords = std::to_array<std::string_view>({"password",
                                                         "passwort",
                                                         "passw",
                                                         "senha",
                                                         "senhas",
                                                         "letmein",
                                                         "welcome",
                                                         "bemvindo",
                                                         "admin",
                                                         "administrator",
                                                         "administrador",
                                                         "changeme",
                                                         "mudar",
                                                         "secret",
                                                         "segredo",
                                                         "default",
                                                         "iloveyou",
                                                         "teamo",
                                                         "amor",
                                                         "amorzinho",
                                                         "monkey",
                                                         "dragon",
                                                         "master",
                                                         "mestre",
                                                         "sunshine",
                                                         "princess",
                                                         "princesa",
                                                         "shadow",
                                                         "superman",
                                                         "batman",
                                                         "pokemon",
                                                         "starwars",
                                                         "football",
                                                         "futebol",
                                                         "baseball",
                                                         "soccer",
                                                         "basketball",
                                                         "hockey",
                                                         "flamengo",
                                                         "corinthians",
                                                         "palmeiras",
                                                         "saopaulo",
                                                         "gremio",
                                                         "vasco",
                                                         "brasil",
                                                         "brazil",
                                                         "liverpool",
                                                         "chelsea",
                                                         "arsenal",
                                                         "barcelona",
                                                         "michael",
                                                         "jennifer",
                                                         "jordan",
                                                         "charlie",
                                                         "daniel",
                                                         "thomas",
                                                         "jessica",
                                                         "ashley",
                                                         "michelle",
                                                         "jesus",
                                                         "jesuscristo",
                                                         "deus",
                                                         "deusefiel",
                                                         "familia",
                                                         "family",
                                                         "freedom",
                                                         "liberdade",
                                                         "whatever",
                                                         "trustno",
                                                         "computer",
                                                         "computador",
                                                         "internet",
                                                         "google",
                                                         "facebook",
                                                         "microsoft",
                                                         "windows",
                                                         "samsung",
                                                         "apple",
                                                         "android",
                                                         "mustang",
                                                         "ferrari",
                                                         "corvette",
                                                         "harley",
                                                         "ginger",
                                                         "pepper",
                                                         "cookie",
                                                         "chocolate",
                                                         "banana",
                                                         "cheese",
                                                         "summer",
                                                         "winter",
                                                         "spring",
                                                         "autumn",
                                                         "verao",
                                                         "inverno",
                                                         "january",
                                                         "february",
                                                         "december",
                                                         "company",
                                                         "empresa",
                                                         "business",
                                                         "office",
                                                         "login",
                                                         "signin",
                                                         "access",
                                                         "acesso",
                                                         "system",
                                                         "sistema",
                                                         "server",
                                                         "servidor",
                                                         "database",
                                                         "guest",
                                                         "visitante",
                                                         "user",
                                                         "usuario",
                                                         "test",
                                                         "teste",
                                                         "testing",
                                                         "temp",
                                                         "temporary",
                                                         "qwerty",
                                                         "qwertyuiop",
                                                         "asdfgh",
                                                         "asdfghjkl",
                                                         "zxcvbn",
                                                         "zxcvbnm",
                                                         "qazwsx",
                                                         "abc",
                                                         "hello",
                                                         "ola",
                                                         "flower",
                                                         "maria",
                                                         "jose",
                                                         "joao",
                                                         "love",
                                                         "lovely",
                                                         "angel",
                                                         "nothing",
                                                         "correcthorsebatterystaple",
                                                         "incorrect",
                                                         "openai",
                                                         "chatgpt",
                                                         "gatehouse"});

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string without(std::string text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

/// One piece of at most eight bytes, repeated to the end.
bool repeats(std::string_view text) {
  for (std::size_t period = 1; period <= 8 && period < text.size(); ++period) {
    bool all = true;
    for (std::size_t i = period; all && i < text.size(); ++i) all = text[i] == text[i - period];
    if (all) return true;
  }
  return false;
}

bool follows(std::string_view run, char a, char b) {
  auto at = run.find(a), next = run.find(b);
  if (at == std::string_view::npos || next == std::string_view::npos) return false;
  return at + 1 == next || next + 1 == at;
}

/// Neighbours nearly all the way, in any of the runs.
bool is_run(std::string_view text) {
  std::size_t steps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    bool near = text[i] == text[i - 1] || (text[i - 1] == '9' && text[i] == '0') ||
                follows(kDigits.substr(0, 10), text[i - 1], text[i]);
    for (auto run : kRuns) near = near || follows(run, text[i - 1], text[i]);
    steps += near ? 1 : 0;
  }
  return steps + 3 >= text.size();
}

/// Lookalikes as letters.
std::string plain(std::string text) {
  constexpr std::string_view kFrom = "0134578@$!", kTo = "oieastbasi";
  for (char& c : text)
    if (auto at = kFrom.find(c); at != std::string_view::npos) c = kTo[at];
  return text;
}

std::string letters(std::string_view text) {
  std::string out;
  for (char c : text)
    if ((c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80U)) out += c;
  return out;
}

/// Whether the text is common words and nothing besides.
bool is_words(std::string_view text) {
  if (text.empty()) return true;
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!reached[at]) continue;
    for (auto word : kWords)
      if (text.substr(at).starts_with(word)) reached[at + word.size()] = true;
  }
  return reached[text.size()];
}

bool is_common(const std::string& password) {
  if (repeats(password) || is_run(password)) return true;
  if (is_words(letters(password))) return true;
  // Digits and signs inside may be lookalikes; those around are decoration.
  auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  auto first = std::ranges::find_if(password, is_letter);
  auto last = std::find_if(password.rbegin(), password.rend(), is_letter).base();
  return first < last && is_words(letters(plain(std::string(first, last))));
}

bool is_personal(const std::string& password, PasswordOwner owner) {
  std::vector<std::string> parts;
  auto add = [&](std::string_view part) {
    if (part.size() >= kShortestPart) parts.push_back(folded(part));
  };
  auto email = owner.email;
  add(email);
  add(email.substr(0, email.find('@')));
  if (auto at = email.find('@'); at != std::string_view::npos)
    add(email.substr(at + 1, email.find('.', at) - at - 1));
  add(owner.name);
  for (std::size_t start = 0; start < owner.name.size();) {
    auto end = std::min(owner.name.find(' ', start), owner.name.size());
    add(owner.name.substr(start, end - start));
    start = end + 1;
  }
  auto rest = password;
  for (const auto& part : parts) rest = without(std::move(rest), part);
  return rest.size() != password.size() && code_points(rest) < kLeast;
}

}  // namespace

std::optional<PasswordRefusal> refuse_password(std::string_view password, PasswordOwner owner) {
  if (code_points(password) < kMinPassword)
    return PasswordRefusal{"too_short", "must have at least 12 characters"};
  if (password.size() > kMaxPassword) return PasswordRefusal{"too_long", "must have at most 1024 bytes"};
  auto text = folded(password);
  if (is_personal(text, owner))
    return PasswordRefusal{"is_personal", "is too close to your name or e-mail address"};
  if (is_common(text)) return PasswordRefusal{"is_common", "is among the first that anybody would try"};
  return std::nullopt;
}

Result<void> check_new_password(std::string_view password, PasswordOwner owner, std::string_view pointer) {
  auto refused = refuse_password(password, owner);
  if (!refused) return {};
  return fail(invalid(std::string(pointer), refused->code, std::string(refused->message)));
}

}  // namespace gatehouse
