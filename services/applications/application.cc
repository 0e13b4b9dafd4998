#include "applications/application.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/desk/desk_place.h"
#include "applications/relation.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {
namespace {

constexpr absl::string_view kCollection = "applications/";

Holding HoldingOf(Party party) { return {std::string(PartyName(party)), PartyText(party)}; }

void SetHolder(v1::Application& application, const Holding& holding) {
  v1::Holder* holder = application.mutable_holder();
  holder->Clear();
  holder->set_party(holding.party);
  holder->set_text_zh(holding.text.zh);
  holder->set_text_en(holding.text.en);
}

}  // namespace

std::string NameOf(absl::string_view id) { return absl::StrCat(kCollection, id); }

std::string IdOf(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kCollection));
}

std::string RouteOf(absl::string_view id) {
  return std::string(id.substr(id.size() - std::min(id.size(), vocabulary::kUlidTailLength)));
}

uint16_t TailOf(absl::string_view person_key) {
  // Three of the key's hexadecimal digits are two bits more than a tail has.
  constexpr size_t kDigits = 3;
  unsigned number = 0;
  if (!absl::SimpleHexAtoi(person_key.substr(0, kDigits), &number)) return 0;
  return static_cast<uint16_t>(number % vocabulary::kUlidTails);
}

std::string PersonRoute(absl::string_view person_key) {
  return vocabulary::UlidTail(TailOf(person_key));
}

Result Forbidden(const Record& record, Move move) {
  const MoveInfo& info = InfoOf(move);
  if (info.mover != Mover::kCaller) return chassis::Decision<Record>::Unchanged();
  const v1::Application& application = record.application();
  return chassis::StateForbids(application.name(), std::string(info.name),
                               StateName(application.state()), LegalCommands(application.state()));
}

Change::Change(const Record& before, Move move, Act act)
    : from_(before.application().state()), move_(move), act_(std::move(act)), after_(before) {}

void Change::Enter(ApplicationState state, Party party) {
  application().set_state(state);
  SetHolder(application(), HoldingOf(party));
  after_.clear_limit();
}

void Change::Enter(ApplicationState state, Party party, const Deadline& due) {
  Enter(state, HoldingOf(party), due);
}

void Change::Enter(ApplicationState state, const Holding& holding, const Deadline& due) {
  application().set_state(state);
  SetHolder(application(), holding);
  after_.clear_limit();
  v1::Holder* holder = application().mutable_holder();
  *holder->mutable_due_time() = chassis::ToTimestamp(due.at);
  holder->set_due_text_zh(due.text.zh);
  holder->set_due_text_en(due.text.en);
}

void Change::RunTimer(absl::string_view name, absl::Time due) {
  after_.mutable_limit()->set_name(std::string(name));
  *after_.mutable_limit()->mutable_due_time() = chassis::ToTimestamp(due);
}

void Change::BarRelated() {
  unclaimed_.push_back(RelationClaim(PersonOf(act_.actor), application().person_key()));
}

void Change::Tell(Line line, absl::Span<const Text> arguments, std::string note) {
  const Text text = TextOf(line, arguments);
  v1::TimelineEntry* entry = application().add_timeline();
  entry->set_sequence(application().timeline_size());
  *entry->mutable_time() = chassis::ToTimestamp(act_.now);
  entry->set_actor(act_.actor);
  entry->set_state(application().state());
  entry->set_text_zh(text.zh);
  entry->set_text_en(text.en);
  if (act_.IsHelp()) *entry->mutable_acted_for() = act_.acted_for;
  storage::v1::EntryDetail* detail = after_.add_entry_details();
  detail->set_helper_name(act_.helper_name);
  detail->set_note(std::move(note));
  *detail->mutable_holder() = application().holder();
}

absl::Status Change::Finish() {
  const ApplicationState to = application().state();
  // UNSPECIFIED: the application is being made.
  if (from_ != v1::APPLICATION_STATE_UNSPECIFIED && !MayLead(from_, move_, to)) {
    return absl::InternalError(absl::StrCat("move ", InfoOf(move_).name, " must not lead from ",
                                            StateName(from_), " to ", StateName(to)));
  }
  *application().mutable_update_time() = chassis::ToTimestamp(act_.now);
  UpdateDeskPlace(from_, move_, act_.now, after_);
  return absl::OkStatus();
}

void SetOutcome(Change& change, absl::Span<const std::string> codes, const Text& text,
                std::string note) {
  v1::Outcome* outcome = change.application().mutable_outcome();
  outcome->Clear();
  for (const std::string& code : codes) outcome->add_reason_codes(code);
  outcome->set_text_zh(text.zh);
  outcome->set_text_en(text.en);
  change.record().set_outcome_note(std::move(note));
}

void LeaveReview(Change& change) {
  change.record().clear_review_clock();
  if (!change.application().has_review()) return;
  v1::Review* review = change.application().mutable_review();
  review->clear_stage();
  review->clear_stage_text_zh();
  review->clear_stage_text_en();
}

void EndWith(Change& change, ApplicationState state, absl::Span<const std::string> codes,
             const Text& text, std::string note) {
  change.Enter(state, Party::kNobody);
  v1::Application& application = change.application();
  if (application.has_subsidy()) application.mutable_subsidy()->set_reserved(false);
  LeaveReview(change);
  SetOutcome(change, codes, text, std::move(note));
}

void EndWith(Change& change, ApplicationState state, EndReason reason, std::string note) {
  EndWith(change, state, {std::string(EndReasonCode(reason))}, EndReasonText(reason),
          std::move(note));
}

}  // namespace fuju::applications
