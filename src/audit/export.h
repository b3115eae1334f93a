// Exports of one organization's events: CSV, a JSON array, or JSON Lines that can be verified offline.
//
// JSON Lines: a header, one line an event with the exact record and its hash, and an end.
//   {"export":{"exported_at":…,"filtered":false,"from":null,"head":{"hash":hex,"org_sequence":"9"},
//              "organization_id":…,"to":null,"version":1}}
//   {"hash":hex,"record":"{\"event\":…"}
//   {"end":{"events":"9","last_hash":hex}}
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/describe/enum.hpp>

#include "audit/query.h"
#include "audit/verify.h"
#include "base/task.h"

namespace gatehouse::audit {

enum class ExportFormat { csv, json, jsonl };
BOOST_DESCRIBE_ENUM(ExportFormat, csv, json, jsonl)
std::optional<ExportFormat> parse_export_format(std::string_view);
std::string_view content_type(ExportFormat);

/// Opens the personal fields of an event; null if the key is destroyed.
using Unseal = std::function<Task<json::Value>(const Event&)>;

struct ExportOptions {
  ExportFormat format = ExportFormat::jsonl;
  std::optional<OrganizationId> organization;  // none: the platform's chain
  EventFilter filter;
  /// Without it, and always in JSON Lines, personal fields stay sealed (the columns `ip` and `user_agent` are
  /// empty).
  Unseal unseal;
  int page = 500;
};

/// Pull style: the reader's pace is the pace of the database, and memory is one page. Reads up to the head as
/// of the first chunk.
class Export {
 public:
  Export(RunBatch, ExportOptions);

  /// The next piece of the file, never empty; none after the last. Throws what RunBatch throws: the file is
  /// then incomplete, and verify_export and a JSON parser notice.
  Task<std::optional<std::string>> next_chunk();

 private:
  Task<void> write_header(std::string& out);
  Task<void> write_event(std::string& out, const StoredEvent&);
  void write_end(std::string& out);

  enum class Stage { header, events, over };
  RunBatch run_;
  ExportOptions options_;
  Stage stage_ = Stage::header;
  std::int64_t last_ = 0;   // up to here
  std::int64_t after_ = 0;  // from here on
  std::int64_t events_ = 0;
  std::string last_hash_;
};

}  // namespace gatehouse::audit
