#include "chassis/rpc/repeatable.h"

#include <fstream>
#include <set>
#include <string>

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace fuju::chassis {
namespace {

using google::protobuf::Value;

const Value& Member(const Value& object, const std::string& name) {
  return object.struct_value().fields().at(name);
}

TEST(RepeatableTest, WhatHasNoWordOfTheServiceMayBeRepeated) {
  std::set<std::string> repeatable;
  for (int code = 0; code <= 16; ++code) {
    const auto status = static_cast<absl::StatusCode>(code);
    if (IsRepeatable(status)) repeatable.insert(absl::StatusCodeToString(status));
  }
  EXPECT_EQ(repeatable,
            (std::set<std::string>{"ABORTED", "CANCELLED", "DEADLINE_EXCEEDED", "UNAVAILABLE"}));
}

// A deadline is the whole call's, so a channel can not repeat after it.
TEST(RepeatableTest, ThePublishedPolicyRepeatsAllButTheDeadline) {
  std::ifstream file("deploy/clients/service_config.json");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  Value config;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &config).ok());
  const Value& method = Member(config, "methodConfig").list_value().values(0);
  std::set<std::string> codes;
  for (const Value& code :
       Member(Member(method, "retryPolicy"), "retryableStatusCodes").list_value().values()) {
    codes.insert(code.string_value());
  }
  EXPECT_EQ(codes, (std::set<std::string>{"ABORTED", "CANCELLED", "UNAVAILABLE"}));
}

}  // namespace
}  // namespace fuju::chassis
