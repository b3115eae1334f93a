// Starting a program as another user, bound to our life. For the private PostgreSQL cluster alone.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gatehouse::pg {

struct SystemUser {
  uid_t uid;
  gid_t gid;
};

/// The named user if we are root, else ourselves. Throws Failure if there is no such user.
SystemUser unprivileged_user(const std::string& name);

/// Forks and executes `arguments[0]` as `user`, in its own process group, with a minimal environment, no
/// inherited descriptors, output appended to `log`. If `dies_with_us`, it gets SIGINT when the calling thread
/// ends.
pid_t spawn(const std::vector<std::string>& arguments, SystemUser user, const std::filesystem::path& log,
            bool dies_with_us);

/// Whose current directory is `directory`: a postmaster and all its children stand in their data directory.
std::vector<pid_t> processes_in(const std::filesystem::path& directory);

}  // namespace gatehouse::pg
