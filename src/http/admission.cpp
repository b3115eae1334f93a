#include "http/admission.h"

#include <random>

#include "http/address.h"

namespace gatehouse::http {
namespace {

std::uint64_t random_key() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

template <class Number>
bool take(std::atomic<Number>& counter, Number amount, std::size_t most) {
  Number now = counter.load(std::memory_order_relaxed);
  do {
    if (now + amount > most) return false;
  } while (!counter.compare_exchange_weak(now, now + amount, std::memory_order_relaxed));
  return true;
}

}  // namespace

Admission::Place::~Place() {
  if (!of_) return;
  of_->connections_.fetch_sub(1, std::memory_order_relaxed);
  if (client_ != nullptr) client_->fetch_sub(1, std::memory_order_relaxed);
}

Admission::Admission(Bounds bounds) : bounds_(bounds), key_(random_key()) {}

std::optional<Admission::Place> Admission::enter(const boost::asio::ip::address& peer, bool is_proxy) {
  if (!take(connections_, std::size_t{1}, bounds_.connections)) return std::nullopt;
  if (is_proxy) return Place(shared_from_this(), nullptr);
  auto& client = clients_[hash_of_client(peer, key_) % kSlots];
  if (!take(client, std::uint32_t{1}, bounds_.connections_per_client)) {
    connections_.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return Place(shared_from_this(), &client);
}

bool Admission::reserve_body(std::size_t bytes) {
  return take(body_bytes_, bytes, bounds_.body_bytes);
}

void Admission::release_body(std::size_t bytes) {
  body_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
}

}  // namespace gatehouse::http
