#include "audit/record.h"

#include <gtest/gtest.h>

#include "audit/testing.h"
#include "base/error.h"
#include "crypto/encoding.h"
#include "json/canonical.h"

namespace gatehouse::audit {
namespace {

std::string canonical_again(std::string_view bytes) {
  auto value = json::parse(bytes, {.max_depth = 40});
  EXPECT_TRUE(value.has_value());
  return value ? json::canonical(*value) : "";
}

Place some_place() {
  Place place;
  place.region = Region::eu;
  place.region_sequence = 9'007'199'254'740'993;
  place.org_sequence = 17;
  place.prev_hash.fill(0xab);
  place.sealed_at = *parse_rfc3339("2026-11-20T18:51:11.000120Z");
  return place;
}

TEST(Event, IsWrittenAsCanonicalJsonWritesIt) {
  for (const auto& event : testing::varied_events())
    EXPECT_EQ(encode_event(event), canonical_again(encode_event(event)));
}

TEST(Event, ReadsBackAsItWas) {
  for (const auto& event : testing::varied_events()) {
    auto bytes = encode_event(event);
    auto read = parse_event(bytes);
    ASSERT_TRUE(read) << bytes;
    EXPECT_EQ(encode_event(*read), bytes);
    EXPECT_EQ(read->personal, event.personal);
    EXPECT_EQ(read->organization, event.organization);
    EXPECT_EQ(read->recorded_at, event.recorded_at);
  }
}

TEST(Event, RefusesWhatBreaksALimit) {
  auto broken = [](auto change) {
    auto event = testing::plain_event();
    change(event);
    EXPECT_THROW(encode_event(event), Failure);
  };
  broken([](Event& e) { e.id = {}; });
  broken([](Event& e) { e.action = ""; });
  broken([](Event& e) { e.action = std::string(65, 'a'); });
  broken([](Event& e) { e.resource_type = ""; });
  broken([](Event& e) { e.resource_id = std::string(201, 'a'); });
  broken([](Event& e) { e.resource_id = "a\nb"; });
  broken([](Event& e) { e.resource_id = std::string("a\0b", 3); });
  broken([](Event& e) { e.request_id = "\xc0\xaf"; });
  broken([](Event& e) { e.decision = ""; });
  broken([](Event& e) { e.organization = OrganizationId{}; });
  broken([](Event& e) { e.personal = std::string(kMaxPersonal + 1, 'x'); });
  broken([](Event& e) { e.payload = json::Array{}; });
  broken([](Event& e) { e.payload = json::Object{{"text", std::string(kMaxPayload, 'x')}}; });
  broken([](Event& e) { e.payload = json::Object{{"n", 9'007'199'254'740'993}}; });
  broken([](Event& e) { e.payload = json::Object{{"n", 1e20}}; });
  broken([](Event& e) {
    json::Value deep = json::Object{};
    for (int i = 0; i < 20; ++i) deep = json::Object{{"a", deep}};
    e.payload = deep;
  });
  broken([](Event& e) { e.recorded_at = Timestamp::min(); });
}

TEST(Event, RefusesAnyOtherSpelling) {
  auto bytes = encode_event(testing::plain_event());
  EXPECT_FALSE(parse_event(" " + bytes));
  EXPECT_FALSE(parse_event(bytes + "\n"));
  auto replaced = [&](std::string_view what, std::string_view with) {
    auto copy = bytes;
    auto at = copy.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    copy.replace(at, what.size(), with);
    return copy;
  };
  EXPECT_FALSE(parse_event(replaced("\"action\":\"", "\"action\": \"")));
  EXPECT_FALSE(parse_event(replaced("{\"action\"", "{\"a\":1,\"action\"")));
  EXPECT_FALSE(parse_event(replaced("\"decision\":null,", "")));
  EXPECT_FALSE(parse_event(replaced("chat.create", "\\u0063hat.create")));
  EXPECT_FALSE(parse_event("[]"));
  EXPECT_FALSE(parse_event(""));
}

TEST(Record, IsWrittenAsCanonicalJsonWritesIt) {
  for (const auto& event : testing::varied_events()) {
    auto record = encode_record(encode_event(event), some_place());
    EXPECT_EQ(record, canonical_again(record));
  }
}

TEST(Record, HasTheFinalFormat) {
  Event event = testing::plain_event();
  event.id = *AuditEventId::parse("01930000-0000-7000-8000-000000000001");
  event.recorded_at = *parse_rfc3339("2026-11-20T18:51:11.5Z");
  event.organization = OrganizationId::parse("01930000-0000-7000-8000-000000000002");
  event.personal = "sealed";
  event.person = Uuid::parse("01930000-0000-7000-8000-000000000003");
  auto record = encode_record(encode_event(event), some_place());
  EXPECT_EQ(record,
            R"({"event":{"action":"chat.create","actor_id":null,"actor_type":"system","decision":null,)"
            R"("id":"01930000-0000-7000-8000-000000000001",)"
            R"("organization_id":"01930000-0000-7000-8000-000000000002","outcome":"success","payload":{},)"
            R"("person_id":"01930000-0000-7000-8000-000000000003","personal":"c2VhbGVk",)"
            R"("recorded_at":"2026-11-20T18:51:11.500000Z","request_id":"","resource_id":"7",)"
            R"("resource_type":"chat","workspace_id":null},"org_sequence":"17",)"
            R"("prev_hash":"abababababababababababababababababababababababababababababababab","region":"eu",)"
            R"("region_sequence":"9007199254740993","sealed_at":"2026-11-20T18:51:11.000120Z","version":1})");
  // Computed with: { printf '\0'; printf '%s' "$record"; } | sha256sum
  EXPECT_EQ(crypto::to_hex(hash_record(record)),
            "80c4b91cc98b0a60ab9f2ce8028698664c3ec7bbcb5588c76ad2578089f6a18f");
}

TEST(Record, ReadsBackAsItWas) {
  for (const auto& event : testing::varied_events()) {
    auto bytes = encode_record(encode_event(event), some_place());
    auto record = parse_record(bytes);
    ASSERT_TRUE(record) << bytes;
    EXPECT_EQ(record->place, some_place());
    EXPECT_EQ(encode_event(record->event), event_bytes_of(bytes));
  }
}

TEST(Record, IsRefusedWithAnyByteCutOrAdded) {
  auto bytes = encode_record(encode_event(testing::plain_event()), some_place());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    EXPECT_FALSE(parse_record(bytes.substr(0, at)));
    auto longer = bytes;
    longer.insert(at, 1, ' ');
    auto read = parse_record(longer);
    // Inside a text a space makes another valid record, which only the hash tells from the first.
    if (read) EXPECT_NE(hash_record(longer), hash_record(bytes));
  }
}

}  // namespace
}  // namespace gatehouse::audit
