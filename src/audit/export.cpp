#include "audit/export.h"

#include <boost/describe/enum_from_string.hpp>

#include "base/error.h"
#include "crypto/encoding.h"
#include "json/write.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kCsvHeader =
    "sequence,id,recorded_at,sealed_at,actor_type,actor_id,action,resource_type,resource_id,outcome,decision,"
    "workspace_id,request_id,ip,user_agent,payload,hash,prev_hash\r\n";

/// One cell, RFC 4180. A spreadsheet takes what begins with one of `=+-@` for a formula, also inside quotes;
/// the apostrophe makes it text (OWASP, CSV injection). Where lists are separated by semicolons or tabs it
/// cuts the cell there, whatever the quotes say.
void put_cell(std::string& out, std::string_view text) {
  bool quoted = text.find_first_of(",;\"\t\r\n") != std::string_view::npos;
  std::string cell;
  char before = ';';
  for (char c : text) {
    if (std::string_view("=+-@").contains(c) && std::string_view(";\"\t\r\n").contains(before)) {
      cell += '\'';
      quoted = true;
    }
    if (c == '"') cell += '"';
    cell += c;
    before = c;
  }
  out += quoted ? fmt::format("\"{}\"", cell) : cell;
}

template <class Id>
std::string text_or_empty(const std::optional<Id>& id) {
  return id ? id->to_string() : std::string();
}

std::string_view member(const json::Value& personal, std::string_view key) {
  auto* object = personal.if_object();
  auto* found = object ? object->if_contains(key) : nullptr;
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

void put_csv(std::string& out, const StoredEvent& event, const json::Value& personal) {
  std::string cells[] = {std::to_string(event.org_sequence),
                         event.id.to_string(),
                         to_rfc3339(event.ts),
                         to_rfc3339(event.sealed_at),
                         event.actor_type,
                         text_or_empty(event.actor_id),
                         event.action,
                         event.resource_type,
                         event.resource_id,
                         event.outcome,
                         event.decision.value_or(""),
                         text_or_empty(event.workspace_id),
                         event.request_id,
                         std::string(member(personal, "ip")),
                         std::string(member(personal, "user_agent")),
                         event.payload_json,
                         crypto::to_hex(event.hash),
                         crypto::to_hex(event.prev_hash)};
  bool first = true;
  for (const auto& cell : cells) {
    if (!std::exchange(first, false)) out += ',';
    put_cell(out, cell);
  }
  out += "\r\n";
}

void put_json(std::string& out, const StoredEvent& event, const json::Value& personal) {
  bool first = true;
  auto key = [&](std::string_view name) {
    out += std::exchange(first, false) ? '{' : ',';
    json::write_string(out, name);
    out += ':';
  };
  auto text = [&](std::string_view name, std::string_view value) {
    key(name);
    json::write_string(out, value);
  };
  auto nullable = [&](std::string_view name, std::string_view value) {
    key(name);
    if (value.empty())
      out += "null";
    else
      json::write_string(out, value);
  };
  key("sequence");
  json::write_integer(out, event.org_sequence);
  text("id", event.id.to_string());
  text("recorded_at", to_rfc3339(event.ts));
  text("sealed_at", to_rfc3339(event.sealed_at));
  text("actor_type", event.actor_type);
  nullable("actor_id", text_or_empty(event.actor_id));
  text("action", event.action);
  text("resource_type", event.resource_type);
  text("resource_id", event.resource_id);
  text("outcome", event.outcome);
  nullable("decision", event.decision.value_or(""));
  nullable("workspace_id", text_or_empty(event.workspace_id));
  text("request_id", event.request_id);
  nullable("ip", member(personal, "ip"));
  nullable("user_agent", member(personal, "user_agent"));
  key("payload");
  out += event.payload_json;
  text("hash", crypto::to_hex(event.hash));
  text("prev_hash", crypto::to_hex(event.prev_hash));
  out += '}';
}

void put_json_line(std::string& out, const StoredEvent& event) {
  out += R"({"hash":")";
  out += crypto::to_hex(event.hash);
  out += R"(","record":)";
  json::write_string(out, event.record);
  out += "}\n";
}

