#include "support/complete_applicant.h"

#include <string>

namespace fuju::test_support {

applications::v1::Document DocumentOf(const char* kind) {
  applications::v1::Document document;
  document.set_kind(kind);
  document.set_shelf_mark("虚构档案柜-1");
  return document;
}

void CompleteApplicant(applications::v1::Applicant& applicant, bool child) {
  for (const char* purpose :
       {"processing", "vendor_sharing", "register_check", "follow_up", "prefill"}) {
    applications::v1::Consent& consent = *applicant.add_consents();
    consent.set_purpose(purpose);
    consent.set_version(1);
  }
  if (applicant.economic_status() != type::v1::ECONOMIC_STATUS_YB) {
    *applicant.add_documents() = DocumentOf("economic_proof");
  }
  if (!child) return;
  applications::v1::Representative& guardian = *applicant.add_representatives();
  guardian.set_relation(applications::v1::RELATION_GUARDIAN);
  guardian.set_name("虚构监护");
  guardian.set_basis("母亲");
  *applicant.add_documents() = DocumentOf("guardian_proof");
}

}  // namespace fuju::test_support
