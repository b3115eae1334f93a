// Channels over one ledger.
#include "policy/stream.h"

#include "policy/channel.h"
#include "policy/ledger.h"

namespace gatehouse::policy {
namespace {

Subject as_response(Subject subject) {
  subject.direction = Direction::response;
  return subject;
}

/// An error while evaluating means block.
template <class Step>
std::string guarded(Ledger& ledger, Step step) {
  try {
    return step();
  } catch (const std::exception&) {
    ledger.block_because("evaluation error");
    return {};
  }
}

}  // namespace

StreamFilter::StreamFilter(std::shared_ptr<const RuleSet> rules, const Subject& subject, Encoding encoding,
                           Numbering numbering)
    : ledger_(std::make_unique<Ledger>(std::move(rules), as_response(subject), std::move(numbering))),
      channel_(std::make_unique<Channel>(*ledger_, encoding)) {}
StreamFilter::~StreamFilter() = default;
StreamFilter::StreamFilter(StreamFilter&&) noexcept = default;

std::string StreamFilter::push(std::string_view chunk) {
  return guarded(*ledger_, [&] { return channel_->push(chunk); });
}
std::string StreamFilter::finish() {
  return guarded(*ledger_, [&] { return channel_->finish(); });
}
bool StreamFilter::blocked() const {
  return ledger_->blocks();
}
Decision StreamFilter::decision() const {
  return ledger_->decision();
}

ResponseFilter::ResponseFilter(std::shared_ptr<const RuleSet> rules, const Subject& subject,
                               Numbering numbering)
    : ledger_(std::make_unique<Ledger>(std::move(rules), as_response(subject), std::move(numbering))) {}
ResponseFilter::~ResponseFilter() = default;
ResponseFilter::ResponseFilter(ResponseFilter&&) noexcept = default;

std::string ResponseFilter::push(ChannelKey key, std::string_view chunk) {
  return guarded(*ledger_, [&] {
    auto& channel = channels_[key];
    if (!channel) {
      const bool source = key.kind == ChannelKey::Kind::tool_arguments;
      channel = std::make_unique<Channel>(*ledger_, source ? Encoding::json_source : Encoding::plain);
    }
    const std::size_t held = channel->held_bytes();
    std::string out = channel->push(chunk);
    held_bytes_ = held_bytes_ - held + channel->held_bytes();
    return out;
  });
}

std::string ResponseFilter::finish(ChannelKey key) {
  const auto place = channels_.find(key);
  if (place == channels_.end()) return {};
  held_bytes_ -= place->second->held_bytes();
  std::string rest = guarded(*ledger_, [&] { return place->second->finish(); });
  channels_.erase(place);
  return rest;
}

std::vector<std::pair<ChannelKey, std::string>> ResponseFilter::finish_all() {
  std::vector<std::pair<ChannelKey, std::string>> rests;
  while (!channels_.empty()) {
    const ChannelKey key = channels_.begin()->first;
    if (std::string rest = finish(key); !rest.empty()) rests.emplace_back(key, std::move(rest));
  }
  return rests;
}

Numbering ResponseFilter::take_numbering() {
  return ledger_->take_numbering();
}
void ResponseFilter::keep_numbering(Numbering numbering) {
  ledger_->keep_numbering(std::move(numbering));
}

bool ResponseFilter::blocked() const {
  return ledger_->blocks();
}
Decision ResponseFilter::decision() const {
  return ledger_->decision();
}

}  // namespace gatehouse::policy
