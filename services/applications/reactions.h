#pragma once

#include "applications/wiring.h"
#include "chassis/store/unique_names.h"
#include "chassis/streams/reactor.h"

namespace fuju::applications {

// Name of the service in commands and groups.
inline constexpr char kService[] = "applications";

// What others' facts do to applications; the table is in README.md. What is passed outlives the
// consumer.
chassis::Reactions MakeReactions(const Wiring* wiring, Rules rules);

// What happens when a limit of limits.h has passed.
chassis::TimerHandlers MakeTimerHandlers(const Wiring* wiring, Rules rules);

}  // namespace fuju::applications
