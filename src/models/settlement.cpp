#include "models/settlement.h"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

namespace gatehouse::models {

std::string_view to_string(CallOutcome outcome) {
  return boost::describe::enum_to_string(outcome, "?");
}

void put_settlement(json::Object& payload, const Settlement& settlement) {
  payload["outcome"] = to_string(settlement.outcome);
  payload["input_tokens"] = settlement.input_tokens;
  payload["output_tokens"] = settlement.output_tokens;
  payload["is_estimated"] = settlement.is_estimated;
  payload["cost"] = settlement.cost;
  payload["latency_ms"] = settlement.latency_ms;
  if (settlement.first_byte_ms) payload["first_byte_ms"] = *settlement.first_byte_ms;
}

std::optional<Settlement> read_settlement(CallIdentity call, const json::Object& payload) {
  auto number = [&](std::string_view name) -> std::optional<std::int64_t> {
    const auto* value = payload.if_contains(name);
    return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
  };
  Settlement settlement{.call = std::move(call)};
  const auto* outcome = payload.if_contains("outcome");
  const auto* estimated = payload.if_contains("is_estimated");
  auto input = number("input_tokens"), output = number("output_tokens"), cost = number("cost"),
       latency = number("latency_ms");
  if (!input || !output || !cost || !latency || !estimated || !estimated->is_bool() || !outcome ||
      !outcome->is_string() ||
      !boost::describe::enum_from_string(outcome->get_string().c_str(), settlement.outcome))
    return std::nullopt;
  settlement.input_tokens = *input;
  settlement.output_tokens = *output;
  settlement.is_estimated = estimated->get_bool();
  settlement.cost = *cost;
  settlement.latency_ms = static_cast<std::int32_t>(*latency);
  if (auto first = number("first_byte_ms")) settlement.first_byte_ms = static_cast<std::int32_t>(*first);
  return settlement;
}

}  // namespace gatehouse::models
