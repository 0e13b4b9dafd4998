#include "applications/metrics.h"

#include "absl/time/time.h"
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "applications/application.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

constexpr char kCreate[] = "create";

// From the seconds of a demonstration to the months of a real case.
prometheus::Histogram::BucketBoundaries CaseBuckets() {
  constexpr double kHour = 3600;
  constexpr double kDay = 24 * kHour;
  return {1,        5,        15,        60,        300,       kHour,     6 * kHour,  kDay,
          3 * kDay, 7 * kDay, 14 * kDay, 30 * kDay, 60 * kDay, 90 * kDay, 180 * kDay, 365 * kDay};
}

}  // namespace

Metrics::Metrics(prometheus::Registry& registry, absl::Time calendar_end) {
  prometheus::BuildGauge()
      .Name("fuju_applications_calendar_end_seconds")
      .Help("When the loaded working days end, in seconds since 1970.")
      .Register(registry)
      .Add({})
      .Set(static_cast<double>(absl::ToUnixSeconds(calendar_end)));
  auto& moves = prometheus::BuildCounter()
                    .Name("fuju_applications_moves_total")
                    .Help("Changes of applications committed by this instance, by move.")
                    .Register(registry);
  moves_[kCreate] = &moves.Add({{"move", kCreate}});
  for (const MoveInfo& info : AllMoves()) {
    const std::string name(info.name);
    moves_[name] = &moves.Add({{"move", name}});
  }
  auto& states = prometheus::BuildCounter()
                     .Name("fuju_applications_states_total")
                     .Help("States that applications came into, by changes of this instance.")
                     .Register(registry);
  auto& cases = prometheus::BuildHistogram()
                    .Name("fuju_applications_case_seconds")
                    .Help("Time from the draft to the end of an application, by final state.")
                    .Register(registry);
  for (const ApplicationState state : AllStates()) {
    states_[state] = &states.Add({{"state", StateName(state)}});
    if (IsFinal(state)) cases_[state] = &cases.Add({{"state", StateName(state)}}, CaseBuckets());
  }
}

void Metrics::Count(Move move, ApplicationState before, const v1::Application& after) {
  const bool created = before == v1::APPLICATION_STATE_UNSPECIFIED;
  moves_.at(created ? kCreate : std::string(InfoOf(move).name))->Increment();
  if (before == after.state()) return;
  states_.at(after.state())->Increment();
  if (!IsFinal(after.state())) return;
  const absl::Duration age =
      chassis::ToTime(after.update_time()) - chassis::ToTime(after.create_time());
  cases_.at(after.state())->Observe(absl::ToDoubleSeconds(age));
}

}  // namespace fuju::applications
