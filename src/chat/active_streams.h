// The answers that are being streamed: at most one a chat, found from every reactor, to be resumed and
// stopped.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/task.h"
#include "domain/ids.h"

namespace gatehouse::chat {

/// One answer under way. Written by the reactor that makes it, read by any. Thread-safe.
class ActiveStream : public std::enable_shared_from_this<ActiveStream> {
 public:
  /// `stop` is called on `reactor`. `keeps_content` false: nothing that was streamed is kept, and there is
  /// nothing to resume.
  ActiveStream(Executor reactor, std::function<void()> stop, bool keeps_content);

  /// Frames as they went to the browser. Beyond kMost bytes the stream cannot be resumed any more, and
  /// what was kept is dropped.
  void append(std::string_view frames);
  /// No more frames will come.
  void finish();
  /// Ends the generation; the answer keeps what it had. Harmless when it is over.
  void stop();
  bool stop_requested() const;
  /// False: metadata_only, or too long.
  bool resumable() const;

  /// What stands from byte `from` on; waits for more if there is none yet, at most `patience`, then gives an
  /// empty text. Nothing: the stream is over and read, or cannot be resumed.
  Task<std::optional<std::string>> read(std::size_t from, std::chrono::milliseconds patience);

  static constexpr std::size_t kMost = 4 << 20;

 private:
  struct Reader;
  void wake_all();

  mutable std::mutex mutex_;
  Executor reactor_;
  std::function<void()> stop_;
  bool keeps_content_;
  bool overflowed_ = false;
  bool finished_ = false;
  bool stop_requested_ = false;
  std::string frames_;
  std::vector<std::shared_ptr<Reader>> readers_;
};

class ActiveStreams {
 public:
  /// A chat's place among them, for as long as its answer is made.
  class Place {
   public:
    Place(ActiveStreams& streams, OrganizationId organization, ChatId chat,
          std::shared_ptr<ActiveStream> stream)
        : streams_(streams), organization_(organization), chat_(chat), stream_(std::move(stream)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { leave(); }

    ActiveStream& stream() const { return *stream_; }
    /// No more frames will come, and the chat is free for the next answer. Who reads reads to the end. Again:
    /// nothing.
    void leave();

   private:
    ActiveStreams& streams_;
    OrganizationId organization_;
    ChatId chat_;
    std::shared_ptr<ActiveStream> stream_;
    bool left_ = false;
  };

  /// Null if the chat streams already.
  std::unique_ptr<Place> enter(OrganizationId, ChatId, Executor reactor, std::function<void()> stop,
                               bool keeps_content);
  /// Null if there is none.
  std::shared_ptr<ActiveStream> find(OrganizationId, ChatId) const;

 private:
  struct Key {
    OrganizationId organization;
    ChatId chat;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept { return std::hash<ChatId>{}(key.chat); }
  };
  mutable std::mutex mutex_;
  std::unordered_map<Key, std::shared_ptr<ActiveStream>, Hash> streams_;
};

}  // namespace gatehouse::chat
