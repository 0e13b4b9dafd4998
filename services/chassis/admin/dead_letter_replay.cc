#include "chassis/admin/dead_letter_replay.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "chassis/admin/dead_letter_messages.h"
#include "chassis/admin/dead_letter_names.h"
#include "chassis/streams/entry_id.h"
#include "chassis/values/refusal.h"
#include "fuju/admin/v1/dead_letter_events.pb.h"

namespace fuju::chassis {
namespace {

constexpr int kUsualCount = 100;
constexpr int kPage = 200;
// Before a stored plan, which may be empty: nothing to do is an answer too.
constexpr absl::string_view kPlan = "plan:";

// Either names or a source, a subject, both.
absl::Status CheckSelection(const admin::v1::ReplayDeadLettersRequest& request) {
  const bool by_names = !request.names().empty();
  const bool by_filter = !request.source().empty() || !request.subject().empty();
  if (by_names != by_filter) return absl::OkStatus();
  if (by_names) {
    return InvalidFields()
        .Field("names", "不能与 source、subject 同时填写；请只用一种方式选择",
               "can not stand beside source and subject; choose in one of the two ways")
        .Build();
  }
  constexpr char kZh[] = "names、source、subject至少填一项";
  constexpr char kEn[] = "at least one of names, source and subject is required";
  return InvalidFields()
      .Field("names", kZh, kEn)
      .Field("source", kZh, kEn)
      .Field("subject", kZh, kEn)
      .Build();
}

absl::Status SourceNotRead(const std::string& name, const std::string& source) {
  return Refusal(
             absl::StatusCode::kFailedPrecondition, "STATE_FORBIDS",
             absl::StrCat("本服务已不再读取 ", source, " 的事件，无法重放 ", name, "；可以放弃"),
             absl::StrCat("this service does not read events of ", source, " any more, so ", name,
                          " can not be replayed; it can be discarded"))
      .With("state", "source not read")
      .With("legal_moves", "discard");
}

absl::Status TimeIsUp() {
  return absl::DeadlineExceededError(
      "the time is up; some letters were replayed; repeat with the same request_id for the rest");
}

}  // namespace

absl::StatusOr<DeadLetterReplay::Response> DeadLetterReplay::Run(const CallInfo& call,
                                                                 const Request& request) {
  if (absl::Status status = CheckSelection(request); !status.ok()) return status;
  if (request.validate_only()) {
    const absl::StatusOr<Choice> choice = Choose(request);
    if (!choice.ok()) return choice.status();
    Response plan = ToPlan(*choice);
    for (auto& letter : *plan.mutable_dead_letters()) {
      letter.set_outcome(admin::v1::REPLAY_OUTCOME_WOULD_BE_REPLAYED);
    }
    return plan;
  }
  const Command command = call.ToCommand(request);
  absl::StatusOr<Response> plan = AgreedPlan(command, request);
  if (!plan.ok()) return plan;
  for (auto& letter : *plan->mutable_dead_letters()) {
    if (absl::Now() >= call.deadline) return TimeIsUp();
    absl::Status status = ReplayOne(command, request.operator_reason(), letter);
    if (!status.ok()) return status;
  }
  return plan;
}

absl::StatusOr<DeadLetterReplay::Response> DeadLetterReplay::AgreedPlan(const Command& command,
                                                                        const Request& request) {
  // Asked first: what a repeat names is gone.
  absl::StatusOr<std::string> agreed = desk_->AgreeOnPlan(command, "");
  if (!agreed.ok()) return agreed.status();
  if (agreed->empty()) {
    const absl::StatusOr<Choice> choice = Choose(request);
    if (!choice.ok()) return choice.status();
    const Response plan = ToPlan(*choice);
    agreed = desk_->AgreeOnPlan(command, absl::StrCat(kPlan, plan.SerializeAsString()));
    if (!agreed.ok()) return agreed.status();
  }
  Response plan;
  if (!plan.ParseFromString(agreed->substr(kPlan.size())))
    return absl::DataLossError("the plan of a replay");
  return plan;
}

absl::StatusOr<DeadLetterReplay::Choice> DeadLetterReplay::Choose(const Request& request) {
  const auto most =
      static_cast<size_t>(request.max_count() == 0 ? kUsualCount : request.max_count());
  absl::StatusOr<Choice> choice =
      request.names().empty() ? ChooseMatching(request, most) : ChooseNamed(request, most);
  if (!choice.ok()) return choice;
  if (absl::Status status = CheckSources(*choice); !status.ok()) return status;
  return choice;
}

absl::StatusOr<DeadLetterReplay::Choice> DeadLetterReplay::ChooseNamed(const Request& request,
                                                                       size_t most) {
  Choice choice;
  const std::set<std::string> names(request.names().begin(), request.names().end());
  for (const std::string& name : names) {
    const std::optional<DeadLetterPlace> place = ParseDeadLetterName(name, desk_->keys());
    if (!place.has_value()) return NotFound(name);
    absl::StatusOr<std::optional<OpenDeadLetter>> open = desk_->Find(*place);
    if (!open.ok()) return open.status();
    if (!open->has_value()) return NotFound(name);
    choice.letters.push_back(**std::move(open));
  }
  std::sort(choice.letters.begin(), choice.letters.end(),
            [](const OpenDeadLetter& a, const OpenDeadLetter& b) {
              return EntryId::Parse(a.letter.entry_id) < EntryId::Parse(b.letter.entry_id);
            });
  if (choice.letters.size() > most) {
    choice.remaining = static_cast<int>(choice.letters.size() - most);
    choice.letters.resize(most);
  }
  return choice;
}

absl::StatusOr<DeadLetterReplay::Choice> DeadLetterReplay::ChooseMatching(const Request& request,
                                                                          size_t most) {
  Choice choice;
  const DeadLetterFilter filter{
      .source = request.source(), .subject = request.subject(), .reason = ""};
  std::string cursor;
  do {
    absl::StatusOr<DeadLetterDesk::Page> page = desk_->List(filter, cursor, kPage);
    if (!page.ok()) return page.status();
    for (OpenDeadLetter& open : page->letters) {
      if (choice.letters.size() < most) {
        choice.letters.push_back(std::move(open));
      } else {
        ++choice.remaining;
      }
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return choice;
}

absl::Status DeadLetterReplay::CheckSources(const Choice& choice) const {
  for (const OpenDeadLetter& open : choice.letters) {
    if (std::find(sources_.begin(), sources_.end(), open.letter.source) == sources_.end()) {
      return SourceNotRead(ToMessage(desk_->keys().service(), open).name(), open.letter.source);
    }
  }
  return absl::OkStatus();
}

DeadLetterReplay::Response DeadLetterReplay::ToPlan(const Choice& choice) const {
  Response plan;
  for (const OpenDeadLetter& open : choice.letters) {
    admin::v1::ReplayedDeadLetter& letter = *plan.add_dead_letters();
    letter.set_name(ToMessage(desk_->keys().service(), open).name());
    letter.set_source(open.letter.source);
    letter.set_subject(open.letter.subject);
    letter.set_waiting_count(open.waiting);
  }
  plan.set_remaining_count(choice.remaining);
  return plan;
}

absl::Status DeadLetterReplay::ReplayOne(const Command& command, const std::string& operator_reason,
                                         admin::v1::ReplayedDeadLetter& letter) {
  const std::optional<DeadLetterPlace> place = ParseDeadLetterName(letter.name(), desk_->keys());
  if (!place.has_value()) return absl::DataLossError("a name in the plan of a replay");
  const absl::StatusOr<std::optional<OpenDeadLetter>> open = desk_->Find(*place);
  if (!open.ok()) return open.status();
  // Also without the letter: the script knows whether this request was it.
  const absl::StatusOr<std::optional<DeadLetterDesk::Ended>> ended = desk_->Replay(
      *place, command,
      EndingOf<admin::v1::DeadLetterReplayed>(desk_->keys().service(),
                                              open->value_or(OpenDeadLetter()), operator_reason));
  if (!ended.ok()) return ended.status();
  letter.set_outcome(ended->has_value() ? admin::v1::REPLAY_OUTCOME_REPLAYED
                                        : admin::v1::REPLAY_OUTCOME_GONE);
  letter.set_waiting_count(ended->has_value() ? (*ended)->waiting : 0);
  return absl::OkStatus();
}

}  // namespace fuju::chassis
