#include "simulation/seeds.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>

namespace fuju::simulation {

Tally PlaySeeds(const std::vector<std::unique_ptr<Commons>>& commons, uint64_t first,
                uint64_t count) {
  std::atomic<uint64_t> next = first;
  std::atomic<uint64_t> failed = std::numeric_limits<uint64_t>::max();
  std::vector<Tally> tallies(commons.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < commons.size(); ++i) {
    threads.emplace_back([&, i] {
      Tally& tally = tallies[i];
      for (;;) {
        const uint64_t seed = next++;
        // Every seed below a failed one is still played.
        if (seed >= first + count || seed > failed) return;
        const Outcome outcome = RunSeed(commons[i].get(), seed);
        ++tally.runs;
        tally.steps += outcome.steps;
        for (const auto& [end, times] : outcome.ends) tally.ends[end] += times;
        if (outcome.broken.empty()) continue;
        uint64_t lowest = failed;
        while (seed < lowest && !failed.compare_exchange_weak(lowest, seed)) {
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  Tally all;
  for (const Tally& tally : tallies) {
    all.runs += tally.runs;
    all.steps += tally.steps;
    for (const auto& [end, times] : tally.ends) all.ends[end] += times;
  }
  if (failed != std::numeric_limits<uint64_t>::max()) all.failed = failed;
  return all;
}

}  // namespace fuju::simulation
