// The record: the exact bytes that are hashed and chained. Version 1, final.
//
//   {"event":{"action":…,"actor_id":…,"actor_type":…,"decision":…,"id":…,"organization_id":…,"outcome":…,
//             "payload":{…},"person_id":…,"personal":base64,"recorded_at":…,"request_id":…,"resource_id":…,
//             "resource_type":…,"workspace_id":…},
//    "org_sequence":"17","prev_hash":hex,"region":"eu","region_sequence":"123","sealed_at":…,"version":1}
//
// Canonical JSON (RFC 8785) without white space; 64-bit integers are strings; an absent value is null; times
// are RFC 3339 in UTC with six digits. hash = SHA-256(0x00 ‖ bytes), an RFC 6962 leaf. `prev_hash` is the
// hash of the organization's previous record (zeroes before its first); events without organization share the
// platform's chain.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/event.h"
#include "domain/terms.h"

namespace gatehouse::audit {

inline constexpr int kRecordVersion = 1;

using Hash = std::array<std::uint8_t, 32>;

/// Where an event stands.
struct Place {
  Region region = Region::us;
  std::int64_t region_sequence = 0;  // from 1, without gaps, over all organizations of the region
  std::int64_t org_sequence = 0;     // from 1, without gaps, in the organization's chain
  Hash prev_hash{};
  Timestamp sealed_at;  // never decreases with region_sequence
  bool operator==(const Place&) const = default;
};

struct Record {
  Place place;
  Event event;
};

/// `event_bytes` is what encode_event gave.
std::string encode_record(std::string_view event_bytes, const Place&);
Hash hash_record(std::string_view record_bytes);

/// Strict: accepts exactly what encode_record writes, so one record has one spelling.
std::optional<Record> parse_record(std::string_view record_bytes);

/// The part of a valid record that encode_event gave.
std::string_view event_bytes_of(std::string_view record_bytes);

}  // namespace gatehouse::audit
