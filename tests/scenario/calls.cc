#include "scenario/calls.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_format.h"

namespace fuju::scenario {

void Calls::Measure(const char* method, absl::Duration took, grpc::StatusCode code) {
  absl::MutexLock lock(&mutex_);
  Samples& samples = samples_[method];
  samples.ms.push_back(static_cast<float>(absl::ToDoubleMilliseconds(took)));
  if (fuju::chassis::IsRepeatable(code)) ++samples.repeated;
}

std::map<std::string, Calls::Latency> Calls::Latencies() const {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, Latency> result;
  for (const auto& [method, samples] : samples_) {
    std::vector<float> sorted = samples.ms;
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](double share) {
      return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
    };
    result[method] = {.calls = static_cast<int64_t>(sorted.size()),
                      .repeated = samples.repeated,
                      .p50_ms = at(0.5),
                      .p99_ms = at(0.99),
                      .max_ms = sorted.back()};
  }
  return result;
}

std::string NewRequestId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return absl::StrFormat("%016x%016x", random(), random());
}

}  // namespace fuju::scenario
