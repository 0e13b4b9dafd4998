#include "simulation/commons.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

#include "applications/settings.h"
#include "catalogue/versions/catalogue_csv.h"
#include "chassis/process/files.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/timestamps.h"
#include "edge_formats/region_files.h"
#include "edge_formats/vocabulary_formats.h"
#include "simulation/invented.h"

namespace fuju::simulation {
namespace {

template <typename Value>
Value OrDie(absl::StatusOr<Value> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  std::exit(EXIT_FAILURE);
}

std::string Text(const std::string& data_dir, const char* file) {
  return OrDie(chassis::ReadTextFile(absl::StrCat(data_dir, "/", file)));
}

// The shipped calendar, and years that nobody has announced yet: a run may be longer than what is
// known of the world.
vocabulary::WorkingDayCalendar Calendar(const std::string& data_dir) {
  auto calendar =
      OrDie(vocabulary::WorkingDayCalendar::Parse(Text(data_dir, "workdays_2025_2026.csv")));
  const absl::Status added = calendar.Add(
      "date,kind\n2027-10-01,weekday_off\n2028-10-02,weekday_off\n2029-10-01,weekday_off\n");
  if (added.ok()) return calendar;
  std::fprintf(stderr, "%s\n", added.ToString().c_str());
  std::exit(EXIT_FAILURE);
}

// The shipped chains, each where we want it.
applications::ChainBook Chains(const std::string& data_dir, const vocabulary::RegionTable& regions,
                               const applications::Limits& limits) {
  std::vector<applications::ChainFile> files;
  for (auto& [name, text] : OrDie(chassis::ReadTextFiles(data_dir + "/chains", ".json"))) {
    if (name != "areas.json") files.push_back({name, text});
  }
  files.push_back(
      {"areas.json",
       absl::StrCat(R"({"areas": [{"areaCode": "620000", "chain": "short", "version": 1},)",
                    R"({"areaCode": ")", kFullChainCounty,
                    R"(", "chain": "full", "version": 1, "objectionPhone": "0931-8888888"}]})")});
  return OrDie(applications::ChainBook::Parse(files, regions, limits));
}

}  // namespace

Commons::Commons(const std::string& data_dir)
    : regions(OrDie(edge_formats::ReadRegionTable(data_dir))),
      calendar(Calendar(data_dir)),
      keyer(OrDie(vocabulary::PersonKeyer::Create("the pepper of the simulation"))),
      chains(Chains(data_dir, regions, limits)),
      intake(OrDie(applications::ReadIntake(data_dir))) {
  // There is one thread.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // Faults are the point: their log lines would be most of a run.
  chassis::InitLogging("simulation", "simulation", "off");
  auto items = OrDie(catalogue::ParseCatalogueCsv(Text(data_dir, "catalogue.csv")));
  std::erase_if(items, [](const catalogue::v1::Item& item) { return item.item_code() != kItem; });
  catalogue.mutable_version()->set_version("simulated");
  *catalogue.mutable_version()->mutable_publish_time() =
      chassis::ToTimestamp(clock.Now() - absl::Hours(24));
  for (catalogue::v1::Item& item : items) *catalogue.add_items() = std::move(item);
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, regions, clock);
  gate = std::make_unique<chassis::CallGate>(std::move(formats), registry,
                                             chassis::CallLimits{.longest = absl::Hours(1)});
}

}  // namespace fuju::simulation
