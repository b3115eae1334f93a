// gzip and brotli, and the choice between them.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace gatehouse::http {

enum class Coding { identity, gzip, brotli };

/// The best coding that `accept_encoding` allows (q-values honoured), brotli before gzip.
Coding negotiate_coding(std::string_view accept_encoding);
/// Level 1 (fast) to 9.
std::string gzip(std::string_view, int level);
/// Quality 0 (fast) to 11 (slow).
std::string brotli(std::string_view, int quality);

/// Compresses a text body above 1 KiB as the client accepts and sets `content-encoding` and `vary`. Leaves
/// alone what has a coding already, what is no text, and streams. Do not call it for an answer that shows a
/// secret beside something that the client chose (BREACH).
void compress(const Request&, Response&);

}  // namespace gatehouse::http
