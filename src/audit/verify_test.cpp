#include "audit/verify.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/export.h"
#include "audit/testing.h"
#include "audit/verifier.h"
#include "crypto/encoding.h"
#include "json/write.h"

namespace gatehouse::audit {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

/// A region as its database holds it: rows in order, and the heads.
struct Chain {
  std::vector<StoredEvent> rows;
  std::map<Uuid, ChainHead> heads;
  Timestamp sealed_at;
};

Hash to_hash(const std::string& bytes) {
  Hash hash{};
  std::ranges::copy(bytes, reinterpret_cast<char*>(hash.data()));
  return hash;
}

/// Chains `event` after what is there, as the appender does.
void append(Chain& chain, const Event& event) {
  auto& head = chain.heads[event.organization ? event.organization->value : Uuid{}];
  chain.sealed_at += std::chrono::microseconds(7);
  Place place{.region = Region::eu,
              .region_sequence = static_cast<std::int64_t>(chain.rows.size()) + 1,
              .org_sequence = head.org_sequence + 1,
              .prev_hash = head.hash.empty() ? Hash{} : to_hash(head.hash),
              .sealed_at = chain.sealed_at};
  chain.rows.push_back(testing::stored(event, place));
  head = {place.org_sequence, chain.rows.back().hash};
}

Chain two_organizations() {
  Chain chain;
  chain.sealed_at = *parse_rfc3339("2026-11-20T12:00:00Z");
  auto one = OrganizationId::make(), other = OrganizationId::make();
  for (int i = 0; i < 3; ++i) {
    append(chain, testing::typical_event(one));
    append(chain, testing::plain_event());
    append(chain, testing::typical_event(other));
  }
  return chain;
}

VerifyReport verify(const Chain& chain) {
  ChainVerifier verifier({.scope = ChainVerifier::Scope::region, .region = Region::eu});
  for (const auto& row : chain.rows) verifier.add(row);
  verifier.check_region_head(9, chain.sealed_at, "eu");
  for (const auto& [id, head] : chain.heads) verifier.check_head(id, head);
  return verifier.finish();
}

TEST(Verify, FindsNothingInAnUntouchedChain) {
  auto report = verify(two_organizations());
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.events, 9);
  EXPECT_EQ(report.first_sequence, 1);
  EXPECT_EQ(report.last_sequence, 9);
  EXPECT_EQ(exit_code(report), 0);
}

TEST(Verify, NamesTheSequenceOfEveryFlippedByteOfARecord) {
  auto chain = two_organizations();
  for (std::size_t row : {std::size_t{0}, std::size_t{4}, std::size_t{8}})
    for (std::size_t at = 0; at < chain.rows[row].record.size(); ++at) {
      auto flipped = chain;
      flipped.rows[row].record[at] ^= 0x04;
      auto report = verify(flipped);
      ASSERT_FALSE(report.ok()) << at;
      EXPECT_EQ(report.problems.front().sequence, static_cast<std::int64_t>(row) + 1);
      EXPECT_EQ(report.problems.front().kind, ProblemKind::hash_mismatch);
      EXPECT_EQ(exit_code(report), 2);
    }
}

TEST(Verify, ComparesEveryColumnWithTheRecord) {
  auto chain = two_organizations();
  auto changed = [&](auto change) {
    auto copy = chain;
    change(copy.rows[3]);
    auto report = verify(copy);
    EXPECT_THAT(report.kinds, Contains(ProblemKind::column_mismatch));
    EXPECT_FALSE(report.problems.empty());
  };
  changed([](StoredEvent& row) { row.region_sequence = 40; });
  changed([](StoredEvent& row) { row.org_sequence = 40; });
  changed([](StoredEvent& row) { row.org_id = Uuid::v7(); });
  changed([](StoredEvent& row) { row.org_id.reset(); });
  changed([](StoredEvent& row) { row.id = Uuid::v7(); });
  changed([](StoredEvent& row) { row.ts += std::chrono::microseconds(1); });
  changed([](StoredEvent& row) { row.sealed_at += std::chrono::microseconds(1); });
  changed([](StoredEvent& row) { row.actor_type = "system"; });
  changed([](StoredEvent& row) { row.actor_id.reset(); });
  changed([](StoredEvent& row) { row.action += "x"; });
  changed([](StoredEvent& row) { row.resource_type += "x"; });
  changed([](StoredEvent& row) { row.resource_id += "x"; });
  changed([](StoredEvent& row) { row.resource += "x"; });
  changed([](StoredEvent& row) { row.outcome = "failed"; });
  changed([](StoredEvent& row) { row.decision = "allow"; });
  changed([](StoredEvent& row) { row.workspace_id.reset(); });
  changed([](StoredEvent& row) { row.request_id = ""; });
  changed([](StoredEvent& row) { row.payload_json += " "; });
  changed([](StoredEvent& row) { row.prev_hash[0] ^= 1; });
}

