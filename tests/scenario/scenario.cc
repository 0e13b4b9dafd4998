#include "scenario/scenario.h"

#include <atomic>
#include <thread>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"

#include "scenario/citizen.h"
#include "scenario/desks.h"
#include "scenario/founding.h"
#include "scenario/story.h"
#include "vocabulary/civil_date.h"

namespace fuju::scenario {
namespace {

constexpr int kReviewerDesks = 6;
constexpr int kTechnicians = 8;
// The last money and slots move a moment after an applicant has seen the end.
constexpr absl::Duration kSettleLimit = absl::Seconds(30);

}  // namespace

bool ScenarioResult::good() const {
  return books.unfinished == 0 && books.balanced() && books.double_booked == 0 &&
         complaints.empty();
}

Scenario::Scenario(const fuju::test_support::Cluster& cluster, ScenarioOptions options)
    : options_(std::move(options)) {
  Stubs stubs;
  stubs.applications =
      fuju::applications::v1::ApplicationsService::NewStub(cluster.channel("applications"));
  stubs.desk = fuju::applications::v1::ReviewDeskService::NewStub(cluster.channel("applications"));
  stubs.catalogue = fuju::catalogue::v1::CatalogueService::NewStub(cluster.channel("catalogue"));
  stubs.dispatch = fuju::dispatch::v1::DispatchService::NewStub(cluster.channel("dispatch"));
  stubs.fitting = fuju::fitting::v1::FittingService::NewStub(cluster.channel("fitting"));
  world_ = std::make_unique<World>(std::move(stubs), options_.patience);
  world_->calls.set_attempt_limit(options_.attempt_limit);
  if (options_.journal != nullptr) world_->calls.set_journal(options_.journal);
}

Scenario::~Scenario() { Stop(); }

void Scenario::Stop() { world_->Stop(); }

absl::StatusOr<ScenarioResult> Scenario::Play(
    const std::function<void(const Progress&)>& on_progress) {
  World& world = *world_;
  const absl::CivilDay today = vocabulary::TodayInShanghai(absl::Now());
  const int fiscal_year = static_cast<int>(today.year());
  if (absl::Status status = FoundDeployment(world, options_.data_dir, fiscal_year); !status.ok()) {
    return status;
  }
  const absl::Time started = absl::Now();
  const std::vector<Story> stories = MixStories(options_.applications, options_.seed);
  std::atomic<int> next{0};
  std::vector<std::thread> desks;
  for (int i = 0; i < kReviewerDesks; ++i) {
    desks.emplace_back([&world, i] { PlayReviewers(world, i, kReviewerDesks); });
  }
  for (const std::string& vendor : world.vendors) {
    desks.emplace_back(
        [&world, &vendor, this] { PlayVendor(world, vendor, options_.cut_vendor_streams_every); });
  }
  for (int i = 0; i < kTechnicians; ++i) desks.emplace_back([&world] { PlayTechnician(world); });
  desks.emplace_back([&world] { PlayPrefecture(world, absl::Milliseconds(500)); });

  const int citizens_count = std::min(options_.citizens, options_.applications);
  std::atomic<int> busy{citizens_count};
  absl::Notification all_done;
  std::vector<std::thread> citizens;
  for (int i = 0; i < citizens_count; ++i) {
    citizens.emplace_back([&] {
      for (int k = next++; k < options_.applications && !world.stop.HasBeenNotified(); k = next++) {
        if (options_.enough != nullptr && options_.enough()) break;
        ++world.started;
        PlayCitizen(world, stories[static_cast<size_t>(k)], k,
                    options_.seed * 1000003 + static_cast<uint64_t>(k), today);
        ++world.finished;
      }
      if (--busy == 0) all_done.Notify();
    });
  }
  const auto tell = [&] {
    on_progress(
        {.started = world.started, .finished = world.finished, .offers = world.offers_seen});
  };
  while (!all_done.WaitForNotificationWithTimeout(absl::Seconds(1))) {
    tell();
    if (absl::Now() - started > options_.limit) Stop();
    if (world.stop.HasBeenNotified()) break;
  }
  for (std::thread& citizen : citizens) citizen.join();
  tell();

  ScenarioResult result;
  const bool stopped_early = world.stop.HasBeenNotified();
  const absl::Time settle_until = absl::Now() + kSettleLimit;
  do {
    auto books = ReadBooks(world, fiscal_year);
    if (!books.ok()) {
      Stop();
      for (std::thread& desk : desks) desk.join();
      return books.status();
    }
    result.books = *std::move(books);
  } while (!(result.books.unfinished == 0 && result.books.balanced()) && !stopped_early &&
           absl::Now() < settle_until &&
           !world.stop.WaitForNotificationWithTimeout(absl::Milliseconds(250)));
  result.elapsed = absl::Now() - started;
  Stop();
  for (std::thread& desk : desks) desk.join();
  result.latencies = world.calls.Latencies();
  result.complaints = world.complaints();
  result.watches_resumed = world.watches_resumed;
  result.evidence_seen = world.evidence_seen;
  result.evidence_missing = world.evidence_missing;
  return result;
}

}  // namespace fuju::scenario
