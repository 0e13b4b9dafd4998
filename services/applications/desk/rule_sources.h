#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "applications/timeline_texts.h"
#include "fuju/applications/storage/v1/application_record.pb.h"
#include "fuju/applications/v1/review_desk.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// What the rules of the catalogue ask and where the values that they look at come from. Pure.

// What a rule asks, in words; the code itself if it is not known here.
Text RuleText(absl::string_view code);

// Where a value comes from, and as of which day (YYYY-MM-DD) it is known.
struct FactOrigin {
  v1::RuleSource source = v1::RULE_SOURCE_UNSPECIFIED;
  std::string date;
  // Null if nobody verified the value; lives with the record.
  const v1::FactProof* proof = nullptr;
};
// The origin of what a rule of this decision looked at: what the certificate's and the resident's
// numbers say, a diagnosis, or what the applicant stated, as of the day on which it was handed in;
// as of the day of its verification if somebody verified it.
FactOrigin OriginOf(absl::string_view code, const storage::v1::ApplicationRecord& record,
                    const catalogue::v1::SubsidyDecision& decision);

Text SourceText(const FactOrigin& origin);

}  // namespace fuju::applications
