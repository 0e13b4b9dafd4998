#include "chassis/rpc/method_metrics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fuju::chassis {
namespace {

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto* const buckets = new prometheus::Histogram::BucketBoundaries{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return *buckets;
}

}  // namespace

MethodMetrics::MethodMetrics(std::string method, bool streaming, bool uploading,
                             prometheus::Family<prometheus::Counter>* handled,
                             prometheus::Family<prometheus::Histogram>* seconds)
    : method_(std::move(method)),
      uploading_(uploading),
      handled_(handled),
      seconds_(streaming ? nullptr : &seconds->Add({{"method", method_}}, Buckets())) {}

void MethodMetrics::Count(absl::StatusCode code, absl::Duration taken) {
  const auto index = std::min<size_t>(static_cast<size_t>(code), kCodes - 1);
  prometheus::Counter* counter = by_code_[index].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Two threads may come here at once: Add gives both the same counter.
    counter = &handled_->Add({{"method", method_}, {"code", absl::StatusCodeToString(code)}});
    by_code_[index].store(counter, std::memory_order_release);
  }
  counter->Increment();
  if (seconds_ != nullptr) {
    seconds_->Observe(absl::ToDoubleSeconds(std::max(taken, absl::ZeroDuration())));
  }
}

MethodTable::MethodTable(prometheus::Registry& registry)
    : handled_(&prometheus::BuildCounter()
                    .Name("fuju_rpc_server_handled_total")
                    .Help("RPCs that ended, by method and status code")
                    .Register(registry)),
      seconds_(&prometheus::BuildHistogram()
                    .Name("fuju_rpc_server_handling_seconds")
                    .Help("Time from the arrival of a unary RPC to its answer")
                    .Register(registry)) {}

MethodMetrics* MethodTable::Find(const google::protobuf::Descriptor* request) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = by_request_.find(request);
    if (found != by_request_.end()) return found->second.get();
  }
  std::string name = absl::StrCat("unknown/", request->name());
  bool streaming = false;
  bool uploading = false;
  const google::protobuf::FileDescriptor* file = request->file();
  for (int i = 0; i < file->service_count(); ++i) {
    for (int j = 0; j < file->service(i)->method_count(); ++j) {
      const google::protobuf::MethodDescriptor* method = file->service(i)->method(j);
      if (method->input_type() != request) continue;
      name = absl::StrCat(method->service()->full_name(), "/", method->name());
      streaming = method->server_streaming();
      uploading = method->client_streaming();
    }
  }
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<MethodMetrics>& metrics = by_request_[request];
  if (metrics == nullptr) {
    metrics = std::make_unique<MethodMetrics>(name, streaming, uploading, handled_, seconds_);
    by_name_[name] = metrics.get();
  }
  return metrics.get();
}

MethodMetrics* MethodTable::Find(const std::string& method) {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = by_name_.find(method);
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace fuju::chassis
