#include "chassis/admin/dead_letter_messages.h"

#include <array>
#include <utility>

#include "chassis/admin/dead_letter_names.h"
#include "chassis/values/timestamps.h"

namespace fuju::chassis {
namespace {

constexpr std::array<std::pair<admin::v1::DeadLetterReason, const char*>, 3> kReasons = {{
    {admin::v1::DEAD_LETTER_REASON_FAILED, "failed"},
    {admin::v1::DEAD_LETTER_REASON_CRASHED, "crashed"},
    {admin::v1::DEAD_LETTER_REASON_UNREADABLE, "unreadable"},
}};

admin::v1::DeadLetterReason ToReason(const std::string& text) {
  for (const auto& [reason, name] : kReasons) {
    if (text == name) return reason;
  }
  return admin::v1::DEAD_LETTER_REASON_UNSPECIFIED;
}

}  // namespace

admin::v1::DeadLetter ToMessage(const std::string& service, const OpenDeadLetter& open) {
  const DeadLetter& letter = open.letter;
  admin::v1::DeadLetter message;
  message.set_name(DeadLetterName(service, {letter.partition, letter.entry_id}));
  message.set_service(service);
  message.set_source(letter.source);
  message.set_source_entry_id(letter.source_entry_id);
  message.set_subject(letter.subject);
  message.set_event_type(letter.type);
  message.set_event_version(letter.version);
  message.set_reason(ToReason(letter.reason));
  message.set_attempts(letter.attempts);
  message.set_error(letter.error);
  *message.mutable_first_failure_time() = ToTimestamp(letter.first_failure);
  *message.mutable_last_failure_time() = ToTimestamp(letter.last_failure);
  message.set_replay_count(letter.replays);
  message.set_waiting_count(open.waiting);
  return message;
}

admin::v1::WaitingEvent ToWaitingEvent(const DeadLetter& letter) {
  admin::v1::WaitingEvent message;
  message.set_source_entry_id(letter.source_entry_id);
  message.set_event_type(letter.type);
  message.set_event_version(letter.version);
  *message.mutable_wait_start_time() = ToTimestamp(letter.first_failure);
  return message;
}

std::optional<event::v1::Event> EventOf(const DeadLetter& letter) {
  event::v1::Event event;
  if (letter.event.empty() || !event.ParseFromString(letter.event)) return std::nullopt;
  return event;
}

std::string ToText(admin::v1::DeadLetterReason reason) {
  for (const auto& [known, name] : kReasons) {
    if (reason == known) return name;
  }
  return "";
}

}  // namespace fuju::chassis
