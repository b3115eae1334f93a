// Where log lines go; internal to base/. Lines gather in memory and a thread of its own writes them, so that
// no reactor waits for a disk or for whoever reads the pipe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace gatehouse::log {

/// Thread-safe. Never throws but on construction.
class Writer {
 public:
  /// `path` empty: standard error. Throws Failure if it cannot be opened.
  explicit Writer(const std::string& path);
  /// Writes what is left.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Adds a line to what is written within kPause. Dropped, and counted, if kMost bytes wait already.
  void add(std::string_view line);
  /// Returns when all that was added is written.
  void flush();

 private:
  static constexpr std::chrono::milliseconds kPause{100};
  static constexpr std::size_t kMost = 8 << 20;

  void run();
  void write_all(std::string_view text);

  int file_;
  bool owned_;
  std::mutex waiting_mutex_;  // held for the copy of one line
  std::string waiting_;
  std::uint64_t dropped_ = 0;
  bool stopping_ = false;
  std::condition_variable stop_;
  std::mutex file_mutex_;  // held while the file is written
  std::string writing_;
  std::thread thread_;
};

}  // namespace gatehouse::log
