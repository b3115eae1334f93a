#include "base/log_writer.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"

namespace gatehouse::log {

Writer::Writer(const std::string& path) : file_(STDERR_FILENO), owned_(!path.empty()) {
  if (owned_) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (file_ < 0) throw Failure("cannot open the log file " + path);
  }
  // Signals are for the threads that wait for them; one that came here would end the process.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Writer::~Writer() {
  {
    std::lock_guard lock(waiting_mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
  flush();
  if (owned_) ::close(file_);
}

void Writer::add(std::string_view line) {
  std::lock_guard lock(waiting_mutex_);
  if (waiting_.size() + line.size() > kMost) {
    ++dropped_;
    return;
  }
  waiting_.append(line).push_back('\n');
}

void Writer::flush() {
  std::lock_guard lock(file_mutex_);
  std::uint64_t dropped = 0;
  {
    std::lock_guard waiting_lock(waiting_mutex_);
    writing_.swap(waiting_);
    std::swap(dropped, dropped_);
  }
  if (dropped > 0)
    fmt::format_to(std::back_inserter(writing_),
                   "{{\"level\":\"warn\",\"event\":\"log.dropped\",\"lines\":{}}}\n", dropped);
  write_all(writing_);
  writing_.clear();
}

// What the disk refuses is lost: there is nowhere to say so.
void Writer::write_all(std::string_view text) {
  while (!text.empty()) {
    auto n = ::write(file_, text.data(), text.size());
    if (n > 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      return;
  }
}

void Writer::run() {
  pthread_setname_np(pthread_self(), "gh-log");
  std::unique_lock lock(waiting_mutex_);
  while (!stopping_) {
    stop_.wait_for(lock, kPause);
    if (waiting_.empty() && dropped_ == 0) continue;
    lock.unlock();
    flush();
    lock.lock();
  }
}

}  // namespace gatehouse::log
