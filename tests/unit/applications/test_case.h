#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "applications/application.h"
#include "applications/draft_decisions.h"
#include "applications/questionnaire_set.h"
#include "fuju/applications/v1/intake_service.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/v1/fitting.pb.h"
#include "vocabulary/person_key.h"
#include "vocabulary/working_days.h"

namespace fuju::applications::testing {

// An invented person; every text here must never be found in a fact.
inline constexpr char kName[] = "马小兰";
inline constexpr char kResidentId[] = "620102190001010010";
inline constexpr char kCertificate[] = "62010219000101001043";
inline constexpr char kPhone[] = "13812345678";
inline constexpr char kAddress[] = "甘肃省兰州市城关区白银路街道八号院三单元";
inline constexpr char kPurpose[] = "马小兰日常出行使用";
inline constexpr char kNote[] = "联系马小兰13812345678";

inline constexpr char kId[] = "620102-01JH8R5V7E0000000000000001";
// Where the person moves to.
inline constexpr char kNewCounty[] = "620103";
inline constexpr char kNewAddress[] = "甘肃省兰州市七里河区西园街道九号院二单元";
// What an officer of a price stage finds right.
inline constexpr int64_t kPrice = 90000;
inline constexpr char kVendor[] = "vendors/91620102DEM0000146";
inline constexpr char kSerial[] = "SN-2026/001";

// Monday 2026-01-05 09:00 in Lanzhou.
absl::Time Start();

const vocabulary::WorkingDayCalendar& Calendar();
const vocabulary::PersonKeyer& Keyer();
// The sample questionnaire, version 1, which Draft() answers.
const QuestionnaireSet& Questionnaires();
// These, the shipped intake files and the keyer.
DraftBooks Books();
const Limits& DefaultLimits();
// The shipped chains: the short one for every county.
Rules DefaultRules();
// The short chain with a public notice of five working days behind it, for every county.
Rules NoticeRules();
// The short chain with a price stage of the same officers before it, for every county.
Rules PriceRules();

v1::Application Draft();
// Civil affairs confirm the economic status of Draft().
v1::VerifyPersonFactRequest StatusVerified();
catalogue::v1::Grant ReservedGrant();
// By kPrice.
catalogue::v1::Grant RepricedGrant();
catalogue::v1::Grant RefusedGrant(bool for_money);
dispatch::v1::Round RoundOf(int attempt, dispatch::v1::RoundState state);
// Order of an attempt; with a booked visit, a missed one, or a hand-over, as the state says.
fitting::v1::Order OrderOf(int attempt, fitting::v1::OrderState state);

// One application that decisions are made on, one after the other.
class TestCase {
 public:
  // In the state, by the shortest way that the table of moves has; by the default rules but where
  // only a chain with a notice or a price stage leads there.
  static TestCase In(ApplicationState state);
  // The same, in a stage of which the chain allows every move that is legal in the state.
  static TestCase ForEveryMove(ApplicationState state);
  // As In, by these rules.
  static TestCase In(ApplicationState state, Rules rules);
  // A draft, going by these rules.
  static TestCase Drafted(Rules rules);

  const Record& record() const { return record_; }
  const v1::Application& application() const { return record_.application(); }
  ApplicationState state() const { return application().state(); }
  // All facts so far.
  const std::vector<chassis::Fact>& facts() const { return facts_; }
  const google::protobuf::Message& last_fact() const { return *facts_.back(); }
  const v1::TimelineEntry& last_entry() const {
    return application().timeline(application().timeline_size() - 1);
  }

  absl::Time now() const { return act_.now; }
  Act act() const { return act_; }
  const Rules& rules() const { return rules_; }
  void ActAs(std::string actor) { act_.actor = std::move(actor); }
  void Advance(absl::Duration by) { act_.now += by; }
  void MoveTo(absl::Time now) { act_.now = now; }

  // What a move would do now, with ordinary arguments.
  Result Try(Move move) const;
  // Does it; true if it changed something. Fails the test on an error.
  bool Do(Move move);
  bool Take(Result result);

 private:
  explicit TestCase(Rules rules) : rules_(rules) {}

  Rules rules_;
  Record record_;
  std::vector<chassis::Fact> facts_;
  Act act_ = {Start(), "county_reviewer:r1"};
};

}  // namespace fuju::applications::testing