json::Value time_or_null(const std::optional<Timestamp>& time) {
  return time ? json::Value(to_rfc3339(*time)) : json::Value(nullptr);
}

}  // namespace

std::optional<ExportFormat> parse_export_format(std::string_view text) {
  ExportFormat format{};
  return boost::describe::enum_from_string(std::string(text).c_str(), format) ? std::optional(format)
                                                                              : std::nullopt;
}

std::string_view content_type(ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return "text/csv; charset=utf-8";
    case ExportFormat::json:
      return "application/json";
    case ExportFormat::jsonl:
      return "application/jsonl";
  }
  throw Failure("audit: an export format without a content type");
}

Export::Export(RunBatch run, ExportOptions options) : run_(std::move(run)), options_(std::move(options)) {}

Task<void> Export::write_header(std::string& out) {
  pg::Batch batch;
  add_chain_head(batch, options_.organization);
  auto head = read_chain_head(co_await run_(std::move(batch))).value_or(ChainHead{0, std::string(32, '\0')});
  last_ = head.org_sequence;
  last_hash_ = std::string(32, '\0');
  if (options_.format == ExportFormat::csv) out += kCsvHeader;
  if (options_.format == ExportFormat::json) out += "[\n";
  if (options_.format != ExportFormat::jsonl) co_return;
  const auto& filter = options_.filter;
  json::Object header{
      {"version", 1},
      {"organization_id",
       options_.organization ? json::Value(options_.organization->to_string()) : json::Value(nullptr)},
      {"exported_at", to_rfc3339(now())},
      {"from", time_or_null(filter.from)},
      {"to", time_or_null(filter.to)},
      {"filtered", !filter.is_period_only()},
      {"head", json::Object{{"org_sequence", std::to_string(head.org_sequence)},
                            {"hash", crypto::to_hex(head.hash)}}}};
  out += json::write(json::Object{{"export", std::move(header)}});
  out += '\n';
}

Task<void> Export::write_event(std::string& out, const StoredEvent& event) {
  if (options_.format == ExportFormat::jsonl) {
    put_json_line(out, event);
  } else {
    json::Value personal;
    if (options_.unseal) {
      auto record = parse_record(event.record);
      if (record && !record->event.personal.empty()) personal = co_await options_.unseal(record->event);
    }
    if (options_.format == ExportFormat::csv) {
      put_csv(out, event, personal);
    } else {
      if (events_ > 0) out += ",\n";
      put_json(out, event, personal);
    }
  }
  ++events_;
  last_hash_ = event.hash;
}

void Export::write_end(std::string& out) {
  if (options_.format == ExportFormat::json) out += events_ > 0 ? "\n]\n" : "]\n";
  if (options_.format == ExportFormat::jsonl)
    out += R"({"end":{"events":")" + std::to_string(events_) + R"(","last_hash":")" +
           crypto::to_hex(last_hash_) + "\"}}\n";
}

Task<std::optional<std::string>> Export::next_chunk() {
  std::string chunk;
  if (stage_ == Stage::header) {
    co_await write_header(chunk);
    stage_ = Stage::events;
  }
  if (stage_ == Stage::over) co_return std::nullopt;
  pg::Batch batch;
  add_walk(batch, options_.organization, options_.filter, after_, last_, options_.page);
  auto events = read_events(co_await run_(std::move(batch)));
  for (const auto& event : events) co_await write_event(chunk, event);
  if (!events.empty()) after_ = events.back().org_sequence;
  if (events.size() < static_cast<std::size_t>(options_.page)) {
    write_end(chunk);
    stage_ = Stage::over;
    if (chunk.empty()) co_return std::nullopt;
  }
  co_return chunk;
}

}  // namespace gatehouse::audit
