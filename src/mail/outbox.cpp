#include "mail/outbox.h"

#include "base/beside.h"
#include "base/log.h"
#include "base/metrics.h"
#include "crypto/aead.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::mail {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;
constexpr std::int64_t kAtOnce = 8;

constexpr pg::Statement kInsert{"mail.insert",
                                "insert into mail_outbox (id, kind, sealed) values ($1, $2, $3)"};
// Taken for longer than a try may last; who dies with it leaves it to the next.
constexpr pg::Statement kTake{
    "mail.take",
    "update mail_outbox set tries = tries + 1, next_try_at = now() + interval '5 minutes' where id in ("
    "select id from mail_outbox where dead_at is null and next_try_at <= now() order by next_try_at limit $1"
    " for update skip locked) returning id, kind, sealed, tries"};
constexpr pg::Statement kSent{"mail.sent", "delete from mail_outbox where id = $1"};
constexpr pg::Statement kAgain{
    "mail.again",
    "update mail_outbox set next_try_at = now() + make_interval(secs => $2::bigint)"
    " where id = $1"};
constexpr pg::Statement kDead{"mail.dead", "update mail_outbox set dead_at = now() where id = $1"};

struct Row {
  Uuid id;
  std::string kind;
  crypto::Bytes sealed;
  std::int32_t tries;
};
BOOST_DESCRIBE_STRUCT(Row, (), (id, kind, sealed, tries))

crypto::Bytes bound_to(const Uuid& id) {
  return crypto::aad({"mail", id.to_string()});
}

struct Counts {
  metrics::Counter& sent = metrics::counter("gatehouse_mail_sent_total", "Mail that the SMTP server took");
  metrics::Counter& failed =
      metrics::counter("gatehouse_mail_failed_total", "Tries to send mail that failed");
  metrics::Counter& dead = metrics::counter("gatehouse_mail_dead_total", "Mail that was given up");
};
Counts& counts() {
  static Counts all;
  return all;
}

}  // namespace

pg::Batch to_outbox(const access::NodeSecrets& secrets, std::string_view kind, const Letter& letter) {
  auto id = Uuid::v7();
  auto sealed = crypto::seal_xaes(secrets.accounts, bound_to(id), json::encode(letter));
  return pg::Batch(kInsert, pg::params(id, kind, sealed));
}

std::chrono::seconds wait_after(int tries) {
  std::chrono::seconds wait = 30s;
  for (int i = 1; i < tries && wait < 4h; ++i) wait *= 2;
  return std::min<std::chrono::seconds>(wait, 4h);
}

Postman::Postman(MailOptions options) : options_(std::move(options)) {}

Task<std::size_t> Postman::send_due(access::Reactor& reactor, Region region) {
  auto& pool = *reactor.region(region).platform;
  auto taken = co_await pool.run(pg::Batch(kTake, pg::params(kAtOnce)), pg::within(kDeadline));
  auto rows = taken[0].as<Row>();
  for (auto& row : rows) {
    auto opened = crypto::open_xaes(reactor.secrets().accounts, bound_to(row.id), row.sealed);
    auto letter = opened ? json::decode_text<Letter>(opened->reveal()) : fail(ErrorCode::validation_failed);
    std::expected<void, SmtpRefusal> result;
    if (letter)
      result = co_await run_on(threads_, [&options = options_, id = row.id, sent = std::move(*letter)] {
        return deliver(options.smtp, options.from.address, sent.to,
                       compose(sent, options.from, id.to_string(), gatehouse::now()));
      });
    else
      result = std::unexpected(SmtpRefusal{.reason = "it does not open", .is_final = true});
    auto log_it = [&](std::string_view what) {
      log::warn(what, {{"mail", row.id.to_string()},
                       {"kind", row.kind},
                       {"tries", row.tries},
                       {"region", to_string(region)},
                       {"error", result.error().reason}});
    };
    pg::Batch outcome;
    if (result) {
      counts().sent.add();
      outcome.add(kSent, pg::params(row.id));
    } else if (result.error().is_final || row.tries >= kMostTries) {
      counts().dead.add();
      log_it("mail.given_up");
      outcome.add(kDead, pg::params(row.id));
    } else {
      counts().failed.add();
      log_it("mail.failed");
      outcome.add(kAgain, pg::params(row.id, static_cast<std::int64_t>(wait_after(row.tries).count())));
    }
    co_await pool.run(std::move(outcome), pg::within(kDeadline));
  }
  co_return rows.size();
}

Task<void> Postman::run(access::Reactor& reactor, Region region) {
  for (;;) {
    std::size_t taken = 0;
    try {
      taken = co_await send_due(reactor, region);
    } catch (const std::exception& failure) {
      log::warn("mail.loop_failed", {{"region", to_string(region)}, {"error", failure.what()}});
    }
    if (taken < static_cast<std::size_t>(kAtOnce)) co_await sleep_for(1s);
  }
}

}  // namespace gatehouse::mail
