#pragma once

#include <string>
#include <vector>

#include "applications/application.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// The catalogue reserved the money: the first stage of the chain begins, and its clock.
Result DecideSubsidyReserved(const Record& record, const catalogue::v1::Grant& grant,
                             const Rules& rules, const Act& act);

// Eligible, and the case waits for money: told, nothing else changes.
Result DecideSubsidyQueued(const Record& record, const catalogue::v1::Grant& grant, const Act& act);

// Not eligible, or no money (of a catalogue from before there was a queue): the case ends with each
// failed rule in the catalogue's words.
Result DecideSubsidyRefused(const Record& record, const catalogue::v1::Grant& grant,
                            const Rules& rules, const Act& act);

// An officer's decision on a case in a stage of its chain.
struct Verdict {
  // The stage that the officer thought of; empty: whichever it is.
  std::string stage;
  // Codes of vocabulary/review_reason.h.
  std::vector<std::string> reason_codes;
  // In the officer's own words.
  std::string remark;
  // Documents that are missing, for a return.
  std::vector<std::string> document_kinds = {};
};

// The decisions of an officer refuse as CheckOfficer (officer_check.h) says.
//
// The stage is passed; after the last one the case is approved.
Result DecideApprove(const Record& record, const Verdict& verdict, const Rules& rules,
                     const Act& act);
// The applicant has to supplement; meanwhile the clock stands still if the chain says so.
Result DecideReturn(const Record& record, const Verdict& verdict, const Rules& rules,
                    const Act& act);
// The case ends.
Result DecideReject(const Record& record, const Verdict& verdict, const Rules& rules,
                    const Act& act);

// What an applicant adds.
struct Supplement {
  std::string explanation;
  google::protobuf::RepeatedPtrField<v1::Document> documents = {};
};

// The applicant supplemented; the stage goes on with what was left on its clock. DOCUMENT_MISSING
// as CheckAskedDocuments (intake/documents.h).
Result DecideSupplement(const Record& record, const Supplement& supplement, const Rules& rules,
                        const Act& act);

// A notice is over: the case is approved.
Result DecideNoticeOver(const Record& record, const Act& act);

// Reasons as a person reads them, one after the other.
Text ReasonTexts(const std::vector<std::string>& codes);

// Final at once up to the review; from the approval on the vendor side is asked to stop first
// (services/adr/0002-withdrawal-in-two-steps.md).
Result DecideWithdraw(const Record& record, const std::string& reason, const Act& act);

}  // namespace fuju::applications
