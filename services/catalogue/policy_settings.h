#pragma once

#include "catalogue/subsidy_decision.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// What decisions are set by, as the policy of the catalogue says it. The policy was checked when it
// was imported. Pure.
SubsidySettings SettingsOf(const v1::SubsidyPolicy& policy);

}  // namespace fuju::catalogue
