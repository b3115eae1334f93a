// The operations of this folder: `/api/chats` and what is below it.
#pragma once

#include "access/operations.h"
#include "chat/chats.h"
#include "models/gateway.h"

namespace gatehouse::chat {

/// Once at start; `gateway` and `chats` outlive the operations.
void add_operations(access::Operations&, models::Gateway& gateway, Chats& chats);

}  // namespace gatehouse::chat
