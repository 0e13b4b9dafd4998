#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "absl/time/civil_time.h"

#include "fuju/applications/v1/application.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::scenario {

// A person who does not exist, with a valid resident id and certificate number.
struct InventedPerson {
  fuju::applications::v1::Applicant applicant;
  absl::CivilDay birth_date;
  int category = 0;
  int grade = 0;
};

// Invents a person whom the catalogue lets have `item` on `today`. The sequence number makes the
// resident id unique within a run; `random` decides the rest.
InventedPerson InventPerson(const fuju::catalogue::v1::Item& item, const std::string& county_code,
                            int sequence, absl::CivilDay today, std::mt19937_64& random);

}  // namespace fuju::scenario
