// A request id is served once: the same request gets what became of it, another one is refused.

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"

namespace fuju::applications {
namespace {

using Stub = v1::ApplicationsService::Stub;

constexpr int kAtOnce = 50;

// Calls at once, from as many threads; all must succeed. Returns the different answers.
template <typename Request>
std::set<std::string> AnswersAtOnce(const ApplicationsInstance& instance,
                                    grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, v1::Application*),
                                    const Request& request) {
  std::vector<absl::StatusOr<v1::Application>> answers(kAtOnce, absl::UnknownError("no answer"));
  std::vector<std::thread> threads;
  threads.reserve(kAtOnce);
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back(
        [&, i] { answers[static_cast<size_t>(i)] = instance.Call(method, request); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> different;
  for (const auto& answer : answers) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (answer.ok()) different.insert(answer->SerializeAsString());
  }
  return different;
}

class RequestsTest : public ::testing::Test {
 protected:
  // All that there are.
  int Events() {
    int64_t events = 0;
    for (int partition = 0; partition < instance_.keys().partitions(); ++partition) {
      events += redis_.Call({"XLEN", instance_.keys().Events(partition)}).integer();
    }
    return static_cast<int>(events);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
};

TEST_F(RequestsTest, FiftyEqualCreationsMakeOneDraft) {
  v1::CreateApplicationRequest request;
  *request.mutable_application() = DraftOf(1);
  request.set_request_id("double-click");
  EXPECT_EQ(AnswersAtOnce(instance_, &Stub::CreateApplication, request).size(), 1u);
  EXPECT_EQ(Events(), 1);
}

TEST_F(RequestsTest, FiftyEqualSubmissionsSubmitOnce) {
  const auto draft = instance_.Create(DraftOf(1));
  ASSERT_TRUE(draft.ok());
  v1::SubmitApplicationRequest request;
  request.set_name(draft->name());
  request.set_request_id("double-click");
  request.set_etag(draft->etag());
  EXPECT_EQ(AnswersAtOnce(instance_, &Stub::SubmitApplication, request).size(), 1u);
  EXPECT_EQ(Events(), 2);
}

// AIP-155, stale success responses: not the draft of then, but the application of now.
TEST_F(RequestsTest, ARepeatedCreationGetsItsApplicationAsItIsNow) {
  v1::CreateApplicationRequest create;
  *create.mutable_application() = DraftOf(1);
  create.set_request_id("once");
  const auto first = instance_.Call(&Stub::CreateApplication, create);
  ASSERT_TRUE(first.ok());
  const auto submitted = instance_.Submit(first->name());
  ASSERT_TRUE(submitted.ok());
  const auto again = instance_.Call(&Stub::CreateApplication, create);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), submitted->SerializeAsString());
}

TEST_F(RequestsTest, TheSameIdWithAnotherRequestIsRefused) {
  v1::CreateApplicationRequest create;
  *create.mutable_application() = DraftOf(1);
  create.set_request_id("once");
  ASSERT_TRUE(instance_.Call(&Stub::CreateApplication, create).ok());
  create.mutable_application()->mutable_request()->set_quote_fen(1);
  const auto refused = instance_.Call(&Stub::CreateApplication, create);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "REQUEST_ID_REUSED");
}

TEST_F(RequestsTest, ARefusedCallMayBeRepeatedWithItsId) {
  const auto draft = instance_.Create(DraftOf(1));
  v1::ApproveApplicationRequest approve;
  approve.set_name(draft->name());
  approve.set_remark("x");
  approve.set_request_id("again");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(instance_.Call(&Stub::ApproveApplication, approve).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

}  // namespace
}  // namespace fuju::applications
