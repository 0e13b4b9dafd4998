#include "chassis/admin/dead_letter_answers.h"

#include <optional>

#include "chassis/admin/dead_letter_messages.h"
#include "chassis/admin/dead_letter_names.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"
#include "fuju/admin/v1/dead_letter_events.pb.h"

namespace fuju::chassis {
namespace {

constexpr int kMostWaitingShown = 100;

}  // namespace

absl::StatusOr<admin::v1::ListDeadLettersResponse> DeadLetterAnswers::List(
    const CallInfo& /*call*/, const admin::v1::ListDeadLettersRequest& request) {
  const absl::StatusOr<std::string> cursor = CursorOf(request);
  if (!cursor.ok()) return cursor.status();
  const absl::StatusOr<DeadLetterDesk::Page> page =
      desk_->List({.source = request.source(),
                   .subject = request.subject(),
                   .reason = ToText(request.reason())},
                  *cursor, PageSize(request.page_size()));
  if (!page.ok()) return page.status();
  admin::v1::ListDeadLettersResponse response;
  for (const OpenDeadLetter& open : page->letters) {
    *response.add_dead_letters() = ToMessage(service(), open);
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

absl::StatusOr<admin::v1::DeadLetter> DeadLetterAnswers::Get(
    const CallInfo& /*call*/, const admin::v1::GetDeadLetterRequest& request) {
  const std::optional<DeadLetterPlace> place = ParseDeadLetterName(request.name(), desk_->keys());
  if (!place.has_value()) return NotFound(request.name());
  const absl::StatusOr<std::optional<OpenDeadLetter>> open = desk_->Find(*place);
  if (!open.ok()) return open.status();
  if (!open->has_value()) return NotFound(request.name());
  const absl::StatusOr<std::vector<DeadLetter>> waiting =
      desk_->Waiting((*open)->letter, kMostWaitingShown);
  if (!waiting.ok()) return waiting.status();

  admin::v1::DeadLetter message = ToMessage(service(), **open);
  std::optional<event::v1::Event> event = EventOf((*open)->letter);
  if (event.has_value()) *message.mutable_event() = *std::move(event);
  for (const DeadLetter& letter : *waiting) {
    *message.add_waiting_events() = ToWaitingEvent(letter);
  }
  return message;
}

absl::StatusOr<admin::v1::DeadLetter> DeadLetterAnswers::Discard(
    const CallInfo& call, const admin::v1::DiscardDeadLetterRequest& request) {
  const std::optional<DeadLetterPlace> place = ParseDeadLetterName(request.name(), desk_->keys());
  if (!place.has_value()) return NotFound(request.name());
  const absl::StatusOr<std::optional<OpenDeadLetter>> found = desk_->Find(*place);
  if (!found.ok()) return found.status();
  const OpenDeadLetter open = found->value_or(OpenDeadLetter());
  admin::v1::DeadLetter message = ToMessage(service(), open);
  // Also without the letter: the script knows whether this request was it.
  const absl::StatusOr<std::optional<DeadLetterDesk::Ended>> ended = desk_->Discard(
      *place, call.ToCommand(request),
      EndingOf<admin::v1::DeadLetterDiscarded>(service(), open, request.operator_reason()),
      message.SerializeAsString());
  if (!ended.ok()) return ended.status();
  if (!ended->has_value()) return NotFound(request.name());
  if ((*ended)->repeated) {
    if (!message.ParseFromString((*ended)->answer)) return absl::DataLossError("a first answer");
  }
  return message;
}

}  // namespace fuju::chassis
