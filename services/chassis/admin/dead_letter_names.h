#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chassis/store/keys.h"
#include "chassis/streams/dead_letter_desk.h"

namespace fuju::chassis {

// Resource names of dead letters, "deadLetters/<service>-p<partition>-<entry id>". Pure.
std::string DeadLetterName(const std::string& service, const DeadLetterPlace& place);

// Absent if it can not be the name of one of this service's.
std::optional<DeadLetterPlace> ParseDeadLetterName(std::string_view name, const Keys& keys);

// The service that a name speaks of; empty if it is none.
std::string ServiceOfDeadLetter(std::string_view name);

}  // namespace fuju::chassis
