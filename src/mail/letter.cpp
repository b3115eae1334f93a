#include "mail/letter.h"

#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/error.h"
#include "crypto/encoding.h"
#include "json/bounded.h"

namespace gatehouse::mail {
namespace {

constexpr std::size_t kLine = 76;
// An encoded word has 75 characters at most (RFC 2047 §2); this many bytes fit, whole characters each.
constexpr std::size_t kWordBytes = 42;

std::string wrapped_base64(std::string_view text) {
  auto encoded = crypto::to_base64(text);
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += kLine) out += encoded.substr(at, kLine) + "\r\n";
  return out;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Encoded words (RFC 2047), whatever the text holds.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto size = std::min(kWordBytes, text.size());
    while (size > 1 && size < text.size() && is_continuation(text[size])) --size;
    out +=
        (out.empty() ? "" : "\r\n ") + fmt::format("=?UTF-8?B?{}?=", crypto::to_base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

std::string checked(const std::string& address) {
  if (!json::Email::parse(address)) throw Failure("a mail's address is none");
  return address;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string plain_text(const Letter& letter) {
  std::string out;
  for (const auto& paragraph : letter.before) out += paragraph + "\r\n\r\n";
  if (letter.code) out += "    " + *letter.code + "\r\n\r\n";
  if (letter.link) out += letter.link->label + ":\r\n" + letter.link->url + "\r\n\r\n";
  for (const auto& paragraph : letter.after) out += paragraph + "\r\n\r\n";
  return out;
}

std::string html(const Letter& letter) {
  std::string out = fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>"
      "<body style=\"font:15px/1.5 system-ui,sans-serif;color:#1c2024;max-width:36rem;margin:0 "
      "auto;padding:24px\">",
      escaped(letter.language), escaped(letter.subject));
  for (const auto& paragraph : letter.before) out += "<p>" + escaped(paragraph) + "</p>";
  if (letter.code)
    out += "<p style=\"font:600 28px/1.2 ui-monospace,monospace;letter-spacing:.15em\">" +
           escaped(*letter.code) + "</p>";
  if (letter.link)
    out += fmt::format(
        "<p><a href=\"{0}\" style=\"display:inline-block;background:#0b6e4f;color:#fff;padding:10px 18px;"
        "border-radius:6px;text-decoration:none\">{1}</a></p><p "
        "style=\"font-size:13px;color:#60646c\">{0}</p>",
        escaped(letter.link->url), escaped(letter.link->label));
  for (const auto& paragraph : letter.after)
    out += "<p style=\"font-size:13px;color:#60646c\">" + escaped(paragraph) + "</p>";
  return out + "</body></html>\r\n";
}

}  // namespace

std::string compose(const Letter& letter, const Sender& sender, const std::string& id, Timestamp at) {
  const auto boundary = "=_" + id;
  auto from = checked(sender.address);
  auto domain = from.substr(from.find('@') + 1);
  auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  std::string out = fmt::format(
      "Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\nFrom: {} <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: "
      "<{}@{}>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n",
      seconds, encoded_words(sender.name), from, checked(letter.to), encoded_words(letter.subject), id,
      domain, boundary);
  auto part = [&](std::string_view type, const std::string& text) {
    out +=
        fmt::format("--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                    boundary, type, wrapped_base64(text));
  };
  part("text/plain", plain_text(letter));
  part("text/html", html(letter));
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace gatehouse::mail
