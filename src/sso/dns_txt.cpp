#include "sso/dns_txt.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <array>
#include <charconv>
#include <cstring>
#include <netdb.h>
#include <resolv.h>

namespace gatehouse::sso {
namespace {

constexpr int kMostRecords = 200;
constexpr std::size_t kLargestAnswer = 65'535;

/// A resolver's state of one call, closed with it.
class Resolver {
 public:
  Resolver() {
    std::memset(&state_, 0, sizeof state_);
    ready_ = res_ninit(&state_) == 0;
    state_.retrans = 2;
    state_.retry = 2;
  }
  ~Resolver() {
    if (ready_) res_nclose(&state_);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  bool ready() const { return ready_; }
  void ask(const DnsServer& server) {
    state_.nscount = 1;
    state_.nsaddr_list[0] = {};
    state_.nsaddr_list[0].sin_family = AF_INET;
    state_.nsaddr_list[0].sin_port = htons(server.port);
    state_.nsaddr_list[0].sin_addr.s_addr = htonl(server.address.to_uint());
  }
  /// The answer's size, or -1.
  int query(const std::string& name, std::span<std::uint8_t> answer) {
    return res_nquery(&state_, name.c_str(), ns_c_in, ns_t_txt, answer.data(),
                      static_cast<int>(answer.size()));
  }
  bool is_absent() const { return state_.res_h_errno == HOST_NOT_FOUND || state_.res_h_errno == NO_DATA; }

 private:
  struct __res_state state_;
  bool ready_ = false;
};

}  // namespace

std::optional<DnsServer> DnsServer::parse(std::string_view text) {
  DnsServer server;
  auto colon = text.find(':');
  boost::system::error_code failed;
  server.address = boost::asio::ip::make_address_v4(text.substr(0, colon), failed);
  if (failed) return std::nullopt;
  if (colon == text.npos) return server;
  auto digits = text.substr(colon + 1);
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
  if (error != std::errc{} || end != digits.data() + digits.size() || server.port == 0) return std::nullopt;
  return server;
}

std::optional<std::vector<std::string>> read_txt_answer(std::span<const std::uint8_t> answer) {
  ns_msg message;
  if (ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0) return std::nullopt;
  std::vector<std::string> records;
  const int count = std::min<int>(ns_msg_count(message, ns_s_an), kMostRecords);
  for (int i = 0; i < count; ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return std::nullopt;
    if (ns_rr_type(record) != ns_t_txt) continue;  // a CNAME on the way
    std::span<const std::uint8_t> data(ns_rr_rdata(record), ns_rr_rdlen(record));
    std::string text;
    while (!data.empty()) {
      std::size_t size = data[0];
      if (size >= data.size()) return std::nullopt;
      text.append(reinterpret_cast<const char*>(data.data()) + 1, size);
      data = data.subspan(1 + size);
    }
    records.push_back(std::move(text));
  }
  return records;
}

Result<std::vector<std::string>> look_up_txt(const std::string& name, std::optional<DnsServer> server) {
  auto unreachable = [] { return fail(ErrorCode::upstream_failed, "No DNS server answered"); };
  Resolver resolver;
  if (!resolver.ready()) return unreachable();
  if (server) resolver.ask(*server);
  std::vector<std::uint8_t> answer(kLargestAnswer);
  int size = resolver.query(name, answer);
  if (size < 0) {
    if (resolver.is_absent()) return std::vector<std::string>{};
    return unreachable();
  }
  auto records = read_txt_answer(std::span(answer).first(static_cast<std::size_t>(size)));
  if (!records) return unreachable();
  return std::move(*records);
}

}  // namespace gatehouse::sso
