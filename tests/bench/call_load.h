#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

namespace fuju::bench {

// What many calls of one method came to.
struct LoadResult {
  int64_t calls = 0;
  double seconds = 0;
  // By the name of the status code, with ", RetryInfo" if the answer said when to come again.
  std::map<std::string, int64_t> ends;
  // Of the calls that ended OK.
  std::vector<double> latencies_ms;

  int64_t ok() const;
  double ok_per_second() const { return seconds > 0 ? static_cast<double>(ok()) / seconds : 0; }
};

// Calls one unary method many times, asynchronously, with requests that were serialized before and
// answers that are not parsed unless asked: the client takes as little of the machine as it can.
// One thread. Not thread-safe.
class CallLoad {
 public:
  // `method` such as "/fuju.applications.v1.ApplicationsService/SubmitApplication".
  CallLoad(const std::string& address, std::string method, std::string actor);

  // Called with the number of the request and its answer, if that was OK.
  using OnAnswer = std::function<void(size_t request, grpc::ByteBuffer& answer)>;

  // Every request once, at most `in_flight` at a time.
  LoadResult RunClosed(const std::vector<grpc::ByteBuffer>& requests, int in_flight,
                       const OnAnswer& on_answer = nullptr);
  // Every request once, so many a second whatever becomes of them; each may take `patience`. The
  // seconds are those from the first start to the last; what ends OK later counts apart.
  LoadResult RunOpen(const std::vector<grpc::ByteBuffer>& requests, double per_second,
                     absl::Duration patience);

 private:
  struct Call;
  void Start(const grpc::ByteBuffer& request, size_t number, absl::Duration patience);
  void End(Call* call, LoadResult& result, const OnAnswer& on_answer);

  const std::string method_;
  const std::string actor_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
};

// A message as a request.
grpc::ByteBuffer Serialized(const google::protobuf::Message& message);

}  // namespace fuju::bench
