#include "chaos/house_under_load.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

#include "chaos/fault_plan.h"
#include "chaos/run_seed.h"
#include "support/child_process.h"
#include "support/http_get.h"

namespace fuju::chaos {
namespace {

// More than any run gets through.
constexpr int kMostApplications = 20000;
constexpr absl::Duration kProgressLimit = absl::Minutes(3);

}  // namespace

std::unique_ptr<HouseUnderLoad> HouseUnderLoad::Start(const HouseOptions& options) {
  auto house = Launch(options);
  if (house != nullptr) house->AwaitProgress(5);
  return house;
}

std::unique_ptr<HouseUnderLoad> HouseUnderLoad::Launch(const HouseOptions& options) {
  auto house = std::unique_ptr<HouseUnderLoad>(new HouseUnderLoad);
  std::vector<std::string> flags = {
      absl::StrCat("--lease_ttl_ms=", absl::ToInt64Milliseconds(kLease))};
  flags.insert(flags.end(), options.flags.begin(), options.flags.end());
  auto cluster = test_support::Cluster::Start({.bin_dir = test_support::BinDir(),
                                               .source_dir = std::filesystem::current_path(),
                                               .work_dir = house->folder_.path(),
                                               .instances = options.instances,
                                               .flags = flags,
                                               .redis_arguments = options.redis_arguments,
                                               .redis = options.redis,
                                               .launchers = options.launchers,
                                               .proxies = options.proxies,
                                               .apart = options.apart,
                                               .published_retries = options.published_retries});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  if (!cluster.ok()) return nullptr;
  house->cluster_ = *std::move(cluster);
  house->witness_ = std::make_unique<Witness>(house->cluster_->redis_deployment());

  scenario::ScenarioOptions play = ShortRun(kMostApplications, Seed());
  play.citizens = options.citizens;
  play.attempt_limit = options.attempt_limit;
  play.cut_vendor_streams_every = 20;
  play.limit = absl::Minutes(20);
  if (options.published_retries) play.patience = absl::ZeroDuration();
  play.enough = [raw = house.get()] { return raw->enough_.load(); };
  play.journal = house->journal_.Writer();
  house->scenario_ = std::make_unique<scenario::Scenario>(*house->cluster_, play);
  house->play_ = std::thread([raw = house.get()] {
    raw->result_ = raw->scenario_->Play([](const scenario::Progress&) {});
    raw->ended_ = true;
  });
  return house;
}

HouseUnderLoad::~HouseUnderLoad() {
  if (!play_.joinable()) return;
  scenario_->Stop();
  play_.join();
}

void HouseUnderLoad::AwaitProgress(int64_t more) {
  const int64_t wanted = finished() + more;
  const absl::Time end = absl::Now() + kProgressLimit;
  while (finished() < wanted && !ended_ && absl::Now() < end) LetPass(absl::Milliseconds(20));
  EXPECT_GE(finished(), wanted) << "the load does not go on";
}

Findings HouseUnderLoad::Finish(const std::string& what) { return Check(what, false); }

Findings HouseUnderLoad::FinishFailedOver(const std::string& what) { return Check(what, true); }

Findings HouseUnderLoad::Check(const std::string& what, bool failed_over) {
  enough_ = true;
  play_.join();
  Findings findings;
  EXPECT_TRUE(result_->ok()) << result_->status();
  if (!result_->ok()) return findings;
  const scenario::ScenarioResult& result = **result_;
  ExpectGood(result, 1);
  chassis::redis::Client& redis = cluster_->redis_client();
  ExpectSettled(redis);
  const Streams seen = witness_->Stop();
  const Streams now = ReadAll(redis, EventStreams());
  if (!failed_over) ExpectNothingLost(seen, now);
  ExpectVersions(redis, now, findings);
  if (!failed_over) ExpectArchived(*cluster_, now);
  ExpectAcknowledgedOnce(redis, journal_.Read(), now, findings);
  EXPECT_EQ(cluster_->Stop(), absl::OkStatus());
  std::printf(
      "%s: %ld applications, %ld calls acknowledged, %ld given up, %ld facts of %ld aggregates, "
      "%.1f s\n",
      what.c_str(), static_cast<long>(result.books.applications),
      static_cast<long>(findings.acknowledged), static_cast<long>(findings.given_up),
      static_cast<long>(findings.events), static_cast<long>(findings.aggregates),
      absl::ToDoubleSeconds(result.elapsed));
  return findings;
}

int HouseUnderLoad::CountInLogs(const std::string& text) const {
  int lines = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder())) {
    if (file.path().extension() != ".log") continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) lines += absl::StrContains(line, text) ? 1 : 0;
  }
  return lines;
}

std::optional<double> ReadMetric(const test_support::Cluster& cluster, const std::string& instance,
                                 const std::string& name, const std::string& part) {
  const std::string address = cluster.metrics_address(instance);
  int port = 0;
  if (!absl::SimpleAtoi(address.substr(address.find(':') + 1), &port)) return std::nullopt;
  const auto page = test_support::HttpGet(port, "/metrics");
  if (!page.ok()) return std::nullopt;
  double sum = 0;
  for (absl::string_view line : absl::StrSplit(*page, '\n')) {
    if (!absl::ConsumePrefix(&line, name) || line.empty()) continue;
    if (line.front() != '{' && line.front() != ' ') continue;
    double value = 0;
    if (absl::StrContains(line, part) &&
        absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) {
      sum += value;
    }
  }
  return sum;
}

}  // namespace fuju::chaos
