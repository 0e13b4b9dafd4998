// Does a full house slow the next guest down: submissions and lists beside a thousand and beside a
// million stored applications.

#include <vector>

#include "absl/time/clock.h"

#include "applications/draft_decisions.h"
#include "applications/settings.h"
#include "applications/wiring.h"
#include "bench/drafts.h"
#include "bench/groups.h"
#include "bench/load_flags.h"
#include "bench/stored_applications.h"
#include "vocabulary/person_key.h"

namespace fuju::bench {
namespace {

using applications::Record;

// Closed applications, spread over the counties.
class ClosedApplications {
 public:
  explicit ClosedApplications(const std::string& data_dir) : inventor_(data_dir) {
    const auto keyer = vocabulary::PersonKeyer::Create("pepper-of-a-benchmark-only");
    const applications::QuestionnaireSet questionnaires;
    const auto intake = applications::ReadIntake(data_dir);
    if (!intake.ok()) Fail(intake.status().ToString());
    for (size_t i = 0; i < inventor_.counties().size(); ++i) {
      const applications::Act act{absl::Now(), "mobile:bench"};
      const auto draft = applications::NormalDraft(inventor_.Invent(static_cast<int>(i)),
                                                   {questionnaires, *intake, *keyer}, act);
      if (!draft.ok()) Fail(draft.status().ToString());
      const auto made = applications::DecideCreate("", *draft, *intake, act);
      if (!made.ok()) Fail(made.status().ToString());
      templates_.push_back(made->next);
      templates_.back().mutable_application()->set_state(
          applications::v1::APPLICATION_STATE_CLOSED);
    }
  }

  Record& Of(int number) { return templates_[number % templates_.size()]; }

 private:
  const DraftInventor inventor_;
  std::vector<Record> templates_;
};

}  // namespace

void MeasureFlatness(Stage& stage, Figures& figures) {
  const int few = stage.Scale(1000, 1000);
  // Redis doubles its table of keys at 2^20 and moves them bit by bit, some at each command, which
  // for as long as it lasts adds as much to a submission as Redis takes for one. It happens once
  // for each doubling: here before the measurement, not in its midst.
  const int many = stage.Scale(1100000, 2000);
  const auto empty = stage.StartRedis();
  const auto full = stage.StartRedis();
  ClosedApplications closed(stage.data_dir());
  const auto record = [&closed](int number) -> Record& { return closed.Of(number); };
  StoreApplications(*empty, few, record);
  StoreApplications(*full, many, record);
  figures.Add("flat_applications", many);
  const Served on_empty = stage.ServeApplications(stage.Product("fuju-applications"), *empty);
  const Served on_full = stage.ServeApplications(stage.Product("fuju-applications"), *full);
  const int count = stage.Scale(8000, 200);
  const int pages = stage.Scale(4000, 100);
  for (int run = 0; run <= stage.options().runs; ++run) {
    const int first = run * count;
    const auto flags = [&](const char* role, const Served& served,
                           const test_support::RedisServer& redis, int calls) {
      return LoadArguments(stage, role, served, redis, first, calls);
    };
    const auto list_empty = stage.Run(flags("load-lists", on_empty, *empty, pages));
    const auto list_full = stage.Run(flags("load-lists", on_full, *full, pages));
    const auto submit_empty = stage.Run(flags("load-submits", on_empty, *empty, count));
    const auto submit_full = stage.Run(flags("load-submits", on_full, *full, count));
    if (run == 0) continue;
    figures.Add("submit_qps_few", submit_empty["qps"]);
    figures.Add("submit_qps_many", submit_full["qps"]);
    figures.Add("list_qps_few", list_empty["qps"]);
    figures.Add("list_qps_many", list_full["qps"]);
    figures.Add("submit_redis_us_few", submit_empty["redis_cpu_us"]);
    figures.Add("submit_redis_us_many", submit_full["redis_cpu_us"]);
    figures.Add("list_redis_us_few", list_empty["redis_cpu_us"]);
    figures.Add("list_redis_us_many", list_full["redis_cpu_us"]);
  }
  figures.AddRatio("flat_submit", "submit_qps_many", "submit_qps_few");
  figures.AddRatio("flat_list", "list_qps_many", "list_qps_few");
}

}  // namespace fuju::bench
