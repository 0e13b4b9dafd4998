// The reviewer's desk: a page of one office's queue beside a hundred thousand cases that wait in
// it.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "applications/chain_settings.h"
#include "applications/deadline_decisions.h"
#include "applications/desk/claim_decisions.h"
#include "applications/draft_decisions.h"
#include "applications/review_decisions.h"
#include "applications/settings.h"
#include "bench/call_load.h"
#include "bench/drafts.h"
#include "bench/measure.h"
#include "bench/registered_figures.h"
#include "bench/stored_applications.h"
#include "chassis/process/files.h"
#include "edge_formats/region_files.h"
#include "fuju/applications/v1/review_desk_service.grpc.pb.h"
#include "support/complete_applicant.h"
#include "vocabulary/person_key.h"

namespace fuju::bench {
namespace {

namespace av1 = applications::v1;
using applications::Act;
using applications::Record;
using applications::Result;

constexpr char kMethod[] = "/fuju.applications.v1.ReviewDeskService/ListQueuedCases";
constexpr char kActor[] = "county_reviewer:r1";

template <typename Value>
Value Must(absl::StatusOr<Value> value) {
  if (!value.ok()) Fail(value.status().ToString());
  return *std::move(value);
}

// Cases of one county that wait for an officer, made by the product's decisions: handed in at any
// hour of the last ten days, so that many share an hour, some are late, and have been escalated;
// several items and economic groups; one in fifty has an officer.
class WaitingCases {
 public:
  explicit WaitingCases(const std::string& data_dir)
      : inventor_(data_dir),
        keyer_(Must(vocabulary::PersonKeyer::Create("pepper-of-a-benchmark-only"))),
        calendar_(Must(vocabulary::WorkingDayCalendar::Parse(
            Must(chassis::ReadTextFile(data_dir + "/workdays_2025_2026.csv"))))),
        regions_(Must(edge_formats::ReadRegionTable(data_dir))),
        chains_(Must(applications::ReadChains(data_dir + "/chains", regions_, limits_))),
        intake_(Must(applications::ReadIntake(data_dir))) {
    for (int i = 0; i < kKinds; ++i) templates_.push_back(Make(i));
  }

  Record& Of(int number) { return templates_[static_cast<size_t>(number) % templates_.size()]; }
  const std::string& county() const { return inventor_.counties().front(); }

 private:
  static constexpr int kKinds = 1000;
  static constexpr int kHours = 240;

  Record Make(int number) {
    // A limit in plain time: one in working days needs a calendar of the next year in December.
    const absl::Time handed_in = absl::Now() - absl::Hours(number % kHours);
    av1::Application draft = inventor_.Invent(number);
    draft.set_county_code(county());
    draft.mutable_request()->set_item_code(number % 3 == 0 ? "M02" : "M01");
    draft.mutable_applicant()->set_economic_status(number % 4 == 0 ? type::v1::ECONOMIC_STATUS_YB
                                                                   : type::v1::ECONOMIC_STATUS_DB);
    *draft.mutable_applicant()->add_documents() = test_support::DocumentOf("economic_proof");
    Record record;
    const auto take = [&record](Result result) {
      if (!result.ok()) Fail(result.status().ToString());
      if (result->changed) record = std::move(result->next);
    };
    const applications::Act act{handed_in, kActor};
    const applications::QuestionnaireSet questionnaires;
    take(applications::DecideCreate(
        "", Must(applications::NormalDraft(draft, {questionnaires, intake_, keyer_}, act)), intake_,
        act));
    take(applications::DecideSubmit(record, {}, rules_, {handed_in, kActor}));
    catalogue::v1::Grant grant;
    grant.set_fiscal_year(2026);
    grant.mutable_decision()->set_eligible(true);
    grant.mutable_decision()->set_subsidy_fen(98000);
    take(applications::DecideSubsidyReserved(record, grant, rules_, {handed_in, kActor}));
    take(applications::DecideDeadline(record, applications::kReviewTimer, rules_,
                                      {absl::Now(), kActor}));
    constexpr int kClaimedEvery = 50;
    if (number % kClaimedEvery == 0) {
      const std::string officer = absl::StrCat("county_reviewer:r", number / kClaimedEvery);
      take(applications::DecideClaim(record, "", {}, rules_, {absl::Now(), officer}));
    }
    return record;
  }

