#pragma once

#include <string_view>
#include <vector>

#include "absl/types/span.h"

#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/chain.pb.h"
#include "simulation/deed.h"

namespace fuju::simulation {

// A point of a case's way at which something else is done than what would bring it forward.
struct Turn {
  // How long nobody does anything, of a turn with kNothing.
  enum class Until {
    kForever,
    // The officers of a late stage were reminded, their supervisor told, the prefecture told.
    kReminded,
    kSupervisorTold,
    kPrefectureTold,
    // The limit that runs has passed, and that was told.
    kLimitMissed,
  };
  static constexpr int kAlways = 1'000'000;

  // Where the case is then: in one of these states; anywhere if it is empty.
  std::vector<applications::v1::ApplicationState> at;
  // And in a stage of this kind; in any if it is UNSPECIFIED.
  applications::v1::StageKind stage = applications::v1::STAGE_KIND_UNSPECIFIED;
  // What nobody does before the turn is over. For a deed of the vendor side: when it is done.
  Deed::What instead_of = Deed::What::kNothing;
  Deed::What deed = Deed::What::kNothing;
  // How often it is done.
  int times = 1;
  Until until = Until::kForever;
};

// What becomes of a case if nothing comes between: its turns, one after the other; before, between
// and behind them everybody does what brings a case to its end.
struct Fate {
  std::string_view name;
  std::vector<Turn> turns = {};
  // Another payer covers the device already.
  bool other_payer = false;
  // The vendor invoices kLowerPrice.
  bool invoiced_less = false;
  // The county has no money for it.
  bool poor_county = false;
  // Nobody takes their time, so that a state is met that lasts for a moment only.
  bool hasty = false;
  // A drawn case seldom gets so far by chance: drawn more often.
  bool seldom = false;
};

// All that there are; the first one has no turns.
absl::Span<const Fate> AllFates();
// Those that are drawn more often.
const std::vector<const Fate*>& SeldomFates();

}  // namespace fuju::simulation
