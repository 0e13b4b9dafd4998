// A run in which every applicant gets letters: the house's users, two processes, the archive.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include <grpcpp/grpcpp.h>

#include "chassis/store/keys.h"
#include "fuju/applications/v1/notices_service.grpc.pb.h"
#include "fuju/audit/v1/audit_service.grpc.pb.h"
#include "house_fixture.h"
#include "support/child_process.h"
#include "support/http_get.h"
#include "support/temporary_folder.h"

namespace fuju {
namespace {

namespace fs = std::filesystem;

constexpr int kApplications = 30;
constexpr int kPartitions = 16;

class LettersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto cluster = test_support::Cluster::Start({.bin_dir = test_support::BinDir(),
                                                 .source_dir = fs::current_path(),
                                                 .work_dir = folder_.path(),
                                                 .instances = 2,
                                                 .letters = true});
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    cluster_ = *std::move(cluster);
  }
  // Notices with this result, over both processes.
  int Notices(const std::string& result) const {
    int count = 0;
    for (const std::string& instance : cluster_->InstancesOf("applications")) {
      const std::string address = cluster_->metrics_address(instance);
      const auto metrics =
          test_support::HttpGet(std::stoi(address.substr(address.find(':') + 1)), "/metrics");
      if (!metrics.ok()) continue;
      for (const absl::string_view line : absl::StrSplit(*metrics, '\n')) {
        if (!absl::StartsWith(line, "fuju_applications_notices_total")) continue;
        if (!absl::StrContains(line, absl::StrCat("result=\"", result, "\""))) continue;
        count += std::stoi(std::string(line.substr(line.rfind(' ') + 1)));
      }
    }
    return count;
  }
  int Letters() const {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path() + "/letters")) {
      count += entry.path().extension() == ".txt" ? 1 : 0;
    }
    return count;
  }
  int64_t Published() const {
    int64_t entries = 0;
    for (const std::string& service : test_support::ServiceNames()) {
      const chassis::Keys keys(service, kPartitions);
      for (int partition = 0; partition < kPartitions; ++partition) {
        entries += cluster_->redis().Call({"XLEN", keys.Events(partition)}).integer();
      }
    }
    return entries;
  }
  int64_t Archived() const {
    grpc::ClientContext context;
    audit::v1::Overview overview;
    const auto stub = audit::v1::AuditService::NewStub(cluster_->channel("audit"));
    return stub->GetOverview(&context, {}, &overview).ok() ? overview.events() : -1;
  }
  template <typename Holds>
  static bool Eventually(Holds holds) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    // Nobody notifies it: a pause between two looks.
    absl::Notification never;
    while (!holds()) {
      if (absl::Now() > end) return false;
      never.WaitForNotificationWithTimeout(absl::Milliseconds(200));
    }
    return true;
  }

  test_support::TemporaryFolder folder_;
  std::unique_ptr<test_support::Cluster> cluster_;
};

TEST_F(LettersTest, EveryNoticeIsOneLetterAndTheHouseAgrees) {
  scenario::Scenario play(*cluster_, ShortRun(kApplications, 5));
  const auto result = play.Play([](const scenario::Progress&) {});
  ASSERT_TRUE(result.ok()) << result.status();
  ExpectGood(*result, kApplications);

  // All that was planned went out or was overtaken, and there are as many letters.
  EXPECT_TRUE(Eventually([&] {
    return Notices("planned") > kApplications &&
           Notices("sent") + Notices("suppressed") == Notices("planned");
  })) << Notices("planned")
      << " planned, " << Notices("sent") << " sent, " << Notices("suppressed") << " suppressed";
  EXPECT_EQ(Letters(), Notices("sent"));
  EXPECT_EQ(Notices("failed"), 0);
  EXPECT_EQ(Notices("postponed"), 0);

  // The archive has their events, too, and Redis refused nobody.
  EXPECT_TRUE(Eventually([&] { return Archived() == Published(); }))
      << Archived() << " of " << Published();
  EXPECT_EQ(cluster_->redis().Call({"ACL", "LOG"}).size(), 0u);

  // A case that was closed is told from its arrival to its end.
  const auto stub = applications::v1::NoticesService::NewStub(cluster_->channel("applications"));
  grpc::ClientContext context;
  applications::v1::ListNoticesRequest request;
  request.set_parent(result->books.example_closed);
  applications::v1::ListNoticesResponse told;
  ASSERT_TRUE(stub->ListNotices(&context, request, &told).ok());
  ASSERT_GT(told.notices_size(), 5);
  EXPECT_EQ(told.notices(0).kind(), applications::v1::NOTICE_KIND_CLOSED);
  EXPECT_EQ(told.notices(told.notices_size() - 1).kind(), applications::v1::NOTICE_KIND_SUBMITTED);
}

}  // namespace
}  // namespace fuju
