// How a process's database connections are shared out between its reactors and regions.
#pragma once

#include <cstddef>

namespace gatehouse::server {

struct ConnectionBudget {
  std::size_t reactors;
  // Sizes of one reactor's pools in one region, none of them empty.
  std::size_t app, platform, audit;

  /// The fewest connections on which so many reactors can serve so many regions.
  static std::size_t least(std::size_t regions, std::size_t reactors);
  /// One reactor a processor, or as many as `connections` carry. `threads`: just so many; 0: choose.
  /// Throws Failure, naming the keys, if they do not carry that many, or not even one.
  static ConnectionBudget of(std::size_t connections, std::size_t regions, std::size_t threads,
                             std::size_t processors);
};

}  // namespace gatehouse::server
