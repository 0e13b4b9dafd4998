// An operator ends dead letters on the house as it is deployed: its users, its archive.

#include <functional>
#include <regex>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include <grpcpp/grpcpp.h>

#include "chassis/store/keys.h"
#include "fuju/audit/v1/audit_service.grpc.pb.h"
#include "house_fixture.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"

namespace fuju {
namespace {

class DeadLettersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    cluster_ = StartCluster(folder_.path());
    ASSERT_NE(cluster_, nullptr);
  }
  std::string Fujuctl(const std::vector<std::string>& words) {
    std::vector<std::string> argv = {test_support::Program("fujuctl")};
    for (const std::string& flag : cluster_->operator_flags()) argv.push_back(flag);
    argv.insert(argv.end(), words.begin(), words.end());
    std::string output;
    EXPECT_EQ(RunProgram(argv, folder_.path(), &output), 0) << output;
    return output;
  }
  std::string AwaitList(const std::string& text) {
    std::string list;
    Eventually([&] {
      list = Fujuctl({"dead-letters", "list"});
      return absl::StrContains(list, text);
    });
    EXPECT_TRUE(absl::StrContains(list, text)) << list;
    return list;
  }
  int64_t Archived() {
    grpc::ClientContext context;
    audit::v1::Overview overview;
    const auto stub = audit::v1::AuditService::NewStub(cluster_->channel("audit"));
    EXPECT_TRUE(stub->GetOverview(&context, {}, &overview).ok());
    return overview.events();
  }
  int64_t Published(const std::string& service) const {
    int64_t entries = 0;
    const chassis::Keys keys(service, 16);
    for (int partition = 0; partition < keys.partitions(); ++partition) {
      entries += cluster_->redis().Call({"XLEN", keys.Events(partition)}).integer();
    }
    return entries;
  }
  static void Eventually(const std::function<bool()>& holds) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    // Nobody notifies it: a pause between two looks.
    absl::Notification never;
    while (!holds() && absl::Now() < end) {
      never.WaitForNotificationWithTimeout(absl::Milliseconds(50));
    }
  }

  test_support::TemporaryFolder folder_;
  std::unique_ptr<test_support::Cluster> cluster_;
};

TEST_F(DeadLettersTest, TheyAreReplayedDiscardedAndArchived) {
  // Three services read this stream, its own among them, and none can read this entry.
  const std::string stream = chassis::Keys("catalogue", 16).Events(0);
  ASSERT_FALSE(cluster_->redis().Call({"XADD", stream, "*", "e", "\xff garbage"}).is_error());
  const std::string first = AwaitList("3 dead letters");
  EXPECT_TRUE(absl::StrContains(first, "deadLetters/applications-p00-")) << first;
  EXPECT_TRUE(absl::StrContains(first, "deadLetters/audit-p00-")) << first;

  EXPECT_TRUE(absl::StrContains(
      Fujuctl({"dead-letters", "replay", "--service=audit", "--source=catalogue"}), "replayed"));
  const std::string second = AwaitList("1 replays");
  const std::regex name(R"(deadLetters/[a-z]+-p00-\d+-\d+)");
  int discarded = 0;
  for (std::sregex_iterator found(second.begin(), second.end(), name), end; found != end; ++found) {
    Fujuctl({"dead-letters", "discard", found->str(), "--reason=never was an event"});
    ++discarded;
  }
  EXPECT_EQ(discarded, 3);
  AwaitList("0 dead letters");
  EXPECT_EQ(Published("applications"), 1);
  EXPECT_EQ(Published("audit"), 2);
  // All but the one that is no event.
  const int64_t all = Published("applications") + Published("audit") + Published("catalogue") - 1;
  Eventually([&] { return Archived() >= all; });
  EXPECT_EQ(Archived(), all);
  EXPECT_FALSE(absl::StrContains(Fujuctl({"streams", "status"}), "MISSING"));
  EXPECT_EQ(cluster_->Stop(), absl::OkStatus());
}

}  // namespace
}  // namespace fuju
