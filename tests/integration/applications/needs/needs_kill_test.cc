// The service, and the uploader, killed in the midst of an import: it ends as if nothing had been.

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "integration/applications/needs/needs_instance.h"
#include "support/child_process.h"
#include "support/free_port.h"
#include "support/temporary_folder.h"

namespace fuju::applications {
namespace {

namespace fs = std::filesystem;

using test_support::ChildProcess;
using test_support::Eventually;

constexpr int kPeople = 12000;

// Good rows, some that are bad in a cell, some that contradict an earlier one.
std::string SurveyWithFaults() {
  std::string csv = absl::StrCat(test_support::kSurveyHeader, "\n");
  for (int person = 0; person < kPeople; ++person) {
    std::string row = test_support::SurveyRow(person);
    if (person % 101 == 100) row.replace(0, 6, "999999");
    absl::StrAppend(&csv, row, "\n");
    if (person % 1009 == 1000) {
      absl::StrAppend(&csv, row.replace(row.rfind("陈晓"), 6, "刘洋"), "\n");
    }
  }
  return csv;
}

// Counts and report.
std::string EndOf(const NeedsCalls& calls, const std::string& name) {
  const auto import = calls.Get(name);
  if (!import.ok()) return import.status().ToString();
  std::string told = absl::StrCat(NeedsImportStateName(import->state()), " ",
                                  Told(import->counts()), " ", import->durable_offset(), "\n");
  for (const v1::BadCell& cell : calls.BadCells(name)) {
    absl::StrAppend(&told, cell.ShortDebugString(), "\n");
  }
  return told;
}

class NeedsKillTest : public ::testing::Test {
 protected:
  NeedsKillTest() {
    std::ofstream(folder_ / "pepper") << "a pepper for tests\n";
    std::ofstream(folder_ / "survey.csv", std::ios::binary) << csv_;
  }

  // The service, always at the same address.
  ChildProcess Serve() {
    const fs::path port_file = folder_ / "port";
    fs::remove(port_file);
    auto process = ChildProcess::Start(
        {test_support::Program("fuju-applications"),
         absl::StrCat("--redis=127.0.0.1:", redis_.port()), absl::StrCat("--listen=", address_),
         absl::StrCat("--port_file=", port_file.string()), "--data_dir=deploy/data/gansu",
         "--instance=a", "--lease_ttl_ms=500",
         absl::StrCat("--person_key_pepper_file=", (folder_ / "pepper").string())},
        (folder_ / "log").string());
    EXPECT_TRUE(process.ok()) << process.status();
    Eventually("the program serves", [&] { return fs::exists(port_file) || !process->running(); });
    EXPECT_TRUE(process->running()) << std::ifstream(folder_ / "log").rdbuf();
    return *std::move(process);
  }
  ChildProcess Upload(std::vector<std::string> flags = {}) {
    std::vector<std::string> argv = {
        test_support::Program("fujuctl"), "import-needs", (folder_ / "survey.csv").string(),
        absl::StrCat("--applications=", address_), absl::StrCat("--survey_year=", kYear)};
    argv.insert(argv.end(), flags.begin(), flags.end());
    auto process = ChildProcess::Start(argv, (folder_ / "uploader").string());
    EXPECT_TRUE(process.ok()) << process.status();
    return *std::move(process);
  }
  std::string Told() const {
    std::ostringstream told;
    told << std::ifstream(folder_ / "uploader").rdbuf();
    return told.str();
  }
  void AwaitShare(const NeedsCalls& calls, int percent) {
    Eventually(absl::StrCat(percent, "% are durable"), [&] {
      const auto import = calls.Get(name_);
      return import.ok() &&
             import->durable_offset() * 100 >= static_cast<int64_t>(csv_.size()) * percent;
    });
  }
  // What the same file comes to when nothing is killed.
  std::string EndWithoutKills() const {
    const test_support::RedisServer redis;
    const test_support::FakeClock clock;
    const NeedsInstance instance(redis, &clock);
    const auto import = instance.calls().Import(csv_);
    EXPECT_TRUE(import.ok()) << import.status();
    return EndOf(instance.calls(), import->name());
  }
  // Every need was recorded, and none written twice.
  void ExpectEachNeedOnce(const NeedsCalls& calls, int64_t needs) {
    EXPECT_EQ(calls.Demand("620000").total(), needs);
    int64_t listed = 0;
    for (const char* county : {"620102", "620103", "620421", "620502", "620921", "621122", "621202",
                               "622901", "622926", "623027"}) {
      for (const v1::Need& need : calls.Needs(county)) {
        ++listed;
        EXPECT_EQ(need.etag(), chassis::EtagOf(1)) << need.name();
      }
    }
    EXPECT_EQ(listed, needs);
  }

