#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "catalogue/versions/version_record.h"
#include "fuju/catalogue/v1/catalogue_document.pb.h"

namespace fuju::catalogue {

// A row with every field set to something right, but none that needs another one.
v1::Item FullItem(const std::string& code = "M01");

// A policy with every field set, shared allowance "child-posture", devices 1222.
v1::SubsidyPolicy FullPolicy();

v1::LocalTopUp TopUp(const std::string& code, int64_t cap_fen,
                     v1::FundSource fund = v1::FUND_SOURCE_COUNTY);

// A published version with FullItem of each code, and a policy if it is the province's.
storage::v1::CatalogueRecord Published(const std::string& label, const std::string& area,
                                       const std::string& effective,
                                       const std::vector<std::string>& codes = {"M01"});

// The same as it is read.
SharedRecord Read(const storage::v1::CatalogueRecord& record);

absl::CivilDay Day(absl::string_view text);

// Paths of the field violations with their texts, in the order in which they came.
std::vector<std::pair<std::string, std::string>> ViolationsIn(const absl::Status& status);
std::vector<std::string> PathsIn(const absl::Status& status);

// A file below deploy/data/gansu.
std::string GansuText(const std::string& file);

}  // namespace fuju::catalogue
