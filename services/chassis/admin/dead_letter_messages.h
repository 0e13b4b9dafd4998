#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chassis/streams/dead_letter_desk.h"
#include "fuju/admin/v1/dead_letter.pb.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {

// Dead letters as messages. Pure.

// Without the event and what waits.
admin::v1::DeadLetter ToMessage(const std::string& service, const OpenDeadLetter& open);

admin::v1::WaitingEvent ToWaitingEvent(const DeadLetter& letter);

// The event in a letter; absent if it is unreadable.
std::optional<event::v1::Event> EventOf(const DeadLetter& letter);

// The reason as the streams write it, such as "failed"; empty for UNSPECIFIED.
std::string ToText(admin::v1::DeadLetterReason reason);

// Ends a letter by a fact of this type: under its name, as a part of its event's case.
template <typename FactMessage>
DeadLetterDesk::Ending EndingOf(const std::string& service, const OpenDeadLetter& open,
                                const std::string& operator_reason) {
  const event::v1::Event event = EventOf(open.letter).value_or(event::v1::Event());
  FactMessage fact;
  *fact.mutable_dead_letter() = ToMessage(service, open);
  fact.set_operator_reason(operator_reason);
  DeadLetterDesk::Ending ending;
  ending.name = fact.dead_letter().name();
  ending.correlation_id = event.correlation_id();
  ending.causation_id = event.id();
  ending.fact = MakeFact(std::move(fact));
  return ending;
}

}  // namespace fuju::chassis
