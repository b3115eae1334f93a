#include "audit/appender.h"

#include "base/error.h"
#include "base/metrics.h"
#include "pg/statement.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxTogether = 4096;

constexpr pg::Statement kFindPayloads{"audit.find_payloads",
                                      "select id, payload_json::text from audit_events where id = any ($1)"};

}  // namespace

Appender::Appender(Executor writer, AppenderOptions options)
    : options_(std::move(options)),
      writer_(writer,
              {.name = "audit.appender",
               .max_batch = options_.max_batch,
               .max_queued = options_.max_queued,
               .max_queued_bytes = options_.max_queued_bytes,
               .deadline = options_.deadline},
              {.queue = metrics::gauge("gatehouse_audit_append_queue", "Events waiting to be chained",
                                       {{"region", to_string(options_.region)}}),
               .seconds = metrics::histogram("gatehouse_audit_append_seconds",
                                             "From submission to durable and chained",
                                             {{"region", to_string(options_.region)}})},
              [chain = std::make_shared<ChainWriter>(writer, options_.region, options_.database, marks_),
               &appended = metrics::counter("gatehouse_audit_appended_total", "Events chained",
                                            {{"region", to_string(options_.region)}}),
               &commits = metrics::counter("gatehouse_audit_append_commits_total", "Batches chained",
                                           {{"region", to_string(options_.region)}})](
                  std::vector<const Together*> batch, bool uncertain, pg::Deadline deadline) -> Task<void> {
                std::vector<const Prepared*> events;
                for (const Together* together : batch)
                  for (const Prepared& one : *together) events.push_back(&one);
                auto count = events.size();
                co_await chain->write(std::move(events), uncertain, deadline);
                appended.add(count);
                commits.add();
              }) {}

Task<void> Appender::append(Event event) {
  std::vector<Event> one;
  one.push_back(std::move(event));
  return append_all(std::move(one));
}

Task<void> Appender::append_all(std::vector<Event> events) {
  if (events.empty()) co_return;
  if (events.size() > kMaxTogether) throw Failure("audit: at most 4096 events are appended together");
  Together together;
  together.reserve(events.size());
  pg::Weight weight{.units = events.size()};
  for (auto& event : events) {
    auto encoded = encode_event(event);
    weight.bytes += encoded.size() + 256;
    together.push_back({std::move(event), std::move(encoded)});
  }
  auto pending = writer_.submit(co_await asio::this_coro::executor, std::move(together), weight);
  co_await pending.wait();
}

Task<std::unordered_map<AuditEventId, std::string>> Appender::find_payloads(std::vector<AuditEventId> ids,
                                                                            pg::Deadline deadline) {
  auto connection = co_await pg::Connection::connect(options_.database, deadline);
  auto rows = co_await connection.query(kFindPayloads, pg::params(ids), deadline);
  std::unordered_map<AuditEventId, std::string> payloads;
  for (std::size_t i = 0; i < rows.size(); ++i)
    payloads.emplace(AuditEventId{rows.at(i, 0).uuid()}, rows.at(i, 1).text());
  co_return payloads;
}

Task<bool> Appender::close(pg::Deadline deadline) {
  return writer_.close(deadline);
}

}  // namespace gatehouse::audit
