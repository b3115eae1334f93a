#include "mail/smtp.h"

#include <algorithm>
#include <cstring>

#include <curl/curl.h>
#include <fmt/format.h>

namespace gatehouse::mail {
namespace {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Failure("libcurl failed to start");
}

struct Upload {
  const std::string& text;
  std::size_t sent = 0;
};

std::size_t read_upload(char* out, std::size_t size, std::size_t count, void* from) {
  auto& upload = *static_cast<Upload*>(from);
  auto length = std::min(size * count, upload.text.size() - upload.sent);
  std::memcpy(out, upload.text.data() + upload.sent, length);
  upload.sent += length;
  return length;
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) throw Failure("libcurl refuses an option");
}

}  // namespace

std::expected<void, SmtpRefusal> deliver(const SmtpOptions& options, const std::string& from,
                                         const std::string& to, const std::string& message) {
  start_curl();
  std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (!handle) throw Failure("libcurl gives no handle");
  std::unique_ptr<curl_slist, FreeList> recipients(
      curl_slist_append(nullptr, fmt::format("<{}>", to).c_str()));
  Upload upload{message};
  set(handle.get(), CURLOPT_URL, options.url.c_str());
  set(handle.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(handle.get(), CURLOPT_NOSIGNAL, 1L);
  set(handle.get(), CURLOPT_PROXY, "");
  set(handle.get(), CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::chrono::milliseconds(options.deadline).count()));
  set(handle.get(), CURLOPT_USE_SSL,
      static_cast<long>(options.requires_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  set(handle.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(handle.get(), CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.username.empty()) set(handle.get(), CURLOPT_USERNAME, options.username.c_str());
  if (options.password) set(handle.get(), CURLOPT_PASSWORD, std::string(options.password->reveal()).c_str());
  set(handle.get(), CURLOPT_MAIL_FROM, fmt::format("<{}>", from).c_str());
  set(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
  set(handle.get(), CURLOPT_UPLOAD, 1L);
  set(handle.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  set(handle.get(), CURLOPT_READFUNCTION, &read_upload);
  set(handle.get(), CURLOPT_READDATA, static_cast<void*>(&upload));
  auto result = curl_easy_perform(handle.get());
  if (result == CURLE_OK) return {};
  long answer = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
  // What a server says may name the address; its number does not.
  bool is_about_message =
      result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY || result == CURLE_RECV_ERROR;
  return std::unexpected(SmtpRefusal{.reason = fmt::format("{} ({})", curl_easy_strerror(result), answer),
                                     .is_final = is_about_message && answer >= 500 && answer < 600});
}

}  // namespace gatehouse::mail
