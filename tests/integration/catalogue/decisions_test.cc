// Stored decisions made anew, and tried on another version, over gRPC.

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue/versions/publication.h"
#include "catalogue_instance.h"
#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

// More than a page, all of one millisecond of the clock.
constexpr int kApplications = 300;

std::string Id(const std::string& county, int number) {
  return absl::StrFormat("%s-01HZX3M9Q2V7N8K4T6R5W1Y%03d", county, number);
}

class DecisionsTest : public testing::Test {
 protected:
  void Prepare(int in_one_county = kApplications) {
    instance_.ImportGansu();
    for (const char* county : {"620102", "620103"}) {
      ASSERT_TRUE(instance_.Allocate(county, 98000 * 1000, std::string("prepare") + county).ok());
    }
    for (int i = 0; i < in_one_county; ++i) Submit("620102", i, 1 + i % 3);
    Submit("620103", 0, 1);
    log_.Await<v1::SubsidyReserved>(static_cast<size_t>(in_one_county - in_one_county / 3 + 1));
    log_.Await<v1::SubsidyRefused>(static_cast<size_t>(in_one_county / 3));
  }
  // Of a grade; the third is refused.
  void Submit(const std::string& county, int number, int grade) {
    auto fact = ApplicationsStream::Submitted(Id(county, number));
    const std::string key = absl::StrFormat("%064d", number);
    fact.mutable_application()->set_person_key(key);
    fact.mutable_facts()->set_person_key(key);
    fact.mutable_facts()->set_grade(grade);
    if (number % 2 == 0) {
      fact.mutable_facts()->set_economic_status(type::v1::ECONOMIC_STATUS_YB);
    }
    stream_.Publish(fact);
  }
  // Changes a stored grant as a hand would.
  void Plant(const std::string& id, std::function<void(v1::Grant&)> change) {
    absl::Notification done;
    chassis::Command command;
    command.actor = "operator:o1";
    instance_.stores().grants.Update(
        id, std::move(command),
        [&change](const chassis::Versioned<v1::Grant>& current) {
          chassis::Decision<v1::Grant> decision;
          decision.next = current.state;
          change(decision.next);
          decision.facts.push_back(chassis::MakeFact(v1::SubsidyReserved()));
          return absl::StatusOr<chassis::Decision<v1::Grant>>(std::move(decision));
        },
        [&done](const auto& committed) {
          EXPECT_TRUE(committed.ok()) << committed.status();
          done.Notify();
        });
    done.WaitForNotification();
  }