TEST(Verify, FindsAChangedHash) {
  auto chain = two_organizations();
  chain.rows[2].hash[31] ^= 1;
  auto report = verify(chain);
  ASSERT_EQ(report.problem_count, 1);
  EXPECT_EQ(report.problems[0].kind, ProblemKind::hash_mismatch);
  EXPECT_EQ(report.problems[0].sequence, 3);
}

TEST(Verify, FindsADroppedRow) {
  auto chain = two_organizations();
  chain.rows.erase(chain.rows.begin() + 4);
  auto report = verify(chain);
  EXPECT_THAT(report.kinds, Contains(ProblemKind::missing));
  EXPECT_EQ(report.problems[0].sequence, 6);
  EXPECT_EQ(exit_code(report), 2);
}

TEST(Verify, FindsSwappedRows) {
  auto chain = two_organizations();
  std::swap(chain.rows[3], chain.rows[6]);
  EXPECT_THAT(verify(chain).kinds, Contains(ProblemKind::out_of_order));
  // Sequences mended, so that the rows only tell by what their records say.
  std::swap(chain.rows[3].region_sequence, chain.rows[6].region_sequence);
  std::swap(chain.rows[3].org_sequence, chain.rows[6].org_sequence);
  EXPECT_THAT(verify(chain).kinds, Contains(ProblemKind::column_mismatch));
}

TEST(Verify, TellsATruncatedTailFromTampering) {
  auto chain = two_organizations();
  chain.rows.pop_back();
  auto report = verify(chain);
  EXPECT_THAT(report.kinds, ::testing::ElementsAre(ProblemKind::truncated));
  EXPECT_EQ(exit_code(report), 3);
}

TEST(Verify, FindsATailCutOffTogetherWithItsChainsHeadByTheRegionsHead) {
  auto chain = two_organizations();
  chain.rows.pop_back();
  for (auto& [id, head] : chain.heads)
    if (head.hash != chain.rows[6].hash && head.hash != chain.rows[7].hash) head = {2, chain.rows[5].hash};
  auto report = verify(chain);
  EXPECT_THAT(report.kinds, ::testing::ElementsAre(ProblemKind::truncated));
}

TEST(Verify, FindsAReplayedRow) {
  auto chain = two_organizations();
  auto replayed = chain.rows[0];
  replayed.region_sequence = 10;
  replayed.org_sequence = 4;
  chain.rows.push_back(replayed);
  auto report = verify(chain);
  EXPECT_THAT(report.kinds, Contains(ProblemKind::column_mismatch));
  EXPECT_THAT(report.kinds, Contains(ProblemKind::duplicate_id));
  EXPECT_EQ(report.problems[0].sequence, 10);
}

TEST(Verify, FindsAnEventThatWasChainedTwice) {
  auto chain = two_organizations();
  chain.rows.resize(8);
  auto again = *parse_record(chain.rows[1].record);
  append(chain, again.event);
  auto report = verify(chain);
  EXPECT_THAT(report.kinds, Contains(ProblemKind::duplicate_id));
}

