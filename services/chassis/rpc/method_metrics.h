#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include <google/protobuf/descriptor.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace fuju::chassis {

// Metrics of one RPC method. Its handles are kept: prometheus' Family::Add is slow. Thread-safe.
class MethodMetrics {
 public:
  // `uploading`: the client sends a stream.
  MethodMetrics(std::string method, bool streaming, bool uploading,
                prometheus::Family<prometheus::Counter>* handled,
                prometheus::Family<prometheus::Histogram>* seconds);

  // "fuju.applications.v1.ApplicationsService/SubmitApplication".
  const std::string& method() const { return method_; }
  bool streaming() const { return seconds_ == nullptr; }
  bool uploading() const { return uploading_; }

  void Count(absl::StatusCode code, absl::Duration taken);

 private:
  static constexpr int kCodes = 17;

  const std::string method_;
  const bool uploading_;
  prometheus::Family<prometheus::Counter>* const handled_;
  prometheus::Histogram* const seconds_;
  // Made at first use, so that codes a method never answers have no series.
  std::array<std::atomic<prometheus::Counter*>, kCodes> by_code_{};
};

// The methods of a server, found by the type of their request. Thread-safe.
class MethodTable {
 public:
  explicit MethodTable(prometheus::Registry& registry);

  // Never null. Looks through the services of the file that defines the request.
  MethodMetrics* Find(const google::protobuf::Descriptor* request);
  // Null if no call of it was seen.
  MethodMetrics* Find(const std::string& method);

 private:
  prometheus::Family<prometheus::Counter>* const handled_;
  prometheus::Family<prometheus::Histogram>* const seconds_;
  absl::Mutex mutex_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MethodMetrics>>
      by_request_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, MethodMetrics*> by_name_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
