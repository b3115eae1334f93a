#include "access/grant_attributes.h"

namespace gatehouse::access {

Result<GrantConditions> to_conditions(const GrantAttributes& attributes, std::string_view at) {
  GrantConditions conditions;
  std::vector<FieldError> wrong;
  auto refuse = [&](std::string_view where, std::string_view message) {
    wrong.push_back(
        {std::string(at) + "/conditions" + std::string(where), "bad_format", std::string(message)});
  };
  if (!attributes.conditions) return conditions;
  if (const auto& list = attributes.conditions->ip_whitelist) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (auto network = http::Cidr::parse((*list)[i].str()))
        conditions.addresses.push_back(std::move(*network));
      else
        refuse("/ip_whitelist/" + std::to_string(i), "must be an address or a network such as 10.0.0.0/8");
    }
  }
  if (const auto& times = attributes.conditions->time_restrictions) {
    auto zone = TimeZone::find(times->time_zone->str());
    if (!zone) {
      refuse("/time_restrictions/time_zone", "must name a time zone such as America/Sao_Paulo");
    } else {
      std::vector<int> days;
      if (times->days_of_week)
        for (auto day : *times->days_of_week) days.push_back(static_cast<int>(day.value()));
      auto hours = times->hours ? times->hours->str() : std::string();
      conditions.window = TimeWindow::make(days, hours, std::move(*zone));
      if (!conditions.window)
        refuse("/time_restrictions/hours", "must be two different times such as 09:00-18:00");
    }
  }
  if (!wrong.empty()) return fail(invalid(std::move(wrong)));
  return conditions;
}

}  // namespace gatehouse::access
