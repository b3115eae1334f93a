// Days of the week and hours of the day in a time zone: when a grant holds.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace gatehouse::access {

/// A zone of the IANA database by its place (`America/Sao_Paulo`), or `UTC`. Immutable, shared by threads.
class TimeZone {
 public:
  /// Nothing for a name that is none.
  static std::optional<TimeZone> find(std::string_view name);

  /// Seconds east of UTC at that moment.
  int offset_at(Timestamp) const;
  const std::string& name() const { return name_; }

 private:
  struct Rules;
  TimeZone(std::string name, std::shared_ptr<const Rules> rules)
      : name_(std::move(name)), rules_(std::move(rules)) {}

  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

/// `09:00-18:00` on chosen days. The end is not part of it; 24:00 is the day's end. Hours that cross midnight
/// (`22:00-06:00`) belong to the day on which they began.
class TimeWindow {
 public:
  /// `days`: 1 (Monday) to 7, none: every day. `hours`: empty: the whole day. Nothing for what is no window.
  static std::optional<TimeWindow> make(std::span<const int> days, std::string_view hours, TimeZone);

  bool contains(Timestamp) const;

 private:
  explicit TimeWindow(TimeZone zone) : zone_(std::move(zone)) {}

  TimeZone zone_;
  std::bitset<7> days_;
  int begin_ = 0;  // minutes of the day
  int end_ = 24 * 60;
};

}  // namespace gatehouse::access
