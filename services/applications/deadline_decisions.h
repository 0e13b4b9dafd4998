#pragma once

#include "absl/strings/string_view.h"

#include "applications/application.h"

namespace fuju::applications {

// What happens when a limit has passed. Without effect unless that very limit runs and is due: a
// timer may fire late, or twice.
//
//   review            told once, escalated to the prefecture; the county may still decide
//   supplement        the case expires
//   receipt           the applicant is reminded, once
//   follow_up_ask     the follow-up question is asked
//   follow_up_answer  the case closes without an answer
//
// `timer` is a name of limits.h; INTERNAL for another one.
Result DecideDeadline(const Record& record, absl::string_view timer, const Rules& rules,
                      const Act& act);

}  // namespace fuju::applications