  absl::StatusOr<v1::DecisionReplay> Replay(const std::string& id) {
    v1::ReplayDecisionRequest request;
    request.set_name("grants/" + id);
    grpc::ClientContext context;
    v1::DecisionReplay replay;
    const grpc::Status status = instance_.decisions().ReplayDecision(&context, request, &replay);
    if (!status.ok()) return chassis::FromGrpcStatus(status);
    return replay;
  }
  // All messages of a stream; the error that it ended with.
  template <typename Response>
  static absl::StatusOr<std::vector<Response>> ReadAll(grpc::ClientReader<Response>& stream) {
    std::vector<Response> messages;
    Response message;
    while (stream.Read(&message)) messages.push_back(message);
    const grpc::Status status = stream.Finish();
    if (!status.ok()) return chassis::FromGrpcStatus(status);
    return messages;
  }
  absl::StatusOr<std::vector<v1::ReplayDecisionsResponse>> ReplayAll(
      const std::string& area, const std::string& from = "2026-03-01",
      const std::string& to = "2026-03-31") {
    v1::ReplayDecisionsRequest request;
    request.set_area_code(area);
    request.set_from_date(from);
    request.set_to_date(to);
    grpc::ClientContext context;
    return ReadAll(*instance_.decisions().ReplayDecisions(&context, request));
  }
  absl::StatusOr<std::vector<v1::SimulateCatalogueResponse>> Simulate(const std::string& version,
                                                                      const std::string& area) {
    v1::SimulateCatalogueRequest request;
    request.set_version(version);
    request.set_area_code(area);
    request.set_from_date("2026-03-02");
    request.set_to_date("2026-03-02");
    grpc::ClientContext context;
    return ReadAll(*instance_.decisions().SimulateCatalogue(&context, request));
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  test_support::FactLog log_{instance_.fanout(), kPartitions};
  ApplicationsStream stream_{&redis_};
};

TEST_F(DecisionsTest, ReplayOneDecision) {
  Prepare(3);
  const auto replay = Replay(Id("620102", 1));
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ(replay->result(), v1::REPLAY_RESULT_EQUAL) << replay->DebugString();
  EXPECT_EQ(replay->catalogue_version(), "gansu-test");
  // A later version does not change what was decided.
  instance_.ImportGansu("gansu-later");
  EXPECT_EQ(Replay(Id("620102", 1))->result(), v1::REPLAY_RESULT_EQUAL);
  Plant(Id("620102", 1), [](v1::Grant& grant) { grant.mutable_decision()->set_subsidy_fen(1); });
  const auto changed = Replay(Id("620102", 1));
  EXPECT_EQ(changed->result(), v1::REPLAY_RESULT_DIFFERENT);
  EXPECT_TRUE(changed->hash_broken());
  EXPECT_EQ(Replay(Id("620102", 99)).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(DecisionsTest, ReplayAnAreaPageByPage) {
  Prepare();
  clock_.Set(TestTime() + absl::Hours(24));
  auto messages = ReplayAll("620000");
  ASSERT_TRUE(messages.ok()) << messages.status();
  v1::ReplayDecisionsResponse last = messages->back();
  EXPECT_TRUE(last.progress().complete());
  EXPECT_EQ(last.progress().counties_done(), last.progress().counties());
  EXPECT_EQ(last.progress().decisions(), kApplications + 1);
  EXPECT_EQ(last.equal(), kApplications + 1);
  EXPECT_EQ(last.different() + last.not_replayable(), 0);
  EXPECT_GT(messages->size(), 3u) << "it tells how far it is";

  for (const int number : {7, 280}) {
    Plant(Id("620102", number), [](v1::Grant& grant) {
      grant.mutable_decision()->set_eligible(!grant.decision().eligible());
    });
  }
  messages = ReplayAll("620102");
  std::vector<std::string> found;
  for (const v1::ReplayDecisionsResponse& message : *messages) {
    for (const v1::DecisionReplay& replay : message.found()) found.push_back(replay.name());
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found,
            std::vector<std::string>({"grants/" + Id("620102", 7), "grants/" + Id("620102", 280)}));
  EXPECT_EQ(messages->back().different(), 2);
  EXPECT_EQ(ReplayAll("620103")->back().equal(), 1);
  EXPECT_EQ(ReplayAll("620102", "2026-03-03", "2026-03-31")->back().progress().decisions(), 0);
  EXPECT_EQ(ReplayAll("620102", "2026-03-03", "2026-03-02").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(DecisionsTest, SimulateAVersionThatIsNotInForce) {
  Prepare();
  storage::v1::CatalogueRecord draft;
  {
    const std::shared_ptr<const Catalogue> in_force = instance_.watcher().InForce();
    std::vector<v1::Item> items;
    for (const v1::Item* item : in_force->ItemsAfter("", 1000)) {
      items.push_back(*item);
      items.back().mutable_ratios()->set_general_bp(2500);
      if (item->item_code() == "M01") items.back().add_grades(3);
    }
    draft = VersionOf("next-year", std::move(items), TestTime());
    draft.mutable_version()->set_state(v1::CATALOGUE_STATE_DRAFT);
    *draft.mutable_version()->mutable_policy() = in_force->policy();
  }
  instance_.Store(draft);

  const auto messages = Simulate("next-year", "620100");
  ASSERT_TRUE(messages.ok()) << messages.status();
  const v1::SimulateCatalogueResponse& last = messages->back();
  EXPECT_TRUE(last.progress().complete());
  const v1::SimulationCounts& total = last.total();
  EXPECT_EQ(total.applications(), kApplications + 1);
  EXPECT_EQ(total.eligible_before(), kApplications * 2 / 3 + 1);
  EXPECT_EQ(total.newly_eligible(), kApplications / 3);
  EXPECT_EQ(total.no_longer_eligible(), 0);
  // Of the 300, and the one in the other county, the even ones are general families.
  EXPECT_EQ(total.subsidy_before_fen(), 100 * 98000 + 101 * 49000);
  EXPECT_EQ(total.subsidy_after_fen(), 150 * 98000 + 151 * 24500);
  EXPECT_EQ(total.subsidy_after_fen() + total.self_pay_after_fen(), (kApplications + 1) * 98000);
  int64_t applications = 0;
  for (const v1::SimulationCell& cell : last.cells()) {
    EXPECT_EQ(cell.item_code(), "M01");
    applications += cell.counts().applications();
  }
  EXPECT_EQ(applications, kApplications + 1);
  EXPECT_EQ(last.cells_size(), 3);
  EXPECT_EQ(Simulate("no-such", "620100").status().code(), absl::StatusCode::kNotFound);
}

// Long runs leave the service to others, and end with who asked for them.
TEST_F(DecisionsTest, SeveralRunsAtOnceAndACancelledOne) {
  Prepare();
  std::vector<std::thread> runs;
  std::vector<int64_t> equal(4);
  for (size_t i = 0; i < equal.size(); ++i) {
    runs.emplace_back([this, i, &equal] {
      const auto messages = ReplayAll("620000");
      if (messages.ok()) equal[i] = messages->back().equal();
    });
  }
  grpc::ClientContext context;
  v1::ReplayDecisionsRequest request;
  request.set_area_code("620000");
  request.set_from_date("2026-03-01");
  request.set_to_date("2026-03-31");
  const auto cancelled = instance_.decisions().ReplayDecisions(&context, request);
  context.TryCancel();
  v1::ReplayDecisionsResponse message;
  while (cancelled->Read(&message)) {
  }
  EXPECT_EQ(cancelled->Finish().error_code(), grpc::StatusCode::CANCELLED);
  v1::QuoteSubsidyRequest quote;
  *quote.mutable_input() = WheelchairQuote();
  EXPECT_TRUE(instance_.Call(&v1::CatalogueService::Stub::QuoteSubsidy, quote, "").ok());
  for (std::thread& run : runs) run.join();
  EXPECT_EQ(equal, std::vector<int64_t>(4, kApplications + 1));
}

}  // namespace
}  // namespace fuju::catalogue
