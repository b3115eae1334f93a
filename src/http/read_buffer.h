// A flat buffer for bytes that were received and not yet understood. Small until it must be larger.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>

namespace gatehouse::http {

class ReadBuffer {
 public:
  static constexpr std::size_t kInitial = 4 * 1024;

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  /// Room for at least one byte, more as it comes; moves and so invalidates views. Doubles when full: the
  /// caller bounds size() before asking.
  boost::asio::mutable_buffer prepare() {
    if (empty()) begin_ = end_ = 0;
    if (!data_) {
      resize(kInitial);
    } else if (begin_ > 0 && end_ == capacity_) {
      std::memmove(data_.get(), data_.get() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_) resize(capacity_ * 2);
    return {data_.get() + end_, capacity_ - end_};
  }
  /// Makes the next prepare() give at least so much, if nothing is held.
  void reserve(std::size_t capacity) {
    if (empty() && capacity_ < capacity) resize(capacity);
  }
  void commit(std::size_t n) { end_ += n; }
  void consume(std::size_t n) { begin_ += std::min(n, size()); }

  /// Gives memory back when nothing is held; all of it, or all beyond the initial size.
  void release() {
    if (!empty()) return;
    data_.reset();
    begin_ = end_ = capacity_ = 0;
  }
  void shrink() {
    if (capacity_ > kInitial) release();
  }

 private:
  void resize(std::size_t capacity) {
    auto grown = std::make_unique_for_overwrite<char[]>(capacity);
    std::size_t held = size();
    if (held > 0) std::memcpy(grown.get(), data_.get() + begin_, held);
    data_ = std::move(grown);
    begin_ = 0;
    end_ = held;
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace gatehouse::http