TEST(Verify, FindsARecordRewrittenWithItsHashAndColumns) {
  auto chain = two_organizations();
  auto record = *parse_record(chain.rows[0].record);
  record.event.outcome = EventOutcome::denied;
  chain.rows[0] = testing::stored(record.event, record.place);
  auto report = verify(chain);
  ASSERT_EQ(report.problem_count, 1);
  EXPECT_EQ(report.problems[0].kind, ProblemKind::chain_broken);
  EXPECT_EQ(report.problems[0].sequence, 4);
}

TEST(Verify, FindsAChainRewrittenFromAPointByItsHeadOrByOneKeptElsewhere) {
  auto chain = two_organizations();
  auto rewritten = chain;
  std::string previous = chain.rows[0].prev_hash;
  for (std::size_t i : {0u, 3u, 6u}) {
    auto record = *parse_record(rewritten.rows[i].record);
    record.event.outcome = EventOutcome::denied;
    record.place.prev_hash = to_hash(previous);
    rewritten.rows[i] = testing::stored(record.event, record.place);
    previous = rewritten.rows[i].hash;
  }
  EXPECT_THAT(verify(rewritten).kinds, ::testing::ElementsAre(ProblemKind::head_mismatch));

  auto organization = parse_record(chain.rows[0].record)->event.organization;
  auto alone = [&](const Chain& of) {
    ChainVerifier verifier({.scope = ChainVerifier::Scope::organization,
                            .organization = organization,
                            .expected = Head{2, to_hash(chain.rows[3].hash)}});
    for (std::size_t i : {0u, 3u, 6u}) verifier.add(of.rows[i]);
    verifier.check_head(organization->value, {3, of.rows[6].hash});
    return verifier.finish();
  };
  EXPECT_TRUE(alone(chain).ok());
  EXPECT_THAT(alone(rewritten).kinds, ::testing::ElementsAre(ProblemKind::expected_mismatch));
}

VerifyReport verify_expecting(const Chain& chain, Head expected) {
  ChainVerifier verifier({.scope = ChainVerifier::Scope::region, .region = Region::eu, .expected = expected});
  for (const auto& row : chain.rows) verifier.add(row);
  verifier.check_region_head(static_cast<std::int64_t>(chain.rows.size()), chain.sealed_at, "eu");
  for (const auto& [id, head] : chain.heads) verifier.check_head(id, head);
  return verifier.finish();
}

/// Every chain begun anew from its second record on, as who holds the database could.
Chain rewritten(const Chain& chain) {
  Chain made;
  made.sealed_at = chain.rows[0].sealed_at - std::chrono::microseconds(7);
  for (std::size_t i = 0; i < chain.rows.size(); ++i) {
    auto event = parse_record(chain.rows[i].record)->event;
    if (i >= 3) event.outcome = EventOutcome::denied;
    append(made, event);
  }
  return made;
}

TEST(Verify, FindsARegionRewrittenAsAWholeByItsHeadKeptElsewhere) {
  auto chain = two_organizations();
  auto kept = verify(chain);
  ASSERT_TRUE(kept.head_hash);
  append(chain, testing::plain_event());
  EXPECT_TRUE(verify_expecting(chain, {kept.last_sequence, *kept.head_hash}).ok());

  auto other = rewritten(chain);
  EXPECT_THAT(verify_expecting(other, {kept.last_sequence, *kept.head_hash}).kinds,
              ::testing::ElementsAre(ProblemKind::expected_mismatch));
  auto shorter = chain;
  shorter.rows.resize(3);
  EXPECT_THAT(verify_expecting(shorter, {kept.last_sequence, *kept.head_hash}).kinds,
              Contains(ProblemKind::truncated));
}

TEST(Verify, ARegionsHeadCoversEveryChain) {
  auto chain = two_organizations();
  auto before = *verify(chain).head_hash;
  for (std::size_t row : {std::size_t{6}, std::size_t{7}, std::size_t{8}}) {
    auto changed = chain;
    changed.rows[row].record[20] ^= 1;
    EXPECT_NE(*verify(changed).head_hash, before) << row;
  }
}

