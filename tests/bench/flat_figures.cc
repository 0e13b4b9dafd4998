// Does a full house slow the next guest down: submissions and lists beside a thousand and beside a
// million stored applications.

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include "applications/draft_decisions.h"
#include "applications/settings.h"
#include "applications/wiring.h"
#include "bench/drafts.h"
#include "bench/groups.h"
#include "bench/load_flags.h"
#include "bench/one_commit.h"
#include "bench/pipeline.h"
#include "chassis/store/commit_script.h"
#include "chassis/store/packed_state.h"

namespace fuju::bench {
namespace {

using applications::Record;

// Closed applications as they lie in Redis once their facts and requests are forgotten: each of
// another person, spread over the counties.
class StoredApplications {
 public:
  explicit StoredApplications(const std::string& data_dir) : inventor_(data_dir) {
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

  // The command that stores the application of this number.
  std::string Command(int number) {
    Record& record = templates_[number % templates_.size()];
    applications::v1::Application& application = *record.mutable_application();
    application.set_person_key(absl::StrFormat("%03x%061x", number % 4096, number));
    const std::string id = absl::StrFormat("%s-%024d%s", application.county_code(), number,
                                           applications::PersonRoute(application.person_key()));
    application.set_name(applications::NameOf(id));
    chassis::Commit commit;
    commit.location = {
        .kind = kind_.kind, .id = id, .name = kind_.name(id), .route = kind_.route(id)};
    commit.partition = keys_.PartitionOf(commit.location.route);
    commit.next_version = 1;
    commit.state = chassis::PackState(record.SerializeAsString());
    commit.correlation_id = commit.location.name;
    commit.footprint = chassis::Difference({}, kind_.footprint(id, record));
    return EncodedCommit(commit, {}, keys_);
  }

 private:
  const DraftInventor inventor_;
  const chassis::AggregateKind<Record> kind_ = applications::ApplicationKind();
  const chassis::Keys keys_{"applications", 16};
  std::vector<Record> templates_;
};

void Store(const Stage& stage, const test_support::RedisServer& redis, int count) {
  // Neither the loading nor a rewrite of the file that comes of it is to be measured.
  redis.Call({"CONFIG", "SET", "auto-aof-rewrite-percentage", "0"});
  redis.Call({"CONFIG", "SET", "appendfsync", "no"});
  redis.Call({"SCRIPT", "LOAD", std::string(chassis::CommitScript().text())});
  StoredApplications stored(stage.data_dir());
  int next = 0;
  constexpr int kConnections = 4;
  constexpr int kInFlight = 1024;
  Pipeline(redis.port(), kConnections, kInFlight).Run([&] {
    return next < count ? stored.Command(next++) : std::string();
  });
  redis.Call({"CONFIG", "SET", "appendfsync", "always"});
}

}  // namespace

void MeasureFlatness(Stage& stage, Figures& figures) {
  const int few = stage.Scale(1000, 1000);
  const int many = stage.Scale(1000000, 2000);
  const auto empty = stage.StartRedis();
  const auto full = stage.StartRedis();
  Store(stage, *empty, few);
  Store(stage, *full, many);
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
  }
  figures.AddRatio("flat_submit", "submit_qps_many", "submit_qps_few");
  figures.AddRatio("flat_list", "list_qps_many", "list_qps_few");
}

}  // namespace fuju::bench
