// How much the servers of one process take on together: connections in all, connections of one client, and
// bytes of bodies that are being received. Shared by all reactors: thread-safe, without locks, bounded.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace gatehouse::http {

class Admission : public std::enable_shared_from_this<Admission> {
 public:
  struct Bounds {
    std::size_t connections = 10'000;
    /// Of one client: an IPv4 address, or an IPv6 /64, which is what one subscriber has.
    std::size_t connections_per_client = 2'500;
    /// Of bodies larger than what comes with their head, from their first byte until the handler takes them.
    std::size_t body_bytes = 256 << 20;
  };

  /// A connection's place, given back when it dies.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : of_(std::move(other.of_)), client_(std::exchange(other.client_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class Admission;
    Place(std::shared_ptr<Admission> of, std::atomic<std::uint32_t>* client)
        : of_(std::move(of)), client_(client) {}
    std::shared_ptr<Admission> of_;
    std::atomic<std::uint32_t>* client_ = nullptr;
  };

  static std::shared_ptr<Admission> make(Bounds bounds) { return std::make_shared<Admission>(bounds); }
  explicit Admission(Bounds);

  /// Nothing if the process, or this client, has as many as it may. A proxy speaks for many clients and
  /// counts in the total alone.
  std::optional<Place> enter(const boost::asio::ip::address& peer, bool is_proxy);

  /// False, and nothing reserved, if it would be too much.
  bool reserve_body(std::size_t bytes);
  void release_body(std::size_t bytes);

 private:
  // A client is counted where its keyed hash falls. Two may share a slot; nobody outside can tell who does,
  // and to fill one slot takes connections_per_client of them.
  static constexpr std::size_t kSlots = 1 << 15;

  const Bounds bounds_;
  const std::uint64_t key_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> body_bytes_{0};
  std::array<std::atomic<std::uint32_t>, kSlots> clients_{};
};

}  // namespace gatehouse::http