TEST(Verify, TellsWhichEventOfWhichOrganizationAProblemIsAbout) {
  auto chain = two_organizations();
  chain.rows[5].action += "x";
  auto event = parse_record(chain.rows[5].record)->event;
  auto report = verify(chain);
  ASSERT_EQ(report.problem_count, 1);
  EXPECT_EQ(report.problems[0].sequence, 6);
  ASSERT_TRUE(report.problems[0].event);
  EXPECT_EQ(report.problems[0].event->organization, event.organization);
  EXPECT_EQ(report.problems[0].event->org_sequence, 2);
  EXPECT_EQ(report.problems[0].event->event, event.id);
}

TEST(Verify, TakesARegionsHeadWithoutARegionForThatOfNoEventsAlone) {
  ChainVerifier untouched({.scope = ChainVerifier::Scope::region, .region = Region::eu});
  untouched.check_region_head(0, Timestamp{}, std::nullopt);
  EXPECT_TRUE(untouched.finish().ok());
  ChainVerifier cleared({.scope = ChainVerifier::Scope::region, .region = Region::eu});
  cleared.check_region_head(7, Timestamp{}, std::nullopt);
  EXPECT_THAT(cleared.finish().kinds, Contains(ProblemKind::wrong_region));
}

TEST(Verify, FindsARegionsHeadThatNamesAnotherRegion) {
  auto chain = two_organizations();
  ChainVerifier verifier({.scope = ChainVerifier::Scope::region, .region = Region::eu});
  for (const auto& row : chain.rows) verifier.add(row);
  verifier.check_region_head(9, chain.sealed_at, "us");
  for (const auto& [id, head] : chain.heads) verifier.check_head(id, head);
  EXPECT_THAT(verifier.finish().kinds, ::testing::ElementsAre(ProblemKind::wrong_region));
}

TEST(Verify, FindsTimeThatGoesBack) {
  Chain chain;
  chain.sealed_at = *parse_rfc3339("2026-11-20T12:00:00Z");
  append(chain, testing::plain_event());
  chain.sealed_at -= std::chrono::seconds(1);
  append(chain, testing::plain_event());
  EXPECT_THAT(verify(chain).kinds, Contains(ProblemKind::time_backwards));
}

TEST(Verify, KeepsABoundedListAndCountsTheRest) {
  Chain chain;
  for (int i = 0; i < 300; ++i) append(chain, testing::plain_event());
  for (auto& row : chain.rows) row.action = "x";
  auto report = verify(chain);
  EXPECT_EQ(report.problems.size(), kMaxProblems);
  EXPECT_GE(report.problem_count, 300);
}

/// Of one organization with five events, as Export writes it.
std::string export_text(const Chain& chain, std::string_view from = "null",
                        std::string_view filtered = "false") {
  std::string out = fmt::format(
      R"({{"export":{{"exported_at":"2026-11-20T12:00:00.000000Z","filtered":{},"from":{},"head":{{"hash":"{}",)"
      R"("org_sequence":"{}"}},"organization_id":null,"to":null,"version":1}}}})"
      "\n",
      filtered, from, crypto::to_hex(chain.rows.back().hash), chain.rows.back().org_sequence);
  for (const auto& row : chain.rows) {
    out += R"({"hash":")" + crypto::to_hex(row.hash) + R"(","record":)";
    json::write_string(out, row.record);
    out += "}\n";
  }
  out += R"({"end":{"events":")" + std::to_string(chain.rows.size()) + R"(","last_hash":")" +
         crypto::to_hex(chain.rows.back().hash) + "\"}}\n";
  return out;
}

VerifyReport verify_text(const std::string& text) {
  std::istringstream in(text);
  return verify_export(in);
}

Chain platform_chain() {
  Chain chain;
  for (int i = 0; i < 5; ++i) append(chain, testing::plain_event());
  return chain;
}

TEST(VerifyExport, AcceptsAWholeExport) {
  auto report = verify_text(export_text(platform_chain()));
  EXPECT_TRUE(report.ok()) << (report.problems.empty() ? "" : report.problems[0].message);
  EXPECT_EQ(report.events, 5);
}

