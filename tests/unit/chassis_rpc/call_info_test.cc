#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/rpc/call.h"
#include "fuju/testing/v1/probe_service.pb.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::StartProbeRequest;
using fuju::testing::v1::UpdateProbeRequest;
using ::testing::MatchesRegex;

CallInfo Call() {
  CallInfo call;
  call.method = "fuju.testing.v1.ProbeService/StartProbe";
  call.actor = "operator:a01";
  call.deadline = absl::FromUnixSeconds(1'800'000'000);
  return call;
}

StartProbeRequest Request() {
  StartProbeRequest request;
  request.set_name("probes/1");
  request.set_request_id("r1");
  return request;
}

TEST(CallInfoTest, MakesTheCommandOfARequest) {
  const CallInfo call = Call();
  StartProbeRequest request = Request();
  request.set_etag("e7");
  const Command command = call.ToCommand(request);
  EXPECT_EQ(command.actor, "operator:a01");
  EXPECT_EQ(absl::StrCat(call.method.substr(0, call.method.find('/') + 1), command.request_scope),
            call.method);
  EXPECT_EQ(command.request_id, "r1");
  EXPECT_EQ(command.expected_etag, "e7");
  EXPECT_EQ(command.traceparent, call.trace.ToHeader());
  EXPECT_EQ(command.deadline, call.deadline);
  EXPECT_EQ(command.fingerprint.size(), 4u);
}

TEST(CallInfoTest, TheFingerprintDoesNotDependOnTheRequestId) {
  StartProbeRequest other = Request();
  other.set_request_id("r2");
  EXPECT_EQ(Call().ToCommand(Request()).fingerprint, Call().ToCommand(other).fingerprint);
}

TEST(CallInfoTest, TheFingerprintDependsOnEverythingElse) {
  const std::string fingerprint = Call().ToCommand(Request()).fingerprint;
  StartProbeRequest other = Request();
  other.set_name("probes/2");
  EXPECT_NE(Call().ToCommand(other).fingerprint, fingerprint);
  other = Request();
  other.set_etag("e1");
  EXPECT_NE(Call().ToCommand(other).fingerprint, fingerprint);
  CallInfo call = Call();
  call.method = "fuju.testing.v1.ProbeService/StopProbe";
  EXPECT_NE(call.ToCommand(Request()).fingerprint, fingerprint);
}

TEST(CallInfoTest, TheFingerprintDoesNotDependOnTheOrderOfAMap) {
  StartProbeRequest forward = Request();
  StartProbeRequest backward = Request();
  for (int i = 0; i < 100; ++i) {
    (*forward.mutable_labels())[absl::StrCat(i)] = "x";
    (*backward.mutable_labels())[absl::StrCat(99 - i)] = "x";
  }
  EXPECT_EQ(Call().ToCommand(forward).fingerprint, Call().ToCommand(backward).fingerprint);
}

TEST(CallInfoTest, TheEtagOfAnUpdateIsTheResourcesOwn) {
  UpdateProbeRequest request;
  request.mutable_probe()->set_etag("e3");
  EXPECT_EQ(Call().ToCommand(request).expected_etag, "e3");
}

TEST(CallInfoTest, AReadHasNoRequestId) {
  fuju::testing::v1::GetProbeRequest request;
  EXPECT_EQ(Call().ToCommand(request).request_id, "");
  EXPECT_EQ(Call().ToCommand(request).expected_etag, "");
}

}  // namespace
}  // namespace fuju::chassis
