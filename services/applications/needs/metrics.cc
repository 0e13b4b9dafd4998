#include "applications/needs/metrics.h"

#include <prometheus/counter.h>

namespace fuju::applications {

NeedsMetrics::NeedsMetrics(prometheus::Registry& registry) {
  auto& rows = prometheus::BuildCounter()
                   .Name("fuju_applications_needs_rows_total")
                   .Help("Rows of needs surveys that became durable by this instance, by result.")
                   .Register(registry);
  recorded_ = &rows.Add({{"result", "recorded"}});
  changed_ = &rows.Add({{"result", "changed"}});
  unchanged_ = &rows.Add({{"result", "unchanged"}});
  bad_ = &rows.Add({{"result", "bad"}});
  auto& states = prometheus::BuildCounter()
                     .Name("fuju_applications_needs_imports_total")
                     .Help("States that imports of needs surveys came into by this instance.")
                     .Register(registry);
  for (int number = v1::NeedsImportState_MIN; number <= v1::NeedsImportState_MAX; ++number) {
    const auto state = static_cast<v1::NeedsImportState>(number);
    if (state == v1::NEEDS_IMPORT_STATE_UNSPECIFIED) continue;
    states_[state] = &states.Add({{"state", NeedsImportStateName(state)}});
  }
}

void NeedsMetrics::Count(const NeedsImportRecord& before, const NeedsImportRecord& after) {
  const v1::NeedsImportCounts& had = before.needs_import().counts();
  const v1::NeedsImportCounts& has = after.needs_import().counts();
  recorded_->Increment(static_cast<double>(has.recorded() - had.recorded()));
  changed_->Increment(static_cast<double>(has.changed() - had.changed()));
  unchanged_->Increment(static_cast<double>(has.unchanged() - had.unchanged()));
  bad_->Increment(static_cast<double>(has.bad() - had.bad()));
  if (before.needs_import().state() != after.needs_import().state()) {
    states_.at(after.needs_import().state())->Increment();
  }
}

}  // namespace fuju::applications
