#include "access/time_window.h"

#include <charconv>
#include <unicode/timezone.h>

#include "base/error.h"

namespace gatehouse::access {
namespace {

constexpr int kDay = 24 * 60;

std::optional<int> parse_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  int hour = 0, minute = 0;
  auto number = [&](std::size_t at, int& out) {
    auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, out);
    return error == std::errc{} && end == text.data() + at + 2 && out >= 0;
  };
  if (!number(0, hour) || !number(3, minute) || minute > 59) return std::nullopt;
  int at = hour * 60 + minute;
  return at <= kDay ? std::optional(at) : std::nullopt;
}

}  // namespace

struct TimeZone::Rules {
  std::unique_ptr<icu::TimeZone> zone;
};

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  // Places and UTC: the names that ICU and PostgreSQL read alike (`GMT+3` they do not).
  if (name != "UTC" && (name.size() > 64 || name.find('/') == name.npos || name.starts_with("Etc/")))
    return std::nullopt;
  auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int>(name.size())));
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  // ICU answers with a zone of its own for names that it does not know.
  if (!zone || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
  auto rules = std::make_shared<Rules>();
  rules->zone = std::move(zone);
  return TimeZone(std::string(name), std::move(rules));
}

int TimeZone::offset_at(Timestamp at) const {
  auto since = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  std::int32_t raw = 0, dst = 0;
  UErrorCode status = U_ZERO_ERROR;
  rules_->zone->getOffset(static_cast<UDate>(since.count()), false, raw, dst, status);
  if (U_FAILURE(status)) throw Failure(std::string("ICU: ") + u_errorName(status));
  return (raw + dst) / 1000;
}

std::optional<TimeWindow> TimeWindow::make(std::span<const int> days, std::string_view hours, TimeZone zone) {
  TimeWindow window(std::move(zone));
  for (int day : days) {
    if (day < 1 || day > 7) return std::nullopt;
    window.days_.set(static_cast<std::size_t>(day - 1));
  }
  if (days.empty()) window.days_.set();
  if (hours.empty()) return window;
  if (hours.size() != 11 || hours[5] != '-') return std::nullopt;
  auto begin = parse_minutes(hours.substr(0, 5)), end = parse_minutes(hours.substr(6));
  if (!begin || !end || *begin == *end || *begin == kDay) return std::nullopt;
  window.begin_ = *begin;
  window.end_ = *end;
  return window;
}

bool TimeWindow::contains(Timestamp at) const {
  auto local = at + std::chrono::seconds(zone_.offset_at(at));
  auto day = std::chrono::floor<std::chrono::days>(local);
  auto minute = static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - day).count());
  auto weekday = std::chrono::weekday(std::chrono::sys_days(day)).iso_encoding() - 1;
  auto on = [&](unsigned index) { return days_.test(index % 7); };
  if (begin_ < end_) return on(weekday) && minute >= begin_ && minute < end_;
  return (on(weekday) && minute >= begin_) || (on(weekday + 6) && minute < end_);
}

}  // namespace gatehouse::access
