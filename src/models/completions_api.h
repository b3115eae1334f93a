// `/v1`: what the official OpenAI SDKs speak.
#pragma once

#include "access/operations.h"
#include "models/gateway.h"

namespace gatehouse::models {

/// `POST /v1/chat/completions`, `GET /v1/models`.
void add_completion_operations(access::Operations&, Gateway&);

}  // namespace gatehouse::models
