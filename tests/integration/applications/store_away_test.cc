#include <string>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"

namespace fuju::applications {
namespace {

using Stub = v1::ApplicationsService::Stub;

// Every call says that it may be repeated; after Redis is back the same request id gets one answer,
// and a watch goes on from its token, all without a restart.
TEST(StoreAwayTest, CallsAreUnavailableAndGoOnAfterwards) {
  test_support::RedisServer redis;
  test_support::FakeClock clock;
  ApplicationsInstance instance(redis, &clock);
  ForeignStreams streams(&redis);
  const auto draft = instance.Create(DraftOf(1));
  ASSERT_TRUE(draft.ok());

  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  v1::WatchApplicationRequest watch;
  watch.set_name(draft->name());
  const auto reader = instance.stub().WatchApplication(&context, watch);
  v1::WatchApplicationResponse step;
  ASSERT_TRUE(reader->Read(&step));

  redis.Kill();
  v1::SubmitApplicationRequest submit;
  submit.set_name(draft->name());
  submit.set_request_id("while-away");
  const auto away = instance.Call(&Stub::SubmitApplication, submit);
  EXPECT_EQ(away.status().code(), absl::StatusCode::kUnavailable) << away.status();
  EXPECT_EQ(chassis::ReasonOf(away.status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(instance.Get(draft->name()).status().code(), absl::StatusCode::kUnavailable);

  redis.Restart();
  absl::StatusOr<v1::Application> submitted = away;
  for (int i = 0; i < 50 && absl::IsUnavailable(submitted.status()); ++i) {
    submitted = instance.Call(&Stub::SubmitApplication, submit);
  }
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->timeline_size(), 2);
  streams.Reserve(draft->name());
  EXPECT_EQ(instance.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW).timeline_size(), 3);

  // The old watch either lived through it or ended as one that may be resumed.
  int last = step.entry().sequence();
  while (last < 3 && reader->Read(&step)) {
    if (!step.has_entry()) continue;
    EXPECT_EQ(step.entry().sequence(), last + 1);
    last = step.entry().sequence();
  }
  context.TryCancel();
  const grpc::Status end = reader->Finish();
  if (last < 3) {
    EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAVAILABLE);
  }
}

}  // namespace
}  // namespace fuju::applications
