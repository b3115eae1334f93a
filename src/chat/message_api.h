// Messages of a chat: send and stream the answer, resume a stream, stop it.
#pragma once

#include "access/operations.h"
#include "chat/chats.h"
#include "models/gateway.h"

namespace gatehouse::chat {

void add_message_operations(access::Operations&, models::Gateway&, Chats&);

}  // namespace gatehouse::chat
