#include "pg/child_process.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <climits>

#include "base/error.h"

namespace gatehouse::pg {

SystemUser unprivileged_user(const std::string& name) {
  if (geteuid() != 0) return {geteuid(), getegid()};
  const passwd* entry = getpwnam(name.c_str());
  if (!entry) throw Failure("PostgreSQL does not run as root, and there is no system user " + name);
  return {entry->pw_uid, entry->pw_gid};
}

pid_t spawn(const std::vector<std::string>& arguments, SystemUser user, const std::filesystem::path& log,
            bool dies_with_us) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const char* environment[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC", nullptr};
  std::string log_path = log.string();
  pid_t parent = getpid();
  bool drop = geteuid() == 0;

  pid_t pid = fork();
  if (pid < 0) throw Failure(std::string("fork: ") + std::strerror(errno));
  if (pid > 0) return pid;

  // Only async-signal-safe calls from here: other threads may have held locks.
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  int in = open("/dev/null", O_RDONLY);
  int out = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(126);
  close_range(3, UINT_MAX, 0);
  if (drop && (setgroups(1, &user.gid) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0)) _exit(126);
  // After setuid, which clears it; the parent may have died before it was set.
  if (dies_with_us && (prctl(PR_SET_PDEATHSIG, SIGINT) != 0 || getppid() != parent)) _exit(126);
  execve(argv[0], argv.data(), const_cast<char* const*>(environment));
  _exit(127);
}

std::vector<pid_t> processes_in(const std::filesystem::path& directory) {
  std::vector<pid_t> found;
  std::error_code ignored;
  auto wanted = std::filesystem::canonical(directory, ignored);
  for (auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    auto name = entry.path().filename().string();
    pid_t pid = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc{} || end != name.data() + name.size()) continue;
    auto at = std::filesystem::read_symlink(entry.path() / "cwd", ignored);
    if (!ignored && at == wanted) found.push_back(pid);
  }
  return found;
}

}  // namespace gatehouse::pg
