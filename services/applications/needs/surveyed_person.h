#pragma once

#include <optional>
#include <vector>

#include "applications/needs/need.h"
#include "applications/persons/person.h"

namespace fuju::applications {

// What the newest survey found about the person whose needs these are; nothing if there are none.
// A need is only recorded of who agreed, so nobody else is known by it. Pure.
std::optional<Surveyed> SurveyedOf(const std::vector<NeedRecord>& needs);

}  // namespace fuju::applications