  const DraftInventor inventor_;
  const vocabulary::PersonKeyer keyer_;
  const vocabulary::WorkingDayCalendar calendar_;
  const vocabulary::RegionTable regions_;
  const applications::Limits limits_ = {.review = applications::Limit::Time(absl::Hours(120))};
  const applications::ChainBook chains_;
  const applications::IntakeBook intake_;
  const applications::Rules rules_{limits_, calendar_, chains_, intake_};
  std::vector<Record> templates_;
};

// What an officer's screen asks for: the first page with the counts of all stages, the late ones,
// those of an item, those that nobody has, and the page behind the first. Pages of fifty.
std::vector<grpc::ByteBuffer> Requests(const Served& served, const std::string& county, int waiting,
                                       int count) {
  av1::ListQueuedCasesRequest first;
  first.set_office_code(county);
  av1::ListQueuedCasesRequest late = first;
  late.set_late_only(true);
  av1::ListQueuedCasesRequest of_item = first;
  of_item.set_item_code("M02");
  av1::ListQueuedCasesRequest free = first;
  free.set_claim(av1::CLAIM_FILTER_UNCLAIMED);
  av1::ListQueuedCasesRequest second = first;
  const auto stub = av1::ReviewDeskService::NewStub(
      grpc::CreateChannel(served.address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.AddMetadata("fuju-actor", kActor);
  av1::ListQueuedCasesResponse page;
  const grpc::Status status = stub->ListQueuedCases(&context, first, &page);
  if (!status.ok()) Fail(status.error_message());
  if (page.cases_size() != 50 || page.stage_counts_size() == 0 ||
      page.stage_counts(0).open_count() != waiting || page.stage_counts(0).late_count() == 0) {
    Fail(absl::StrCat("the queue is not as it was filled: ", page.cases_size(), " cases, ",
                      page.stage_counts(0).ShortDebugString()));
  }
  second.set_page_token(page.next_page_token());
  const std::vector<grpc::ByteBuffer> kinds = {Serialized(first), Serialized(late),
                                               Serialized(of_item), Serialized(free),
                                               Serialized(second)};
  std::vector<grpc::ByteBuffer> requests;
  for (int i = 0; i < count; ++i) requests.push_back(kinds[static_cast<size_t>(i) % kinds.size()]);
  return requests;
}

// queue_page_p50_ms, queue_page_p99_ms, queue_server_cpu_us, queue_redis_cpu_us
void MeasureQueue(Stage& stage, Figures& figures) {
  const int waiting = stage.Scale(100000, 1000);
  const auto redis = stage.StartRedis();
  WaitingCases cases(stage.data_dir());
  StoreApplications(*redis, waiting, [&cases](int number) -> Record& { return cases.Of(number); });
  const Served served = stage.ServeApplications(stage.Product("fuju-applications"), *redis);
  const std::vector<grpc::ByteBuffer> requests =
      Requests(served, cases.county(), waiting, stage.Scale(4000, 100));
  CallLoad load(served.address, kMethod, kActor);
  for (int run = 0; run <= stage.options().runs; ++run) {
    const absl::Duration server = CpuTimeOf(served.process.pid());
    const absl::Duration store = CpuTimeOf(redis->pid());
    const LoadResult result = load.RunClosed(requests, /*in_flight=*/1);
    const auto calls = static_cast<double>(result.calls);
    if (result.ok() != result.calls) Fail("a page of the queue was refused");
    if (run == 0) continue;
    figures.Add("queue_page_p50_ms", Quantile(result.latencies_ms, 0.5));
    figures.Add("queue_page_p99_ms", Quantile(result.latencies_ms, 0.99));
    figures.Add("queue_server_cpu_us",
                absl::ToDoubleMicroseconds(CpuTimeOf(served.process.pid()) - server) / calls);
    figures.Add("queue_redis_cpu_us",
                absl::ToDoubleMicroseconds(CpuTimeOf(redis->pid()) - store) / calls);
    // As fast as two can.
    const LoadResult both = load.RunClosed(requests, /*in_flight=*/2);
    if (both.ok() != both.calls) Fail("a page of the queue was refused");
    figures.Add("queue_two_officers_p99_ms", Quantile(both.latencies_ms, 0.99));
  }
  figures.Add("queue_cases", waiting);
}

const RegisteredFigures kQueue("applications", "queue", MeasureQueue);

}  // namespace
}  // namespace fuju::bench
