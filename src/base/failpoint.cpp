#include "base/failpoint.h"

#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

#include "base/error.h"

namespace gatehouse::failpoint {
namespace {

struct Point {
  std::string action;
  int passes_left = 1;
};

struct Points {
  std::mutex mutex;
  std::map<std::string, Point, std::less<>> by_name;

  Points() {
    const char* text = std::getenv("GATEHOUSE_FAILPOINTS");
    std::string_view rest = text ? text : "";
    while (!rest.empty()) {
      auto entry = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
      auto equals = entry.find('=');
      if (equals == std::string_view::npos) continue;
      auto action = entry.substr(equals + 1);
      Point point;
      if (auto colon = action.find(':'); colon != std::string_view::npos) {
        point.passes_left = std::atoi(std::string(action.substr(colon + 1)).c_str());
        action = action.substr(0, colon);
      }
      point.action = action;
      by_name.emplace(entry.substr(0, equals), std::move(point));
    }
  }
};

}  // namespace

void hit(std::string_view name) {
  static Points points;
  if (points.by_name.empty()) return;
  std::lock_guard lock(points.mutex);
  auto it = points.by_name.find(name);
  if (it == points.by_name.end() || --it->second.passes_left > 0) return;
  if (it->second.action == "kill") std::raise(SIGKILL);
  if (it->second.action == "throw") throw Failure("failpoint " + std::string(name));
}

}  // namespace gatehouse::failpoint
