#include "chat/active_streams.h"

#include <boost/asio/post.hpp>

namespace gatehouse::chat {

/// Somebody who waits for more, on a reactor of its own.
struct ActiveStream::Reader {
  explicit Reader(Executor executor) : reactor(executor), timer(executor) {}

  Executor reactor;
  Timer timer;
};

ActiveStream::ActiveStream(Executor reactor, std::function<void()> stop, bool keeps_content)
    : reactor_(reactor), stop_(std::move(stop)), keeps_content_(keeps_content) {}

void ActiveStream::wake_all() {
  for (auto& reader : std::exchange(readers_, {}))
    asio::post(reader->reactor, [reader] { reader->timer.cancel(); });
}

void ActiveStream::append(std::string_view frames) {
  std::lock_guard lock(mutex_);
  if (!keeps_content_ || overflowed_) return;
  if (frames_.size() + frames.size() > kMost) {
    overflowed_ = true;
    frames_ = {};
  } else {
    frames_ += frames;
  }
  wake_all();
}

void ActiveStream::finish() {
  std::lock_guard lock(mutex_);
  finished_ = true;
  stop_ = nullptr;
  wake_all();
}

void ActiveStream::stop() {
  std::lock_guard lock(mutex_);
  stop_requested_ = true;
  if (!stop_) return;
  // Called where the stream is made, and only if it is still being made then.
  asio::post(reactor_, [self = shared_from_this()] {
    std::function<void()> stop;
    {
      std::lock_guard again(self->mutex_);
      stop = self->stop_;
    }
    if (stop) stop();
  });
}

bool ActiveStream::stop_requested() const {
  std::lock_guard lock(mutex_);
  return stop_requested_;
}

bool ActiveStream::resumable() const {
  std::lock_guard lock(mutex_);
  return keeps_content_ && !overflowed_;
}

Task<std::optional<std::string>> ActiveStream::read(std::size_t from, std::chrono::milliseconds patience) {
  auto reader = std::make_shared<Reader>(co_await asio::this_coro::executor);
  {
    std::lock_guard lock(mutex_);
    if (!keeps_content_ || overflowed_) co_return std::nullopt;
    if (from < frames_.size()) co_return frames_.substr(from);
    if (finished_) co_return std::nullopt;
    // Armed before it can be found: a wake-up that comes at once cancels a timer that waits.
    reader->timer.expires_after(patience);
    readers_.push_back(reader);
  }
  co_await reader->timer.async_wait(use_result);
  std::lock_guard lock(mutex_);
  std::erase(readers_, reader);
  if (overflowed_) co_return std::nullopt;
  if (from < frames_.size()) co_return frames_.substr(from);
  if (finished_) co_return std::nullopt;
  co_return std::string();
}

std::unique_ptr<ActiveStreams::Place> ActiveStreams::enter(OrganizationId organization, ChatId chat,
                                                           Executor reactor, std::function<void()> stop,
                                                           bool keeps_content) {
  auto stream = std::make_shared<ActiveStream>(reactor, std::move(stop), keeps_content);
  {
    std::lock_guard lock(mutex_);
    if (!streams_.emplace(Key{organization, chat}, stream).second) return nullptr;
  }
  return std::make_unique<Place>(*this, organization, chat, std::move(stream));
}

void ActiveStreams::Place::leave() {
  if (std::exchange(left_, true)) return;
  {
    std::lock_guard lock(streams_.mutex_);
    streams_.streams_.erase({organization_, chat_});
  }
  stream_->finish();
}

std::shared_ptr<ActiveStream> ActiveStreams::find(OrganizationId organization, ChatId chat) const {
  std::lock_guard lock(mutex_);
  auto found = streams_.find({organization, chat});
  return found == streams_.end() ? nullptr : found->second;
}

}  // namespace gatehouse::chat
