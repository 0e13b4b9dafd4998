#pragma once

#include <string>

#include "absl/status/status.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace fuju::test_support {

// Checks that a running service refuses what its declared limits forbid. The cases are made from
// the declarations themselves, so a new field or RPC is covered without a word. Each check adds its
// failures to the running test.
class BadInput {
 public:
  // `service` is served at `address`, host:port.
  BadInput(const google::protobuf::ServiceDescriptor* service, std::string address)
      : service_(service), address_(std::move(address)) {}

  // A request that is wrong in every field, at every depth: all of them are named at once.
  void ExpectEveryBadFieldIsNamed() const;
  // An empty request: all required fields are named at once.
  void ExpectEveryMissingFieldIsNamed() const;
  // Names that are none, or of something else.
  void ExpectNamesOfAnotherFormAreRefused() const;
  // A list with one item more than allowed.
  void ExpectLongListsAreRefused() const;
  // Every RPC with a request id, which is then required. Returns how many there are.
  int ExpectMutationsNeedAnActor() const;

  // Calls any method, unary or not, as `actor` (none if empty); the status of its end.
  absl::Status Call(const google::protobuf::MethodDescriptor* method,
                    const google::protobuf::Message& request,
                    const std::string& actor = "test:1") const;

 private:
  const google::protobuf::ServiceDescriptor* const service_;
  const std::string address_;
};

}  // namespace fuju::test_support
