#include "applications/intake/fact_decisions.h"

#include <string>
#include <utility>

#include <google/protobuf/util/message_differencer.h>

#include "applications/draft_decisions.h"
#include "applications/intake/field_complaints.h"
#include "applications/intake/person_facts.h"
#include "applications/staff_roles.h"
#include "applications/termination.h"
#include "fuju/applications/v1/intake_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::FactProof ProofBy(const v1::VerifyPersonFactRequest& asked, const Act& act) {
  v1::FactProof proof;
  proof.set_source(asked.source());
  proof.set_verify_date(vocabulary::FormatCivilDate(vocabulary::TodayInShanghai(act.now)));
  proof.set_expire_date(asked.expire_date());
  proof.set_actor(act.actor);
  return proof;
}

// Writes what was found; says which facts were looked at and which were corrected.
class Verification {
 public:
  Verification(const v1::VerifyPersonFactRequest& asked, const Act& act)
      : asked_(asked), proof_(ProofBy(asked, act)) {
    fact_.set_source(asked.source());
  }

  void Write(v1::Applicant& applicant) {
    if (asked_.has_certificate()) {
      WriteFact(asked_.certificate(), v1::PERSON_FACT_CERTIFICATE, applicant.mutable_certificate());
    }
    if (asked_.has_residence()) {
      WriteFact(asked_.residence(), v1::PERSON_FACT_RESIDENCE, applicant.mutable_residence());
    }
    if (asked_.economic_status() != type::v1::ECONOMIC_STATUS_UNSPECIFIED) {
      Note(v1::PERSON_FACT_ECONOMIC_STATUS,
           asked_.economic_status() == applicant.economic_status());
      applicant.set_economic_status(asked_.economic_status());
      *applicant.mutable_economic_proof() = proof_;
    }
  }

  const v1::PersonFactVerified& fact() const { return fact_; }

 private:
  void Note(v1::PersonFact which, bool same) {
    fact_.add_verified(which);
    if (!same) fact_.add_corrected(which);
  }

  template <typename Fact>
  void WriteFact(Fact found, v1::PersonFact which, Fact* fact) {
    found.clear_proof();
    fact->clear_proof();
    Note(which, MessageDifferencer::Equals(found, *fact));
    *fact = std::move(found);
    *fact->mutable_proof() = proof_;
  }

  const v1::VerifyPersonFactRequest& asked_;
  const v1::FactProof proof_;
  v1::PersonFactVerified fact_;
};

Text NamesOf(const google::protobuf::RepeatedField<int>& facts) {
  std::vector<Text> names;
  for (const int fact : facts) {
    switch (fact) {
      case v1::PERSON_FACT_CERTIFICATE:
        names.push_back({"残疾人证", "the certificate"});
        break;
      case v1::PERSON_FACT_RESIDENCE:
        names.push_back({"户籍或居住证", "the residence"});
        break;
      default:
        names.push_back({"家庭经济状况", "the family's economic status"});
        break;
    }
  }
  return JoinTexts(names);
}

absl::Status NothingToVerify() {
  constexpr char kZh[] = "certificate、residence和economic_status至少填一项";
  constexpr char kEn[] = "at least one of certificate, residence and economic_status is required";
  return chassis::InvalidFields()
      .Field("certificate", kZh, kEn)
      .Field("residence", kZh, kEn)
      .Field("economic_status", kZh, kEn)
      .Build();
}

absl::Status FactDecided() {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "FACT_DECIDED",
                          "补贴资格和金额是按原来的情况核定的，本申请不能再改；请以相应原因不予批准"
                          "，本人可申诉或重新"
                          "申请",
                          "the catalogue decided on the fact as it was: reject the case with the "
                          "reason, and the "
                          "person appeals or applies anew")
      .Build();
}

// What the catalogue looks at is the same in both.
absl::Status CheckStillDecided(const v1::Application& before, const v1::Application& after,
                               absl::Time now) {
  const absl::StatusOr<type::v1::EligibilityFacts> old_facts = FactsOf(before, now);
  if (!old_facts.ok()) return old_facts.status();
  const absl::StatusOr<type::v1::EligibilityFacts> new_facts = FactsOf(after, now);
  if (!new_facts.ok()) return new_facts.status();
  if (!MessageDifferencer::Equals(*old_facts, *new_facts)) return FactDecided();
  return absl::OkStatus();
}

}  // namespace

Result DecideVerifyFact(const Record& record, const v1::VerifyPersonFactRequest& asked,
                        const Act& act) {
  const v1::Application& before = record.application();
  if (!IsLegal(before.state(), Move::kVerifyFact)) return Forbidden(record, Move::kVerifyFact);
  if (FindStaffRole(RoleOf(act.actor)) == nullptr) return NotOfAnOffice();
  Change change(record, Move::kVerifyFact, act);
  Verification verification(asked, act);
  verification.Write(*change.application().mutable_applicant());
  const v1::PersonFactVerified& fact = verification.fact();
  if (fact.verified().empty()) return NothingToVerify();
  chassis::Refusal refusal = chassis::InvalidFields();
  CheckFactsAgree(change.application().applicant(), vocabulary::TodayInShanghai(act.now),
                  [&refusal](absl::string_view path, const absl::Status& why) {
                    AddComplaint(refusal, path, why);
                  });
  if (refusal.has_fields()) return refusal.Build();
  if (before.state() != v1::APPLICATION_STATE_DRAFT) {
    if (absl::Status s = CheckStillDecided(before, change.application(), act.now); !s.ok()) {
      return s;
    }
  }
  if (fact.corrected().empty()) {
    change.Tell(Line::kFactVerified, {NamesOf(fact.verified())}, asked.remark());
  } else {
    change.Tell(Line::kFactCorrected, {NamesOf(fact.verified()), NamesOf(fact.corrected())},
                asked.remark());
  }
  return change.Publish(v1::PersonFactVerified(fact));
}

}  // namespace fuju::applications
