#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "simulation/commons.h"
#include "simulation/fates.h"
#include "simulation/schedule.h"

namespace fuju::simulation {

// When every run begins: a Monday at 9:00 in Lanzhou, 2026-01-05.
absl::Time StartOfRun();

// What a run is about, before its first step.
struct Plan {
  struct Case {
    const Fate* fate = nullptr;
    int person = 0;
    std::string county;
    // Nobody asks for anything before.
    absl::Time comes = absl::InfinitePast();
    // Another payer is only found out about by the catalogue.
    bool other_payer = false;
    // The vendor invoices kLowerPrice.
    bool invoiced_less = false;
  };
  std::vector<Case> cases;
  // County and amount in fen.
  std::vector<std::pair<std::string, int64_t>> budgets;
  // Jobs that a vendor can have at a time.
  int vendor_capacity = 2;

  // So many steps long everybody also does what comes to mind.
  uint64_t rough_steps = 0;
  // Afterwards every case still has its fate; else everybody brings cases to their end.
  bool keeps_fates = false;
  // Out of a thousand steps, so many are a fault, so long as cases have their fate.
  uint32_t fault_rate = 0;
  int most_faults = 0;
  // A run that takes longer does not come to an end.
  uint64_t most_steps = 0;
};

// A few cases, drawn by the schedule; the plainest one goes straight through.
Plan DrawnPlan(Schedule* schedule);

// A month of a county whose chain has every kind of stage: cases come in on each working day, each
// fate once and the commonest ones more often, and keep their fates to the end. Each person comes
// once, and each vendor has room for all. Errors of the calendar end the program.
Plan MonthPlan(const Commons& commons, uint32_t fault_rate);

}  // namespace fuju::simulation
