#include "catalogue/decision/verdict.h"

namespace fuju::catalogue {

absl::string_view RuleCodeName(RuleCode code) {
  switch (code) {
    case RuleCode::kDivision:
      return kDivisionMismatch;
    case RuleCode::kCertificate:
      return kRuleCertificate;
    case RuleCode::kResidence:
      return kRuleResidenceCounty;
    case RuleCode::kCategory:
      return kRuleCategory;
    case RuleCode::kGrade:
      return kRuleGrade;
    case RuleCode::kAge:
      return kRuleAgeWindow;
    case RuleCode::kEconomicGroup:
      return kRuleEconomicGroup;
    case RuleCode::kInterval:
      return kRuleReplacementInterval;
    case RuleCode::kQuantity:
      return kRuleQuantity;
    case RuleCode::kOpenGrant:
      return kRuleOpenGrant;
    case RuleCode::kYearlyKinds:
      return kRuleYearlyKinds;
    case RuleCode::kMultipleKinds:
      return kRuleMultipleKinds;
    case RuleCode::kYearlyCap:
      return kRuleYearlyCap;
    case RuleCode::kMultipleTotal:
      return kRuleMultipleTotal;
    case RuleCode::kSharedAllowance:
      return kRuleSharedAllowance;
    case RuleCode::kOtherPayer:
      return kRuleOtherPayer;
    case RuleCode::kApprovedPrice:
      return kRuleApprovedPrice;
  }
  return "";
}

bool IsPersonLimit(absl::string_view code) {
  return code == kRuleYearlyKinds || code == kRuleMultipleKinds || code == kRuleYearlyCap ||
         code == kRuleMultipleTotal || code == kRuleSharedAllowance;
}

}  // namespace fuju::catalogue
