// Bytes that claim to be an audit record: one record, one spelling. The input edits a true one, three bytes
// an edit.
#include "audit/record.h"

#include "fuzz.h"

namespace {

using namespace gatehouse;

std::string true_record() {
  auto event = audit::make_event("chat.message.create");
  event.id.value = Uuid{};
  event.id.value.bytes[15] = 1;
  event.recorded_at = {};
  event.organization = OrganizationId{event.id.value};
  event.resource_type = "chat";
  event.resource_id = "5";
  event.decision = "redact";
  event.request_id = "r-1";
  event.payload =
      json::Object{{"model", "demo/echo"}, {"count", 2}, {"list", json::Array{true, nullptr, "é"}}};
  return audit::encode_record(audit::encode_event(event),
                              {.region_sequence = 2, .org_sequence = 1, .prev_hash = {}, .sealed_at = {}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string original = true_record();
  auto bytes = original;
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    auto at = (data[i] * 256U + data[i + 1]) % bytes.size();
    if (data[i + 2] == 0)
      bytes.erase(at, 1);
    else if (data[i + 2] < 0x80)
      bytes[at] = static_cast<char>(data[i + 2]);
    else
      bytes.insert(at, 1, static_cast<char>(data[i + 2] & 0x7F));
    if (bytes.empty()) return 0;
  }
  auto record = audit::parse_record(bytes);
  fuzz::require(record || bytes != original, "a true record is accepted");
  if (!record) return 0;
  auto event = audit::encode_event(record->event);
  fuzz::require(audit::encode_record(event, record->place) == bytes,
                "a record that is accepted is what would be written");
  fuzz::require(audit::event_bytes_of(bytes) == event, "its event's bytes are those within");
  return 0;
}
