#include "applications/desk/rule_sources.h"

#include "absl/algorithm/container.h"

#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

struct Rule {
  absl::string_view code;
  absl::string_view zh;
  absl::string_view en;
  v1::RuleSource source;
};

// The codes of the catalogue's policy (services/catalogue/decision/subsidy_decision.h), in its
// order.
constexpr Rule kRules[] = {
    {"CERTIFICATE_VALID", "残疾人证有效", "the certificate is valid",
     v1::RULE_SOURCE_CERTIFICATE_NUMBER},
    {"RESIDENCE_COUNTY", "户籍（居住）地受理", "the county serves the person",
     v1::RULE_SOURCE_STATEMENT},
    {"DISABILITY_CATEGORY", "残疾类别", "category of the disability",
     v1::RULE_SOURCE_CERTIFICATE_NUMBER},
    {"DISABILITY_GRADE", "残疾等级", "grade of the disability", v1::RULE_SOURCE_CERTIFICATE_NUMBER},
    {"AGE_WINDOW", "年龄范围", "age window", v1::RULE_SOURCE_RESIDENT_ID},
    {"ECONOMIC_GROUP", "家庭经济状况", "economic status of the family", v1::RULE_SOURCE_STATEMENT},
    {"REPLACEMENT_INTERVAL", "更换年限", "years since the last device", v1::RULE_SOURCE_DELIVERIES},
    {"QUANTITY_LIMIT", "申请数量", "number of pieces", v1::RULE_SOURCE_STATEMENT},
    {"OPEN_GRANT", "同类在办补贴", "open grant of the same division", v1::RULE_SOURCE_DELIVERIES},
    {"YEARLY_KINDS", "年度种类限额", "kinds of the year", v1::RULE_SOURCE_DELIVERIES},
    {"MULTIPLE_KINDS", "多重残疾年度种类限额", "kinds of the year for several disabilities",
     v1::RULE_SOURCE_DELIVERIES},
    {"YEARLY_CAP", "年度补贴限额", "limit of the year", v1::RULE_SOURCE_DELIVERIES},
    {"MULTIPLE_TOTAL_CAP", "多重残疾年度补贴总额", "total of the year for several disabilities",
     v1::RULE_SOURCE_DELIVERIES},
    {"SHARED_ALLOWANCE", "共用补贴额度", "shared allowance", v1::RULE_SOURCE_DELIVERIES},
    {"OTHER_PAYER", "其他渠道支付", "another payer", v1::RULE_SOURCE_STATEMENT},
};

// What the value of the rule rests on; null if nobody verified it.
const v1::FactProof* ProofOf(absl::string_view code, const v1::Applicant& applicant) {
  const v1::FactProof* proof = nullptr;
  if (code == "RESIDENCE_COUNTY") proof = &applicant.residence().proof();
  if (code == "DISABILITY_CATEGORY" || code == "DISABILITY_GRADE" || code == "CERTIFICATE_VALID") {
    proof = &applicant.certificate().proof();
  }
  if (code == "ECONOMIC_GROUP") proof = &applicant.economic_proof();
  return proof == nullptr || proof->source() == v1::FACT_SOURCE_UNSPECIFIED ? nullptr : proof;
}

Text ProofText(v1::FactSource source) {
  switch (source) {
    case v1::FACT_SOURCE_CERTIFICATE_REGISTRY:
      return Text{"经残疾人证信息系统核实", "verified in the registry of disability certificates"};
    case v1::FACT_SOURCE_CIVIL_AFFAIRS:
      return Text{"经民政部门核实", "verified by civil affairs"};
    case v1::FACT_SOURCE_HUKOU:
      return Text{"经公安户籍核实", "verified in the household register"};
    case v1::FACT_SOURCE_OFFICE_CHECK:
      return Text{"经办机构查验材料", "an office has seen the document"};
    case v1::FACT_SOURCE_SURVEY:
      return Text{"需求调查登记", "recorded by the needs survey"};
    default:
      return Text{"来源未知", "source not known"};
  }
}

const Rule* Find(absl::string_view code) {
  const auto* found =
      absl::c_find_if(kRules, [code](const Rule& rule) { return rule.code == code; });
  return found == std::end(kRules) ? nullptr : found;
}

}  // namespace

Text RuleText(absl::string_view code) {
  const Rule* rule = Find(code);
  if (rule == nullptr) return Text{std::string(code), std::string(code)};
  return Text{std::string(rule->zh), std::string(rule->en)};
}

FactOrigin OriginOf(absl::string_view code, const storage::v1::ApplicationRecord& record,
                    const catalogue::v1::SubsidyDecision& decision) {
  const Rule* rule = Find(code);
  if (rule == nullptr) return {};
  // The deliveries are looked up when the decision is made.
  if (rule->source == v1::RULE_SOURCE_DELIVERIES) return {rule->source, decision.decision_date()};
  const v1::Applicant& applicant = record.application().applicant();
  if (rule->source == v1::RULE_SOURCE_CERTIFICATE_NUMBER &&
      applicant.certificate_number().empty() && applicant.has_diagnosis()) {
    return {v1::RULE_SOURCE_DIAGNOSIS, applicant.diagnosis().date()};
  }
  if (const v1::FactProof* proof = ProofOf(code, applicant); proof != nullptr) {
    return {rule->source, proof->verify_date(), proof};
  }
  const absl::CivilDay handed_in =
      vocabulary::TodayInShanghai(chassis::ToTime(record.application().submit_time()));
  return {rule->source, vocabulary::FormatCivilDate(handed_in)};
}

Text SourceText(const FactOrigin& origin) {
  if (origin.proof != nullptr) return ProofText(origin.proof->source());
  switch (origin.source) {
    case v1::RULE_SOURCE_STATEMENT:
      return Text{"申请人在申请中的填报", "stated by the applicant in the application"};
    case v1::RULE_SOURCE_CERTIFICATE_NUMBER:
      return Text{"残疾人证号", "number of the disability certificate"};
    case v1::RULE_SOURCE_RESIDENT_ID:
      return Text{"居民身份证号", "resident id"};
    case v1::RULE_SOURCE_DELIVERIES:
      return Text{"本省已验收辅具记录", "the province's record of accepted devices"};
    case v1::RULE_SOURCE_DIAGNOSIS:
      return Text{"医疗机构诊断证明", "diagnosis of a medical institution"};
    default:
      return Text{"来源未知", "source not known"};
  }
}

}  // namespace fuju::applications
