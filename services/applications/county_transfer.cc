#include "applications/county_transfer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "applications/course.h"
#include "applications/draft_decisions.h"
#include "applications/funding.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/transfer_events.pb.h"

namespace fuju::applications {
namespace {

absl::Status CheckAsk(const v1::Application& application, const TransferAsk& ask, const Act& act) {
  if (ask.proof.empty() && FindStaffRole(RoleOf(act.actor)) == nullptr) {
    return chassis::InvalidFields()
        .Field("proof", "由本人或代办人提出转县时，请说明户籍或居住地变更的证明材料",
               "say what proves the move, unless an officer asks for the transfer")
        .Build();
  }
  // Perhaps somebody else was faster.
  if (ask.county_code == application.county_code()) {
    return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "STATE_FORBIDS",
                            "申请已由该县（区）办理", "this county has the case already")
        .With("state", StateName(application.state()))
        .Build();
  }
  return absl::OkStatus();
}

void Open(Change& change, const TransferAsk& ask) {
  v1::Application& application = change.application();
  v1::CountyTransfer* transfer = application.add_transfers();
  transfer->set_from_county_code(application.county_code());
  transfer->set_to_county_code(ask.county_code);
  transfer->set_actor(change.act().actor);
  *transfer->mutable_request_time() = chassis::ToTimestamp(change.act().now);
  application.mutable_applicant()->set_address(ask.address);
}

// The acts say for which county they were and what for: the new county's chain may call its stages
// otherwise.
void MarkActs(Change& change, const Rules& rules) {
  v1::Application& application = change.application();
  const absl::StatusOr<const Chain*> chain =
      rules.chains.Find(application.review().chain(), application.review().chain_version());
  for (v1::StageAct& act : *application.mutable_review()->mutable_acts()) {
    if (!act.county_code().empty()) continue;
    act.set_county_code(application.county_code());
    if (!chain.ok()) continue;
    const std::optional<size_t> stage = (*chain)->Find(act.stage());
    if (stage.has_value()) act.set_kind((*chain)->stages[*stage].config.kind());
  }
}

// What the old county decided is history: it binds nobody any more.
void ForgetDecisions(Change& change) {
  LeaveReview(change);
  Record& record = change.record();
  record.clear_begin_stage();
  record.clear_needs_no_assessment();
  record.clear_appealed_state();
  record.clear_outcome_note();
  v1::Application& application = change.application();
  application.clear_outcome();
  application.clear_subsidy();
  application.clear_service();
  if (application.review().has_appeal()) {
    *application.mutable_transfers()->rbegin()->mutable_appeal() = application.review().appeal();
    application.mutable_review()->clear_appeal();
  }
}

Result MoveCase(Change& change, const Rules& rules, std::string note) {
  MarkActs(change, rules);
  ForgetDecisions(change);
  v1::Application& application = change.application();
  const v1::CountyTransfer& transfer = *application.transfers().rbegin();
  v1::ApplicationTransferred fact;
  fact.set_from_county_code(transfer.from_county_code());
  application.set_county_code(transfer.to_county_code());
  CloseTransfer(change, v1::TRANSFER_RESULT_DONE);
  AskFunding(change);
  change.Enter(v1::APPLICATION_STATE_SUBMITTED, Party::kSubsidyCheck);
  if (absl::Status s = BeginCourse(change, rules); !s.ok()) return s;
  absl::StatusOr<type::v1::EligibilityFacts> facts = FactsOf(application, change.act().now);
  if (!facts.ok()) return facts.status();
  *fact.mutable_facts() = *std::move(facts);
  const v1::Promise& promise = application.review().promise();
  change.Tell(Line::kTransferred, {Text{promise.text_zh(), promise.text_en()}}, std::move(note));
  return change.Publish(std::move(fact));
}

}  // namespace

Result DecideTransfer(const Record& record, const TransferAsk& ask, const Rules& rules,
                      const Act& act) {
  const v1::Application& application = record.application();
  if (!IsLegal(application.state(), Move::kTransfer)) return Forbidden(record, Move::kTransfer);
  if (absl::Status s = CheckAsk(application, ask, act); !s.ok()) return s;
  Change change(record, Move::kTransfer, act);
  Open(change, ask);
  if (MayLead(application.state(), Move::kTransfer, v1::APPLICATION_STATE_SUBMITTED)) {
    return MoveCase(change, rules, ask.proof);
  }
  change.Enter(v1::APPLICATION_STATE_TRANSFERRING, StoppingParty(record));
  change.Tell(Line::kTransferRequested, {}, ask.proof);
  return change.Publish<v1::TransferRequested>();
}

Result FinishTransfer(Change& change, int attempt, const Rules& rules) {
  storage::v1::VendorSearch* search = change.record().mutable_vendor_search();
  const int last = std::max(attempt, search->attempt());
  search->Clear();
  search->set_attempt(last);
  search->set_attempt_over(true);
  search->set_from_attempt(last + 1);
  return MoveCase(change, rules, "");
}

void CloseTransfer(Change& change, v1::TransferResult result) {
  auto* transfers = change.application().mutable_transfers();
  if (transfers->empty() || transfers->rbegin()->has_end_time()) return;
  transfers->rbegin()->set_result(result);
  *transfers->rbegin()->mutable_end_time() = chassis::ToTimestamp(change.act().now);
}

Party StoppingParty(const Record& record) {
  return record.application().service().vendor().empty() ? Party::kDispatch
                                                         : Party::kStoppingVendor;
}

}  // namespace fuju::applications
