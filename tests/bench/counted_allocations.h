#pragma once

#include <cstdint>

namespace fuju::bench {

// Calls of operator new by this thread since it began. Counting costs an addition to a number of
// the thread itself, in every process of the benchmark.
int64_t AllocationsOfThisThread();

}  // namespace fuju::bench
