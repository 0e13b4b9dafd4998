#pragma once

#include <set>
#include <string>
#include <vector>

#include "applications/config_json.h"
#include "fuju/applications/storage/v1/intake_files.pb.h"

namespace fuju::applications {

// What keeps the files of the intake from being used, every problem at once. Pure.

// Sources; conditions that say something, can hold and name items of the catalogue; roles of
// staff_roles.h; a draft limit that is a time.
std::vector<ConfigProblem> CheckIntake(const storage::v1::IntakeFile& file,
                                       const std::set<std::string>& item_codes);

// Sources; of each purpose the versions 1, 2, ... in this order; all texts in both languages; one
// purpose for an effect at most, and none that is required has one.
std::vector<ConfigProblem> CheckConsents(const storage::v1::ConsentsFile& file);

// Sources; each kind once, with its texts in both languages; conditions as in CheckIntake.
std::vector<ConfigProblem> CheckDocuments(const storage::v1::DocumentsFile& file,
                                          const std::set<std::string>& item_codes);

}  // namespace fuju::applications
