#include <algorithm>
#include <charconv>

#include "audit/verifier.h"
#include "audit/verify.h"
#include "crypto/encoding.h"
#include "json/value.h"

namespace gatehouse::audit {
namespace {

// A record of 32 KiB payload and 8 KiB ciphertext, quoted once more.
constexpr std::size_t kMaxLine = 256 << 10;
constexpr json::Limits kLimits{.max_bytes = kMaxLine, .max_depth = 8};

enum class Line { whole, cut, too_long, none };

Line read_line(std::istream& in, std::string& line) {
  line.clear();
  for (int c; (c = in.get()) != std::istream::traits_type::eof();) {
    if (c == '\n') return Line::whole;
    if (line.size() == kMaxLine) return Line::too_long;
    line.push_back(static_cast<char>(c));
  }
  return line.empty() ? Line::none : Line::cut;
}

std::optional<std::string_view> text_at(const json::Value& value, std::string_view key) {
  auto* object = value.if_object();
  auto* found = object ? object->if_contains(key) : nullptr;
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::optional(std::string_view(*text)) : std::nullopt;
}

std::optional<std::string> hash_at(const json::Value& value, std::string_view key) {
  auto hex = text_at(value, key);
  auto bytes = hex ? crypto::from_hex(*hex) : std::nullopt;
  if (!bytes || bytes->size() != Hash{}.size()) return std::nullopt;
  return std::string(bytes->begin(), bytes->end());
}

std::optional<std::int64_t> integer_at(const json::Value& value, std::string_view key) {
  auto text = text_at(value, key);
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc{} && end == text->data() + text->size() ? std::optional(number) : std::nullopt;
}

struct Header {
  std::optional<OrganizationId> organization;
  bool filtered = false;
  bool from_start = true;
  bool to_head = true;
  ChainHead head;
};

std::optional<Header> read_header(std::string_view line) {
  auto value = json::parse(line, kLimits);
  auto* object = value ? value->if_object() : nullptr;
  auto* inner = object ? object->if_contains("export") : nullptr;
  auto* fields = inner ? inner->if_object() : nullptr;
  if (!fields) return std::nullopt;
  auto* version = fields->if_contains("version");
  auto* filtered = fields->if_contains("filtered");
  auto* from = fields->if_contains("from");
  auto* to = fields->if_contains("to");
  auto* head = fields->if_contains("head");
  auto* organization = fields->if_contains("organization_id");
  if (!version || *version != 1 || !filtered || !filtered->is_bool() || !from || !to || !head ||
      !organization)
    return std::nullopt;
  Header header{.filtered = filtered->as_bool(), .from_start = from->is_null(), .to_head = to->is_null()};
  if (auto text = text_at(*inner, "organization_id")) {
    header.organization = OrganizationId::parse(*text);
    if (!header.organization) return std::nullopt;
  }
  auto sequence = integer_at(*head, "org_sequence");
  auto hash = hash_at(*head, "hash");
  if (!sequence || !hash) return std::nullopt;
  header.head = {*sequence, *hash};
  return header;
}

VerifyReport no_export(const char* why) {
  ChainVerifier verifier({});
  verifier.add_problem(0, ProblemKind::unreadable, why);
  auto report = verifier.finish();
  report.is_readable = false;
  return report;
}

class ExportReader {
 public:
  ExportReader(Header header, std::optional<Head> expected)
      : header_(std::move(header)),
        verifier_(
            {.scope = header_.filtered ? ChainVerifier::Scope::selection : ChainVerifier::Scope::organization,
             .organization = header_.organization,
             .from_start = header_.from_start,
             .expected = expected}) {}

  /// False after the end line.
  bool take(std::string_view line) {
    auto value = json::parse(line, kLimits);
    auto* object = value ? value->if_object() : nullptr;
    if (auto* end = object ? object->if_contains("end") : nullptr) {
      check_end(*end);
      return false;
    }
    auto record = value ? text_at(*value, "record") : std::nullopt;
    auto hash = value ? hash_at(*value, "hash") : std::nullopt;
    if (!record || !hash || object->size() != 2) {
      problem(ProblemKind::unreadable, "the line after this sequence is not an event");
      return true;
    }
    // An export has no columns of its own: the row is what the record says, and only the hash stands beside
    // it.
    StoredEvent row;
    if (auto parsed = parse_record(*record)) row = as_stored(*parsed, *record);
    row.record = *record;
    row.hash = *hash;
    last_sequence_ = row.org_sequence;
    last_hash_ = *hash;
    ++events_;
    verifier_.add(row);
    return true;
  }

  void problem(ProblemKind kind, const char* message) {
    verifier_.add_problem(last_sequence_, kind, message);
  }

  VerifyReport finish() {
    if (header_.to_head && !header_.filtered) {
      auto organization = header_.organization ? std::optional(header_.organization->value) : std::nullopt;
      if (events_ > 0 || header_.from_start) verifier_.check_head(organization, header_.head);
    }
    auto report = verifier_.finish();
    if (header_.filtered)
      report.coverage = Coverage::selection;
    else if (!header_.from_start || !header_.to_head)
      report.coverage = Coverage::period;
    return report;
  }

 private:
  void check_end(const json::Value& end) {
    auto events = integer_at(end, "events");
    auto hash = hash_at(end, "last_hash");
    if (!events || !hash)
      problem(ProblemKind::unreadable, "the end line is malformed");
    else if (*events > events_)
      problem(ProblemKind::truncated, "the end line counts more events");
    else if (*events < events_ || (events_ > 0 && *hash != last_hash_))
      problem(ProblemKind::head_mismatch, "the end line is of other events");
  }

  Header header_;
  ChainVerifier verifier_;
  std::int64_t events_ = 0;
  std::int64_t last_sequence_ = 0;
  std::string last_hash_;
};

}  // namespace

VerifyReport verify_export(std::istream& in, std::optional<Head> expected) {
  std::string line;
  if (read_line(in, line) != Line::whole) return no_export("the file does not begin with an export's header");
  auto header = read_header(line);
  if (!header) return no_export("the file does not begin with an export's header");

  ExportReader reader(std::move(*header), expected);
  bool more = true;
  while (more) {
    auto read = read_line(in, line);
    if (read == Line::whole) {
      more = reader.take(line);
    } else {
      if (read == Line::too_long)
        reader.problem(ProblemKind::unreadable, "a line is longer than any event");
      else
        reader.problem(ProblemKind::truncated, "the file ends before its end line");
      more = false;
    }
  }
  if (read_line(in, line) != Line::none)
    reader.problem(ProblemKind::unreadable, "something follows the end line");
  return reader.finish();
}

}  // namespace gatehouse::audit