  static constexpr int kYear = test_support::kSurveyYear;
  const std::string csv_ = SurveyWithFaults();
  test_support::TemporaryFolder folder_;
  test_support::RedisServer redis_;
  const std::string address_ = absl::StrCat("127.0.0.1:", test_support::FreePort());
  std::string name_;
};

TEST_F(NeedsKillTest, TheServiceKilledThreeTimesEndsAsIfNothingHadBeen) {
  ChildProcess service = Serve();
  name_ = NeedsCalls(address_).Announce(csv_)->name();
  ChildProcess uploader = Upload();
  for (const int percent : {15, 40, 70}) {
    AwaitShare(NeedsCalls(address_), percent);
    service.Signal(SIGKILL);
    ASSERT_EQ(service.Wait(absl::Seconds(30)).value_or(-1), 128 + SIGKILL);
    // Each time in the midst of it.
    service = Serve();
    const auto import = NeedsCalls(address_).Get(name_);
    ASSERT_TRUE(import.ok()) << import.status();
    EXPECT_EQ(import->state(), v1::NEEDS_IMPORT_STATE_RECEIVING) << percent;
  }
  const NeedsCalls calls(address_);
  ASSERT_EQ(uploader.Wait(absl::Seconds(60)).value_or(-1), 0) << Told();
  EXPECT_EQ(EndOf(calls, name_), EndWithoutKills());
  ExpectEachNeedOnce(calls, calls.Get(name_)->counts().recorded());
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Wait(absl::Seconds(30)).value_or(-1), 0);
}

TEST_F(NeedsKillTest, AnUploaderThatDiedGoesOnWhenItIsToldTo) {
  ChildProcess service = Serve();
  const NeedsCalls calls(address_);
  name_ = calls.Announce(csv_)->name();
  ChildProcess uploader = Upload();
  AwaitShare(calls, 30);
  uploader.Signal(SIGKILL);
  ASSERT_TRUE(uploader.Wait(absl::Seconds(30)).ok());
  uploader = Upload();
  EXPECT_EQ(uploader.Wait(absl::Seconds(30)).value_or(-1), 1) << Told();
  uploader = Upload({"--resume"});
  ASSERT_EQ(uploader.Wait(absl::Seconds(60)).value_or(-1), 0) << Told();
  EXPECT_EQ(EndOf(calls, name_), EndWithoutKills());
  ExpectEachNeedOnce(calls, calls.Get(name_)->counts().recorded());
  EXPECT_NE(Told().find("was begun before"), std::string::npos) << Told();
  EXPECT_NE(Told().find("row 102, column 1 (县区代码) \"999999\""), std::string::npos) << Told();
}

// A stop in the midst of an upload is a clean one, and the uploader goes on with the next instance.
TEST_F(NeedsKillTest, AStopLetsTheUploaderGoOnElsewhere) {
  ChildProcess service = Serve();
  name_ = NeedsCalls(address_).Announce(csv_)->name();
  ChildProcess uploader = Upload();
  AwaitShare(NeedsCalls(address_), 30);
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Wait(absl::Seconds(30)).value_or(-1), 0);
  service = Serve();
  ASSERT_EQ(uploader.Wait(absl::Seconds(60)).value_or(-1), 0) << Told();
  EXPECT_EQ(EndOf(NeedsCalls(address_), name_), EndWithoutKills());
}

}  // namespace
}  // namespace fuju::applications
