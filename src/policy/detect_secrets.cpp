// Secret keys: providers' keys by their published prefixes, JSON Web Tokens, PEM private keys.
#include <algorithm>
#include <array>
#include <string>

#include <boost/crc.hpp>

#include "policy/detector.h"

namespace gatehouse::policy {
namespace {

/// What is read before the tail takes over; holds a stream back no longer.
constexpr std::size_t kMaxRead = 256;

bool is_base62(char32_t c) {
  return is_alnum(c);
}
bool is_key(char32_t c) {
  return is_alnum(c) || c == '_' || c == '-';
}
bool is_upper_digit(char32_t c) {
  return is_digit(c) || is_upper(c);
}

bool crc_matches(std::string_view key) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::string_view random = key.substr(0, 30);
  boost::crc_32_type sum;
  sum.process_bytes(random.data(), random.size());
  auto crc = sum.checksum();
  for (std::size_t i = 36; i-- > 30; crc /= 62) {
    if (key[i] != kAlphabet[crc % 62]) return false;
  }
  return true;
}

// Random keys have digits and capitals; `sk-learn-how-to-write-better-code` has not.
bool looks_random(std::string_view key) {
  const auto count = [&](auto test) {
    return std::ranges::count_if(key, [&](char c) { return test(static_cast<unsigned char>(c)); });
  };
  const auto digits = count(is_digit);
  return digits >= 2 && (count(is_upper) >= 2 || (digits >= 6 && key.find('-') == std::string_view::npos));
}

struct SecretForm {
  std::string_view prefix;
  bool (*symbol)(char32_t);
  std::size_t shortest;  // after the prefix
  std::size_t longest;   // 0: open
  double score;
  bool must_look_random;
};

// In the order of trial: the longer of two prefixes first.
constexpr SecretForm kForms[] = {
    {"sk-ant-", is_key, 20, 0, 0.95, false},      {"sk-", is_key, 20, 0, 0.9, true},
    {"AKIA", is_upper_digit, 16, 16, 0.9, false}, {"ASIA", is_upper_digit, 16, 16, 0.9, true},
    {"ghp_", is_base62, 36, 36, 0.9, false},      {"gho_", is_base62, 36, 36, 0.9, false},
    {"ghu_", is_base62, 36, 36, 0.9, false},      {"ghs_", is_base62, 36, 36, 0.9, false},
    {"ghr_", is_base62, 36, 0, 0.9, false},       {"github_pat_", is_key, 40, 0, 0.95, false},
    {"gh_us_", is_key, 16, 0, 0.95, false},       {"gh_eu_", is_key, 16, 0, 0.95, false},
    {"xoxb-", is_key, 10, 0, 0.9, false},         {"xoxp-", is_key, 10, 0, 0.9, false},
    {"xoxa-", is_key, 10, 0, 0.9, false},         {"xoxr-", is_key, 10, 0, 0.9, false},
    {"xoxs-", is_key, 10, 0, 0.9, false},         {"xoxe-", is_key, 10, 0, 0.9, false},
    {"xoxe.xoxp-", is_key, 10, 0, 0.9, false},    {"xapp-", is_key, 10, 0, 0.9, false},
    {"AIza", is_key, 35, 35, 0.9, false},         {"sk_live_", is_base62, 16, 0, 0.95, false},
    {"sk_test_", is_base62, 16, 0, 0.9, false},   {"rk_live_", is_base62, 16, 0, 0.95, false},
    {"rk_test_", is_base62, 16, 0, 0.9, false},   {"whsec_", is_base62, 24, 0, 0.9, false},
};

std::optional<Hit> match_form(const SecretForm& form, Probe& probe) {
  if (!probe.reads(probe.begin(), form.prefix)) return std::nullopt;
  const std::size_t body = probe.begin() + form.prefix.size();
  std::string key;
  while (key.size() < kMaxRead && form.symbol(probe.at(body + key.size()))) {
    key.push_back(static_cast<char>(probe.at(body + key.size())));
    if (form.longest != 0 && key.size() > form.longest) return std::nullopt;
  }
  if (key.size() < form.shortest || (form.must_look_random && !looks_random(key))) return std::nullopt;
  const std::size_t end = body + key.size();
  if (key.size() == kMaxRead) return Hit{end, form.score, Tail::token};
  if (!probe.ends_word(end)) return std::nullopt;
  const bool checked = form.longest == 36 && crc_matches(key);
  return Hit{end, checked ? 1.0 : form.score};
}

// RFC 7519: three base64url parts; the first is JSON and so begins with `eyJ`, the last may be empty
// (unsigned).
std::optional<Hit> match_token(Probe& probe) {
  if (!probe.reads(probe.begin(), "eyJ")) return std::nullopt;
  std::size_t i = probe.begin();
  for (int part = 0; part < 3; ++part) {
    const std::size_t begin = i;
    while (i - begin < kMaxRead && is_key(probe.at(i))) ++i;
    if (part < 2 && i - begin < 10) return std::nullopt;
    if (i - begin == kMaxRead) return Hit{i, 0.8, Tail::token};
    if (part == 2) break;
    if (probe.at(i) != '.') return std::nullopt;
    ++i;
  }
  return Hit{i, 0.95};
}

bool is_base64(char32_t c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

// RFC 7468, PKCS #1 and #8, OpenSSH, PGP.
std::optional<Hit> match_pem(Probe& probe) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  if (!probe.reads(probe.begin(), kBegin)) return std::nullopt;
  std::size_t i = probe.begin() + kBegin.size();
  std::string title;
  while (title.size() < 48 && (is_upper_digit(probe.at(i)) || probe.at(i) == ' ')) {
    title.push_back(static_cast<char>(probe.at(i++)));
  }
  if (title.find("PRIVATE KEY") == std::string::npos || !probe.reads(i, "-----")) return std::nullopt;
  i += 5;
  std::size_t body = 0;
  // White space, or `\n` spelled out as in environment files, then the key itself.
  for (std::size_t blanks = 0; blanks < 16; ++blanks) {
    if (probe.at(i) == ' ') {
      ++i;
    } else if (probe.at(i) == '\\' && (probe.at(i + 1) == 'n' || probe.at(i + 1) == 'r')) {
      i += 2;
    } else {
      break;
    }
  }
  while (body < 24 &&
         (is_base64(probe.at(i + body)) || probe.at(i + body) == '-' || probe.at(i + body) == ':'))
    ++body;
  if (body < 9) return std::nullopt;
  return Hit{i + body, 1.0, Tail::pem};
}

}  // namespace

std::optional<Hit> match_secret_key(Probe& probe) {
  if (!probe.starts_word()) return std::nullopt;
  const char32_t first = probe.at(probe.begin());
  switch (first) {
    case '-':
      return match_pem(probe);
    case 'e':
      return match_token(probe);
    case 's':
    case 'A':
    case 'g':
    case 'x':
    case 'r':
    case 'w':
      break;
    default:
      return std::nullopt;
  }
  for (const SecretForm& form : kForms) {
    if (static_cast<char32_t>(form.prefix[0]) != first) continue;
    if (auto hit = match_form(form, probe)) return hit;
  }
  return std::nullopt;
}

}  // namespace gatehouse::policy
