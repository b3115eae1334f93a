#include "base/metrics.h"

#include <map>
#include <memory>
#include <mutex>
#include <variant>

#include <fmt/format.h>

namespace gatehouse::metrics {
namespace {

using Metric = std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;

struct Family {
  std::string help;
  std::string_view type;
  std::map<std::string, Metric> series;  // by rendered labels
};

struct Registry {
  std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

std::string render_labels(Labels labels) {
  std::string text;
  for (auto& [key, value] : labels) {
    if (!text.empty()) text += ',';
    text += fmt::format("{}=\"", key);
    for (char c : value) {
      if (c == '\\' || c == '"') text += '\\';
      if (c == '\n') {
        text += "\\n";
        continue;
      }
      text += c;
    }
    text += '"';
  }
  return text;
}

template <class T>
T& find_or_make(std::string_view name, std::string_view help, std::string_view type, Labels labels) {
  auto& all = registry();
  std::lock_guard lock(all.mutex);
  auto& family = all.families[std::string(name)];
  if (family.type.empty()) {
    family.help = help;
    family.type = type;
  }
  auto [it, fresh] = family.series.try_emplace(render_labels(labels));
  if (fresh) it->second = std::make_unique<T>();
  return *std::get<std::unique_ptr<T>>(it->second);
}

std::string braces(const std::string& labels, const std::string& extra = {}) {
  if (labels.empty() && extra.empty()) return {};
  return "{" + labels + (labels.empty() || extra.empty() ? "" : ",") + extra + "}";
}

}  // namespace

void Histogram::observe(double seconds) {
  std::size_t i = 0;
  while (i < kBounds.size() && seconds > kBounds[i]) ++i;
  buckets_[i].fetch_add(1, std::memory_order_relaxed);
  sum_nanos_.fetch_add(static_cast<std::uint64_t>(seconds * 1e9), std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const {
  std::uint64_t total = 0;
  for (auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
  return total;
}

Counter& counter(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Counter>(name, help, "counter", labels);
}
Gauge& gauge(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Gauge>(name, help, "gauge", labels);
}
Histogram& histogram(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Histogram>(name, help, "histogram", labels);
}

std::string render() {
  auto& all = registry();
  std::lock_guard lock(all.mutex);
  std::string out;
  for (auto& [name, family] : all.families) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
    for (auto& [labels, metric] : family.series) {
      if (auto* counter = std::get_if<std::unique_ptr<Counter>>(&metric)) {
        out += fmt::format("{}{} {}\n", name, braces(labels), (*counter)->value());
      } else if (auto* gauge = std::get_if<std::unique_ptr<Gauge>>(&metric)) {
        out += fmt::format("{}{} {}\n", name, braces(labels), (*gauge)->value());
      } else {
        auto& histogram = *std::get<std::unique_ptr<Histogram>>(metric);
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < Histogram::kBounds.size(); ++i) {
          total += histogram.buckets_[i].load(std::memory_order_relaxed);
          out += fmt::format("{}_bucket{} {}\n", name,
                             braces(labels, fmt::format("le=\"{}\"", Histogram::kBounds[i])), total);
        }
        total += histogram.buckets_.back().load(std::memory_order_relaxed);
        out += fmt::format("{}_bucket{} {}\n", name, braces(labels, "le=\"+Inf\""), total);
        out += fmt::format("{}_sum{} {}\n", name, braces(labels),
                           static_cast<double>(histogram.sum_nanos_.load(std::memory_order_relaxed)) / 1e9);
        out += fmt::format("{}_count{} {}\n", name, braces(labels), total);
      }
    }
  }
  return out;
}

}  // namespace gatehouse::metrics