TEST(VerifyExport, FindsEveryFlippedByte) {
  auto text = export_text(platform_chain());
  auto begin = text.find('\n') + 1;
  for (std::size_t at = begin; at < text.size(); ++at) {
    auto flipped = text;
    flipped[at] ^= 0x01;
    if (verify_text(flipped).ok()) ADD_FAILURE() << at << ": " << text.substr(at > 20 ? at - 20 : 0, 40);
  }
}

TEST(VerifyExport, TellsWhereverTheFileWasCut) {
  auto text = export_text(platform_chain());
  auto begin = text.find('\n') + 1;
  for (std::size_t size = begin; size < text.size(); ++size)
    EXPECT_EQ(exit_code(verify_text(text.substr(0, size))), 3) << size;
  for (std::size_t size = 0; size < begin; ++size) EXPECT_EQ(exit_code(verify_text(text.substr(0, size))), 4);
}

TEST(VerifyExport, FindsATailCutOffTogetherWithAMatchingEnd) {
  auto chain = platform_chain();
  auto whole = export_text(chain);
  auto header = whole.substr(0, whole.find('\n') + 1);
  chain.rows.pop_back();
  auto shorter = export_text(chain);
  EXPECT_EQ(exit_code(verify_text(header + shorter.substr(shorter.find('\n') + 1))), 3);
}

TEST(VerifyExport, AcceptsAPeriodAndAFilteredSelection) {
  auto chain = platform_chain();
  chain.rows.erase(chain.rows.begin(), chain.rows.begin() + 2);
  EXPECT_FALSE(verify_text(export_text(chain)).ok());
  EXPECT_TRUE(verify_text(export_text(chain, R"("2026-11-20T12:00:00.000000Z")")).ok());
  chain.rows.erase(chain.rows.begin() + 1);
  EXPECT_FALSE(verify_text(export_text(chain, R"("2026-11-20T12:00:00.000000Z")")).ok());
  EXPECT_TRUE(verify_text(export_text(chain, "null", "true")).ok());
}

TEST(VerifyExport, SaysThatAPartIsNotTheWholeAndIsNoSuccessUnlessAPartWasAskedFor) {
  auto chain = platform_chain();
  EXPECT_EQ(verify_text(export_text(chain)).coverage, Coverage::whole);
  for (auto [from, filtered, coverage] :
       {std::tuple("null", "true", Coverage::selection),
        std::tuple(R"("2026-11-20T12:00:00.000000Z")", "false", Coverage::period)}) {
    auto report = verify_text(export_text(chain, from, filtered));
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(report.coverage, coverage);
    EXPECT_EQ(exit_code(report), 5);
    EXPECT_EQ(exit_code(report, true), 0);
  }
}

TEST(VerifyExport, ComparesWithAHeadKeptElsewhere) {
  auto chain = platform_chain();
  auto at = [&](std::string text, std::int64_t sequence, const std::string& hash) {
    std::istringstream in(text);
    return verify_export(in, Head{sequence, to_hash(hash)}).kinds;
  };
  EXPECT_THAT(at(export_text(chain), 3, chain.rows[2].hash), IsEmpty());
  EXPECT_THAT(at(export_text(chain), 3, chain.rows[3].hash), Contains(ProblemKind::expected_mismatch));
  EXPECT_THAT(at(export_text(chain), 6, chain.rows[4].hash), Contains(ProblemKind::truncated));
  auto later = chain;
  later.rows.erase(later.rows.begin(), later.rows.begin() + 3);
  EXPECT_THAT(at(export_text(later, R"("2026-11-20T12:00:00.000000Z")"), 3, chain.rows[2].hash),
              Contains(ProblemKind::expected_mismatch));
}

TEST(VerifyExport, RefusesWhatIsNoExport) {
  EXPECT_EQ(exit_code(verify_text("")), 4);
  EXPECT_EQ(exit_code(verify_text("{}\n")), 4);
  EXPECT_EQ(exit_code(verify_text(std::string(1 << 20, 'x'))), 4);
}

}  // namespace
}  // namespace gatehouse::audit
