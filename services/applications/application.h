#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "applications/chain_book.h"
#include "applications/intake/intake_book.h"
#include "applications/limits.h"
#include "applications/moves.h"
#include "applications/public_view.h"
#include "applications/timeline_texts.h"
#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/application_record.pb.h"
#include "vocabulary/working_days.h"

namespace fuju::applications {

// The aggregate: one application as it is stored.
using Record = storage::v1::ApplicationRecord;

// What a decision returns: the next state with its facts, or why not.
using Result = absl::StatusOr<chassis::Decision<Record>>;

// Who does something, when, and for whom.
struct Act {
  absl::Time now;
  // "<role>:<id>".
  std::string actor;
  // What the actor is to the applicant, and how it was done (intake/representatives.h).
  v1::ActedFor acted_for = {};
  // Name of the helper who acts, if it is known.
  std::string helper_name = {};

  // Not done by the applicant in person and online.
  bool IsHelp() const {
    return acted_for.relation() != v1::RELATION_UNSPECIFIED ||
           acted_for.channel() != v1::ACT_CHANNEL_UNSPECIFIED;
  }
};

// What decisions about time and officers go by. All of it outlives it.
struct Rules {
  const Limits& limits;
  const vocabulary::WorkingDayCalendar& calendar;
  const ChainBook& chains;
  const IntakeBook& intake;
};

// Who has a case, in Holder's words.
struct Holding {
  std::string party;
  Text text;
};

// "620102-01J..." <-> "applications/620102-01J...". IdOf does not look at the id's form: an unknown
// id is not found.
std::string NameOf(absl::string_view id);
std::string IdOf(absl::string_view name);
// Decides the partition: the last two characters of the id, which every application of the person
// has, in whatever county. So what a person may have once is checked in the commit itself
// (services/adr/0010).
std::string RouteOf(absl::string_view id);
// Where a person's applications are. `person_key` is one (vocabulary/person_key.h).
uint16_t TailOf(absl::string_view person_key);
std::string PersonRoute(absl::string_view person_key);

// What a decision answers to a move that the state forbids: a command is refused with the state and
// the legal moves; a fact or a timer came too late and has no effect.
Result Forbidden(const Record& record, Move move);

// One change of an application on its way to a Decision: takes care of timeline, holder, limit, and
// that no decision leaves the table of moves. Not thread-safe; used within one decision.
class Change {
 public:
  Change(const Record& before, Move move, Act act);

  Record& record() { return after_; }
  v1::Application& application() { return *after_.mutable_application(); }
  const Act& act() const { return act_; }

  // The state after the change, and who has the case then. A limit that was running runs no more.
  void Enter(ApplicationState state, Party party);
  // The same, with until when the party should act.
  void Enter(ApplicationState state, Party party, const Deadline& due);
  void Enter(ApplicationState state, const Holding& holding, const Deadline& due);
  // Lets a timer of limits.h run in the new state.
  void RunTimer(absl::string_view name, absl::Time due);

  // Lets the change commit only if the actor is related to the person of the case in no declared
  // relation (relation.h).
  void BarRelated();

  // Adds a timeline entry. `note` is what a person said: it is shown to the parties of the case
  // only.
  void Tell(Line line, absl::Span<const Text> arguments = {}, std::string note = "");

  // Ends the change with its fact, which gets the public state. INTERNAL if the table of moves does
  // not have it.
  template <typename FactMessage>
  Result Publish(FactMessage fact = {}) {
    if (absl::Status s = Finish(); !s.ok()) return s;
    *fact.mutable_application() = EventView(after_);
    chassis::Decision<Record> decision;
    decision.next = std::move(after_);
    decision.facts.push_back(chassis::MakeFact(std::move(fact)));
    decision.unclaimed = std::move(unclaimed_);
    return decision;
  }

 private:
  absl::Status Finish();

  ApplicationState from_;
  Move move_;
  Act act_;
  Record after_;
  std::vector<std::string> unclaimed_;
};

// The decision that the applicant reads; `note` is the remark in a person's own words.
void SetOutcome(Change& change, absl::Span<const std::string> codes, const Text& text,
                std::string note);

// The case is in no stage any more, and no clock of one runs.
void LeaveReview(Change& change);

// Ends the case before a hand-over: reasons, no holder, the money no longer reserved.
void EndWith(Change& change, ApplicationState state, absl::Span<const std::string> codes,
             const Text& text, std::string note = "");
void EndWith(Change& change, ApplicationState state, EndReason reason, std::string note = "");

}  // namespace fuju::applications
