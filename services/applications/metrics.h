#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"
#include <prometheus/registry.h>

#include "applications/moves.h"
#include "fuju/applications/v1/application.pb.h"

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

namespace fuju::applications {

// The service's own metrics, with their handles kept:
//   fuju_applications_moves_total{move}    changes committed by this instance: "create", or the
//                                          name of the move in moves.h
//   fuju_applications_states_total{state}  states entered by these changes
//   fuju_applications_case_seconds{state}  from the draft to the end, by final state
//   fuju_applications_calendar_end_seconds when the loaded working days end, since 1970
// Thread-safe.
class Metrics {
 public:
  // `calendar_end`: until when limits in working days can be computed.
  Metrics(prometheus::Registry& registry, absl::Time calendar_end);

  // A change was committed. `before` is UNSPECIFIED for a creation.
  void Count(Move move, ApplicationState before, const v1::Application& after);

 private:
  std::map<std::string, prometheus::Counter*> moves_;
  std::map<ApplicationState, prometheus::Counter*> states_;
  std::map<ApplicationState, prometheus::Histogram*> cases_;
};

}  // namespace fuju::applications
