#pragma once

#include <set>
#include <string>

#include "applications/intake/intake_book.h"

namespace fuju::applications::testing {

// The shipped files as they are, and the codes of the shipped catalogue.
IntakeTexts ShippedIntakeTexts();
std::set<std::string> ShippedItemCodes();
// The book of them.
const IntakeBook& ShippedIntake();

}  // namespace fuju::applications::testing
