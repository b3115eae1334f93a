#include "models/logprob_gate.h"

namespace gatehouse::models {

void LogprobGate::close() {
  altered_ = true;
  held_.clear();
  waiting_.clear();
}

void LogprobGate::push(std::string_view text, json::Array entries) {
  if (altered_) return;
  held_ += text;
  pushed_ += text.size();
  if (entries.empty()) return;
  const std::size_t bytes = json::write(entries).size();
  waiting_bytes_ += bytes;
  waiting_.push_back({pushed_, bytes, std::move(entries)});
  if (waiting_bytes_ > kMostHeld) close();
}

json::Array LogprobGate::release(std::string_view emitted) {
  json::Array out;
  if (altered_) return out;
  if (!std::string_view(held_).starts_with(emitted)) {
    close();
    return out;
  }
  held_.erase(0, emitted.size());
  emitted_ += emitted.size();
  while (!waiting_.empty() && waiting_.front().end <= emitted_) {
    waiting_bytes_ -= waiting_.front().bytes;
    for (auto& entry : waiting_.front().entries) out.push_back(std::move(entry));
    waiting_.pop_front();
  }
  return out;
}

}  // namespace gatehouse::models
