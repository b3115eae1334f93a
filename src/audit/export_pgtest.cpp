#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/database_testing.h"
#include "audit/export.h"

namespace gatehouse::audit {
namespace {

using namespace testing;

TEST(Export, WritesJsonLinesThatVerifyOfflineAndCsvAndJson) {
  auto database = fresh_database("audit");
  auto organization = OrganizationId::make();
  auto events = typical(organization, 5);
  events[1].resource_id = "=cmd|' /C calc'!A0";
  events[2].resource_id = "with \"quotes\", and commas";
  events[3].resource_id = "a;=b;+c\"@d;f=g";
  append_events(database, events);
  auto text = [&](ExportFormat format, EventFilter filter) {
    return with_database<std::string>(
        as_role(database, "gatehouse_app"), organization, [=](RunBatch batch) -> Task<std::string> {
          Unseal unseal = [](const Event&) -> Task<json::Value> {
            co_return json::Object{{"ip", "203.0.113.9"}, {"user_agent", "@browser"}};
          };
          Export file(batch, {.format = format,
                              .organization = organization,
                              .filter = filter,
                              .unseal = unseal,
                              .page = 2});
          std::string whole;
          while (auto chunk = co_await file.next_chunk()) whole += *chunk;
          co_return whole;
        });
  };
  for (EventFilter filter : {EventFilter{}, EventFilter{.from = now() - std::chrono::hours(1)},
                             EventFilter{.outcome = EventOutcome::success}}) {
    std::istringstream in(text(ExportFormat::jsonl, filter));
    auto report = verify_export(in);
    EXPECT_TRUE(report.ok()) << report.problems.at(0).message;
    EXPECT_EQ(report.events, 5);
  }

  auto csv = text(ExportFormat::csv, {});
  EXPECT_THAT(csv, ::testing::HasSubstr(",\"'=cmd|' /C calc'!A0\","));
  EXPECT_THAT(csv, ::testing::HasSubstr(",\"with \"\"quotes\"\", and commas\","));
  EXPECT_THAT(csv, ::testing::HasSubstr(",203.0.113.9,\"'@browser\","));
  // Where lists are separated by semicolons, a spreadsheet cuts the cell there.
  EXPECT_THAT(csv, ::testing::HasSubstr(",\"a;'=b;'+c\"\"'@d;f=g\","));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 6);

  auto parsed = json::parse(text(ExportFormat::json, {}));
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->as_array().size(), 5u);
  EXPECT_EQ(parsed->as_array()[1].as_object().at("resource_id"), "=cmd|' /C calc'!A0");
  EXPECT_EQ(json::parse(text(ExportFormat::json, {.action = "none"}))->as_array().size(), 0u);
}

}  // namespace
}  // namespace gatehouse::audit
