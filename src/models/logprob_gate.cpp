#include "models/logprob_gate.h"

namespace gatehouse::models {

void LogprobGate::push(std::string_view text, json::Array entries) {
  if (altered_) return;
  held_ += text;
  pushed_ += text.size();
  if (!entries.empty()) waiting_.emplace_back(pushed_, std::move(entries));
}

json::Array LogprobGate::release(std::string_view emitted) {
  json::Array out;
  if (altered_) return out;
  if (!std::string_view(held_).starts_with(emitted)) {
    altered_ = true;
    held_.clear();
    waiting_.clear();
    return out;
  }
  held_.erase(0, emitted.size());
  emitted_ += emitted.size();
  while (!waiting_.empty() && waiting_.front().first <= emitted_) {
    for (auto& entry : waiting_.front().second) out.push_back(std::move(entry));
    waiting_.pop_front();
  }
  return out;
}

}  // namespace gatehouse::models
