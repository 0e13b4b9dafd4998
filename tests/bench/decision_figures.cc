// Decisions on subsidies: how fast the core decides on one core with the whole trace, with words,
// and what a service makes of stored decisions.

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <grpcpp/grpcpp.h>

#include "bench/counted_allocations.h"
#include "bench/measure.h"
#include "bench/one_commit.h"
#include "bench/pipeline.h"
#include "bench/registered_figures.h"
#include "catalogue/decision/decide.h"
#include "catalogue/decision/render_decision.h"
#include "catalogue/grant.h"
#include "catalogue/versions/catalogue.h"
#include "catalogue/versions/catalogue_csv.h"
#include "catalogue/versions/publication.h"
#include "catalogue/versions/version_record.h"
#include "chassis/process/files.h"
#include "chassis/store/commit_script.h"
#include "chassis/store/packed_state.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/decisions_service.grpc.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::bench {
namespace {

namespace cv1 = catalogue::v1;

constexpr char kLabel[] = "gansu-bench";
constexpr char kProvince[] = "620000";
constexpr char kCounty[] = "620102";

template <typename Value>
Value Must(absl::StatusOr<Value> value) {
  if (!value.ok()) Fail(value.status().ToString());
  return *std::move(value);
}

// The shipped catalogue, with every kind of limit of a person: nothing is cheaper than with the
// richest policy.
catalogue::storage::v1::CatalogueRecord Shipped(const std::string& data_dir) {
  const std::string csv = Must(chassis::ReadTextFile(data_dir + "/catalogue.csv"));
  std::vector<cv1::Item> items = Must(catalogue::ParseCatalogueCsv(csv));
  for (cv1::Item& item : items) {
    if (item.age_max() == 17) item.set_share_group("child");
  }
  // As one from before there were drafts: published at this time, for the whole province.
  catalogue::storage::v1::CatalogueRecord record;
  record.mutable_version()->set_name(catalogue::CatalogueVersionName(kLabel));
  record.mutable_version()->set_version(kLabel);
  *record.mutable_version()->mutable_publish_time() =
      chassis::ToTimestamp(absl::Now() - absl::Hours(48));
  for (cv1::Item& item : items) *record.add_items() = std::move(item);
  cv1::SubsidyPolicy& policy = *record.mutable_version()->mutable_policy();
  policy.set_mode(cv1::SUBSIDY_MODE_RATIO_OF_CAP);
  policy.set_ffp_ratio_bp(10000);
  policy.set_multiple_kinds(3);
  policy.set_yearly_kinds(4);
  policy.set_multiple_total_cap_fen(100000);
  policy.set_yearly_cap_fen(2000000);
  policy.add_child_yearly_devices("0618");
  policy.add_child_yearly_devices("0624");
  policy.add_early_grounds(type::v1::EARLY_REPLACEMENT_GROUND_DAMAGED);
  cv1::SharedAllowance& allowance = *policy.add_shared_allowances();
  allowance.set_share_group("child");
  allowance.set_cap_fen(500000);
  allowance.set_children_only(true);
  allowance.set_years(2);
  cv1::LocalTopUp& top_up = *record.add_top_ups();
  top_up.set_item_code("*");
  top_up.set_ratio_bp(2000);
  top_up.set_cap_fen(20000);
  top_up.set_fund_source(cv1::FUND_SOURCE_COUNTY);
  return record;
}

// What people ask: any item, ages, groups, some with several disabilities, with up to three earlier
// devices.
std::vector<catalogue::GrantApplication> Applications(const catalogue::Catalogue& catalogue,
                                                      int count) {
  std::mt19937 random(1);
  const auto of = [&random](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  const std::vector<const cv1::Item*> items = catalogue.ItemsAfter("", 1000);
  const auto any_item = [&]() -> const cv1::Item& {
    return *items[static_cast<size_t>(of(static_cast<int>(items.size())))];
  };
  std::vector<catalogue::GrantApplication> applications;
  for (int i = 0; i < count; ++i) {
    const cv1::Item& item = any_item();
    catalogue::GrantApplication application;
    application.application = absl::StrFormat("applications/%s-01HZX3M9Q2V7N8K4%010d", kCounty, i);
    application.county_code = kCounty;
    application.item_code = item.item_code();
    application.device_division = item.iso9999_code();
    application.quote = vocabulary::Fen(1000 + of(static_cast<int>(item.cap_fen() * 2)));
    type::v1::EligibilityFacts& facts = application.facts;
    facts.set_person_key(absl::StrFormat("%064x", i));
    facts.set_birth_date(absl::StrFormat("%04d-%02d-%02d", 1940 + of(85), 1 + of(12), 1 + of(28)));
    const bool several = of(8) == 0;
    facts.set_category(several ? type::v1::DISABILITY_CATEGORY_MULTIPLE : item.categories(0));
    facts.set_grade(1 + of(3));
    if (several) {
      for (const int category : {1, 4}) {
        type::v1::GradedCategory& single = *facts.add_single_categories();
        single.set_category(static_cast<type::v1::DisabilityCategory>(category));
        single.set_grade(facts.grade());
      }
    }
    facts.set_economic_status(static_cast<type::v1::EconomicStatus>(1 + of(6)));
    facts.set_county_code(kCounty);
    for (int earlier = of(4); earlier > 0; --earlier) {
      const cv1::Item& had = any_item();
      cv1::Delivery delivery;
      delivery.set_application(absl::StrFormat("applications/%s-%d", kCounty, earlier));
      delivery.set_item_code(had.item_code());
      delivery.set_device_division(had.iso9999_code());
      delivery.set_share_group(had.share_group());
      delivery.set_subsidy_fen(of(100000));
      delivery.set_acceptance_date(
          absl::StrFormat("%04d-%02d-%02d", 2020 + of(7), 1 + of(12), 1 + of(28)));
      application.history.push_back(std::move(delivery));
    }
    applications.push_back(std::move(application));
  }
  return applications;
}

// A question, read once, as the core decides on it.
struct Question {
  const catalogue::Catalogue::Terms* terms;
  catalogue::PersonFacts person;
  std::vector<catalogue::PastDelivery> history;
  catalogue::Asked asked;
};

catalogue::DecisionInputs InputsOf(const Question& question,
                                   const catalogue::Catalogue& catalogue) {
  return {question.terms->item,    *catalogue.prepared_policy(),
          question.terms->top_ups, question.person,
          question.history,        question.asked};
}

std::vector<Question> Questions(const std::vector<catalogue::GrantApplication>& applications,
                                const catalogue::Catalogue& catalogue) {
  std::vector<Question> questions;
  for (const catalogue::GrantApplication& application : applications) {
    Question question;
    question.terms = catalogue.FindTerms(application.item_code);
    question.person = Must(catalogue::ReadFacts(application.facts, true));
    question.history = Must(catalogue::ReadHistory(application.history, application.application));
    question.asked.quote = application.quote;
    question.asked.date = absl::CivilDay(2026, 6, 1);
    questions.push_back(std::move(question));
  }
  return questions;
}

// Seconds that `rounds` of `work` over all questions take.
template <typename Work>
double SecondsOf(const std::vector<Question>& questions, int rounds, const Work& work) {
  const int64_t began = SteadyNs();
  for (int round = 0; round < rounds; ++round) {
    for (const Question& question : questions) work(question);
  }
  return static_cast<double>(SteadyNs() - began) / 1e9;
}

void MeasureCore(Stage& stage, const std::vector<catalogue::GrantApplication>& applications,
                 const catalogue::Catalogue& catalogue, Figures& figures) {
  const std::vector<Question> questions = Questions(applications, catalogue);
  const int rounds = stage.Scale(200, 2);
  const auto count = static_cast<double>(questions.size());
  int64_t lines = 0;
  int64_t eligible = 0;
  for (int run = 0; run <= stage.options().runs; ++run) {
    lines = eligible = 0;
    const int64_t allocated = AllocationsOfThisThread();
    const double seconds = SecondsOf(questions, rounds, [&](const Question& question) {
      const catalogue::Verdict verdict = catalogue::Decide(InputsOf(question, catalogue));
      lines += static_cast<int64_t>(verdict.lines().size());
      eligible += verdict.eligible ? 1 : 0;
    });
    const auto allocations = static_cast<double>(AllocationsOfThisThread() - allocated);
    size_t bytes = 0;
    const int written = stage.Scale(5, 1);
    const double rendering = SecondsOf(questions, written, [&](const Question& question) {
      const catalogue::DecisionInputs in = InputsOf(question, catalogue);
      bytes += static_cast<size_t>(
          catalogue::RenderDecision(in, catalogue::Decide(in), kLabel).rules_size());
    });
    if (bytes == 0) Fail("nothing was written");
    if (run == 0) continue;
    figures.Add("quotes_per_s", rounds * count / seconds);
    figures.Add("allocations_per_quote", allocations / (rounds * count));
    figures.Add("rendered_quotes_per_s", written * count / rendering);
  }
  figures.Add("lines_per_quote", static_cast<double>(lines) / (rounds * count));
  figures.Add("eligible_share", static_cast<double>(eligible) / (rounds * count));
}

// The command that stores a grant as the service does. Its money was given back, so that no budget
// has to be there.
std::string StoreCommand(cv1::Grant grant) {
  static const auto* const kKeys = new chassis::Keys("catalogue", 16);
  grant.set_state(cv1::GRANT_STATE_RELEASED);
  grant.clear_transfers();
  grant.clear_fund_shares();
  grant.clear_expire_time();
  const std::string id = catalogue::GrantId(grant.application(), grant.county_code());
  chassis::Commit commit;
  commit.location = {.kind = "grant", .id = id, .name = grant.name(), .route = kCounty};
  commit.partition = kKeys->PartitionOf(commit.location.route);
  commit.next_version = 1;
  commit.correlation_id = grant.application();
  commit.state = chassis::PackState(
      {.state = grant.SerializeAsString(), .version = 0, .correlation_id = commit.correlation_id},
      id);
  commit.footprint = chassis::Difference({}, catalogue::GrantFootprint(id, grant));
  return EncodedCommit(commit, {}, *kKeys);
}

void StoreGrants(const test_support::RedisServer& redis,
                 const std::vector<catalogue::GrantApplication>& applications,
                 const catalogue::Catalogue& catalogue, int count) {
  redis.Call({"CONFIG", "SET", "appendfsync", "no"});
  redis.Call({"SCRIPT", "LOAD", std::string(chassis::CommitScript().text())});
  // The decisions of a year.
  constexpr int kDays = 365;
  const absl::Time last = absl::Now() - absl::Hours(1);
  const catalogue::PreparedPolicy policy;
  catalogue::FundsAtHand funds;
  funds.order = {cv1::FUND_SOURCE_COUNTY};
  funds.available[cv1::FUND_SOURCE_COUNTY] = int64_t{1} << 40;
  int next = 0;
  Pipeline(redis.port(), /*connections=*/4, /*in_flight=*/256).Run([&] {
    if (next == count) return std::string();
    catalogue::GrantApplication application =
        applications[static_cast<size_t>(next) % applications.size()];
    application.application =
        absl::StrFormat("applications/%s-01HZX3M9Q2V7N8K4%010d", kCounty, next++);
    const absl::Time then = last - absl::Hours(24) * (next % kDays);
    const auto decision =
        Must(catalogue::AssessApplication(application, catalogue, true, then, policy));
    return StoreCommand(catalogue::OpenGrant({}, application, decision, funds, then)->next);
  });
}

template <typename Request>
Request PeriodOf() {
  Request request;
  request.set_area_code(kCounty);
  const absl::CivilDay today = vocabulary::TodayInShanghai(absl::Now());
  request.set_from_date(vocabulary::FormatCivilDate(today - 366));
  request.set_to_date(vocabulary::FormatCivilDate(today));
  return request;
}

// The last message of a run; it has to be complete.
template <typename Response>
Response LastOf(std::unique_ptr<grpc::ClientReader<Response>> stream, int decisions) {
  Response next;
  Response last;
  while (stream->Read(&next)) last.Swap(&next);
  const grpc::Status status = stream->Finish();
  if (!status.ok()) Fail(status.error_message());
  if (last.progress().decisions() != decisions) {
    Fail(absl::StrFormat("%d decisions were looked at, not %d", last.progress().decisions(),
                         decisions));
  }
  return last;
}

// Through the service: read from Redis, unpacked, made anew, compared, hashed.
void MeasureRuns(Stage& stage, const std::vector<catalogue::GrantApplication>& applications,
                 const catalogue::storage::v1::CatalogueRecord& record, Figures& figures) {
  const catalogue::Catalogue catalogue({catalogue::ReadRecord(record, kProvince)});
  const int count = stage.Scale(20000, 500);
  const auto redis = stage.StartRedis();
  StoreGrants(*redis, applications, catalogue, count);
  // The version lies in the store as a published one does.
  static const auto* const kKeys = new chassis::Keys("catalogue", 16);
  chassis::Commit commit;
  commit.location = {.kind = "catalogue_version",
                     .id = kLabel,
                     .name = catalogue::CatalogueVersionName(kLabel),
                     .route = std::string(catalogue::kCatalogueRoute)};
  commit.partition = kKeys->PartitionOf(commit.location.route);
  commit.next_version = 1;
  commit.state = chassis::PackState(
      {.state = record.SerializeAsString(), .version = 0, .correlation_id = ""}, kLabel);
  commit.footprint = chassis::Difference({}, catalogue::VersionFootprint(kLabel, record));
  bool sent = false;
  Pipeline(redis->port(), 1, 1).Run([&] {
    return std::exchange(sent, true) ? std::string() : EncodedCommit(commit, {}, *kKeys);
  });
  redis->Call({"CONFIG", "SET", "appendfsync", "always"});
  const Served served =
      stage.Serve(stage.Product("fuju-catalogue"), *redis, {"--data_dir=" + stage.data_dir()});
  const auto stub = cv1::DecisionsService::NewStub(
      grpc::CreateChannel(served.address, grpc::InsecureChannelCredentials()));
  auto simulated = PeriodOf<cv1::SimulateCatalogueRequest>();
  simulated.set_version(kLabel);
  const auto replayed = PeriodOf<cv1::ReplayDecisionsRequest>();
  for (int run = 0; run <= stage.options().runs; ++run) {
    grpc::ClientContext replay_context;
    int64_t began = SteadyNs();
    const auto replays = LastOf(stub->ReplayDecisions(&replay_context, replayed), count);
    const double replaying = static_cast<double>(SteadyNs() - began) / 1e9;
    if (replays.equal() != count) Fail("a decision did not come out the same");
    grpc::ClientContext simulation_context;
    began = SteadyNs();
    const auto simulation = LastOf(stub->SimulateCatalogue(&simulation_context, simulated), count);
    const double simulating = static_cast<double>(SteadyNs() - began) / 1e9;
    if (simulation.total().subsidy_before_fen() != simulation.total().subsidy_after_fen()) {
      Fail("the same version does not cost the same");
    }
    if (run == 0) continue;
    figures.Add("replays_per_s", count / replaying);
    figures.Add("simulated_applications_per_s", count / simulating);
  }
}

// quotes_per_s, allocations_per_quote, rendered_quotes_per_s, replays_per_s,
// simulated_applications_per_s
void MeasureDecisions(Stage& stage, Figures& figures) {
  const catalogue::storage::v1::CatalogueRecord record = Shipped(stage.data_dir());
  const catalogue::Catalogue catalogue({catalogue::ReadRecord(record, kProvince)});
  const std::vector<catalogue::GrantApplication> applications =
      Applications(catalogue, stage.Scale(5000, 200));
  MeasureCore(stage, applications, catalogue, figures);
  MeasureRuns(stage, applications, record, figures);
}

const RegisteredFigures kDecisions("catalogue", "catalogue", MeasureDecisions);

}  // namespace
}  // namespace fuju::bench
