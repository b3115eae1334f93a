// What the chats of a process share: the streams that are under way.
#pragma once

#include <memory>

#include "chat/active_streams.h"

namespace gatehouse::chat {

/// One a process. Thread-safe.
class Chats {
 public:
  ActiveStreams& streams() { return streams_; }

 private:
  ActiveStreams streams_;
};

}  // namespace gatehouse::chat
