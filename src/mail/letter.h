// A mail as its sender means it, and as RFC 5322 writes it: plain text and simple HTML that say the same.
//
// Whatever stands in a letter came from people: every header value is encoded as a whole and every body is
// base64, so no text can add a header or another part.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "base/time.h"
#include "json/codec.h"

namespace gatehouse::mail {

struct Link {
  std::string label;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(Link, (), (label, url))

/// All text in the language of its reader.
struct Letter {
  std::string to;        // an address that json::Email takes
  std::string language;  // BCP 47, of the text
  std::string subject;
  std::vector<std::string> before;
  std::optional<Link> link;
  std::optional<std::string> code;  // to be typed; shown large
  std::vector<std::string> after;
};
BOOST_DESCRIBE_STRUCT(Letter, (), (to, language, subject, before, link, code, after))

struct Sender {
  std::string address;
  std::string name;
};

/// The whole message with CRLF line ends. `id` becomes the Message-ID's local part. Throws Failure if an
/// address is none.
std::string compose(const Letter&, const Sender&, const std::string& id, Timestamp);

}  // namespace gatehouse::mail
