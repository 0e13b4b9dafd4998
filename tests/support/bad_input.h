#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace fuju::test_support {

// Checks that a running service refuses what its declared limits forbid. The cases are made from
// the declarations themselves, so a new field or RPC is covered without a word. Each check adds its
// failures to the running test.
class BadInput {
 public:
  using Requests = std::vector<std::shared_ptr<const google::protobuf::Message>>;

  // `service` is served at `address`, host:port. `good`: requests that no declared limit forbids,
  // at most one of an RPC.
  BadInput(const google::protobuf::ServiceDescriptor* service, std::string address,
           Requests good = {})
      : service_(service), address_(std::move(address)), good_(std::move(good)) {}

  // A request that is wrong in every field, at every depth: all of them are named at once.
  void ExpectEveryBadFieldIsNamed() const;
  // A good request of every RPC with one bad value at a time, in every field, at every depth.
  // Returns how many there were.
  int ExpectEachBadValueIsNamed() const;
  // An empty request: all required fields are named at once, and no other.
  void ExpectEveryMissingFieldIsNamed() const;
  // Names that are none, or of something else.
  void ExpectNamesOfAnotherFormAreRefused() const;
  // A list with one item more than allowed.
  void ExpectLongListsAreRefused() const;
  // Every RPC with a request id, which is then required: an empty request and the good one. Returns
  // how many RPCs there are.
  int ExpectMutationsNeedAnActor() const;

  // Null if none was given.
  const google::protobuf::Message* GoodRequestOf(
      const google::protobuf::MethodDescriptor* method) const;

  // Calls any method, unary or not, as `actor` (none if empty); the status of its end.
  absl::Status Call(const google::protobuf::MethodDescriptor* method,
                    const google::protobuf::Message& request,
                    const std::string& actor = "test:1") const;

 private:
  const google::protobuf::ServiceDescriptor* const service_;
  const std::string address_;
  const Requests good_;
};

}  // namespace fuju::test_support
