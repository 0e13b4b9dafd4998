#pragma once

#include "absl/strings/string_view.h"

#include "applications/application.h"

namespace fuju::applications {

// What happens when a limit has passed. Without effect unless that very limit runs and is due: a
// timer may fire late, or twice.
//
//   review            a step of the stage's escalation, each once; it may still be decided
//   notice            the case is approved
//   hold              told once, to the prefecture; it may still be cleared up
//   appeal            told once, to the province; it may still be decided
//   supplement        the case expires
//   receipt           the applicant is reminded, once
//   follow_up_ask     the follow-up question is asked
//   follow_up_answer  the case closes without an answer
//
// `timer` is a name of limits.h; INTERNAL for another one.
Result DecideDeadline(const Record& record, absl::string_view timer, const Rules& rules,
                      const Act& act);

}  // namespace fuju::applications
