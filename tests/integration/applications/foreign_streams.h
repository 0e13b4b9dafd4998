#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "support/fact_writer.h"

namespace fuju::applications {

// Plays the other services: publishes their facts as they stand in their streams, on 16 partitions.
// Not thread-safe.
class ForeignStreams {
 public:
  // `redis` outlives this.
  explicit ForeignStreams(const test_support::RedisServer* redis)
      : catalogue_(redis, "catalogue", kPartitions),
        dispatch_(redis, "dispatch", kPartitions),
        fitting_(redis, "fitting", kPartitions) {}

  // Facts about the application of that name.
  void Reserve(const std::string& application);
  void Refuse(const std::string& application, bool for_money);
  void Settle(const std::string& application);
  void Accept(const std::string& application, int attempt);
  void CancelDispatch(const std::string& application, int attempt);
  void Recall(const std::string& application, int attempt);
  void OpenOrder(const std::string& application, int attempt);
  void Schedule(const std::string& application, int attempt);
  void Complete(const std::string& application, int attempt);
  void CancelOrder(const std::string& application, int attempt);
  void ReturnOrder(const std::string& application, int attempt);

  // The last fact once more, with its version.
  void RepeatLast();

 private:
  static constexpr int kPartitions = 16;

  // Facts of a grant or round of the application.
  void PublishOf(test_support::FactWriter& writer, const std::string& application,
                 const std::string& subject, const google::protobuf::Message& fact);
  template <typename FactMessage>
  void PublishOrder(const FactMessage& fact);

  test_support::FactWriter catalogue_;
  test_support::FactWriter dispatch_;
  test_support::FactWriter fitting_;
  test_support::FactWriter* last_ = nullptr;
};

}  // namespace fuju::applications
