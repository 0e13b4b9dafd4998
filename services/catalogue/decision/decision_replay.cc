#include "catalogue/decision/decision_replay.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "catalogue/decision/decision_digest.h"

namespace fuju::catalogue {
namespace {

using DifferenceList = std::vector<v1::DecisionDifference>;

// Collects what differs.
class Comparison {
 public:
  void Text(absl::string_view path, absl::string_view stored, absl::string_view recomputed) {
    if (stored == recomputed) return;
    v1::DecisionDifference difference;
    difference.set_path(std::string(path));
    difference.set_stored(std::string(stored));
    difference.set_recomputed(std::string(recomputed));
    found_.push_back(std::move(difference));
  }
  void Number(absl::string_view path, int64_t stored, int64_t recomputed) {
    if (stored != recomputed) Text(path, absl::StrCat(stored), absl::StrCat(recomputed));
  }
  void Flag(absl::string_view path, bool stored, bool recomputed) {
    if (stored != recomputed) Text(path, stored ? "true" : "false", recomputed ? "true" : "false");
  }

  DifferenceList Take() { return std::move(found_); }

 private:
  DifferenceList found_;
};

std::string Shares(const google::protobuf::RepeatedPtrField<v1::FundShare>& shares) {
  std::string text;
  for (const v1::FundShare& share : shares) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", v1::FundSource_Name(share.fund_source()), " ",
                    share.amount_fen());
  }
  return text;
}

void CompareRules(const v1::SubsidyDecision& stored, const v1::SubsidyDecision& recomputed,
                  Comparison& out) {
  const int count = std::max(stored.rules_size(), recomputed.rules_size());
  for (int i = 0; i < count; ++i) {
    const v1::RuleResult& was =
        i < stored.rules_size() ? stored.rules(i) : v1::RuleResult::default_instance();
    const v1::RuleResult& is =
        i < recomputed.rules_size() ? recomputed.rules(i) : v1::RuleResult::default_instance();
    if (was.code() != is.code()) {
      out.Text(absl::StrCat("decision.rules[", i, "].code"), was.code(), is.code());
      continue;
    }
    const std::string path = absl::StrCat("decision.rules[", was.code(), "]");
    out.Flag(path + ".passed", was.passed(), is.passed());
    out.Text(path + ".values", was.values(), is.values());
  }
}

// What the grant holds while the decision is as it was made.
bool HoldsItsSubsidy(const v1::Grant& grant) {
  return grant.state() == v1::GRANT_STATE_RESERVED || grant.state() == v1::GRANT_STATE_SETTLED;
}

}  // namespace

DifferenceList Differences(const v1::SubsidyDecision& stored,
                           const v1::SubsidyDecision& recomputed) {
  Comparison out;
  out.Text("decision.catalogue_version", stored.catalogue_version(),
           recomputed.catalogue_version());
  out.Text("decision.item_code", stored.item_code(), recomputed.item_code());
  out.Text("decision.device_division", stored.device_division(), recomputed.device_division());
  out.Flag("decision.eligible", stored.eligible(), recomputed.eligible());
  out.Number("decision.quantity", stored.quantity(), recomputed.quantity());
  out.Number("decision.subsidy_fen", stored.subsidy_fen(), recomputed.subsidy_fen());
  out.Number("decision.self_pay_fen", stored.self_pay_fen(), recomputed.self_pay_fen());
  out.Number("decision.allowed_price_fen", stored.allowed_price_fen(),
             recomputed.allowed_price_fen());
  out.Number("decision.cap_fen", stored.cap_fen(), recomputed.cap_fen());
  out.Number("decision.ratio_bp", stored.ratio_bp(), recomputed.ratio_bp());
  out.Text("decision.subsidy_mode", stored.subsidy_mode(), recomputed.subsidy_mode());
  out.Number("decision.product_fen", stored.product_fen(), recomputed.product_fen());
  out.Number("decision.service_fen", stored.service_fen(), recomputed.service_fen());
  out.Text("decision.top_ups", Shares(stored.top_ups()), Shares(recomputed.top_ups()));
  out.Text("decision.assessment_level", v1::AssessmentLevel_Name(stored.assessment_level()),
           v1::AssessmentLevel_Name(recomputed.assessment_level()));
  CompareRules(stored, recomputed, out);
  return out.Take();
}

v1::DecisionReplay CompareReplay(const v1::Grant& grant, const v1::SubsidyDecision* recomputed) {
  const v1::SubsidyDecision& stored = grant.decision();
  v1::DecisionReplay replay;
  replay.set_name(grant.name());
  replay.set_catalogue_version(stored.catalogue_version());
  if (stored.sha256().empty()) {
    replay.set_result(v1::REPLAY_RESULT_NOT_REPLAYABLE);
    return replay;
  }
  replay.set_sha256(DecisionDigest(grant));
  replay.set_hash_broken(replay.sha256() != stored.sha256());
  DifferenceList found;
  if (recomputed != nullptr) {
    found = Differences(stored, *recomputed);
  } else {
    v1::DecisionDifference missing;
    missing.set_path("decision.catalogue_version");
    missing.set_stored(stored.catalogue_version());
    found.push_back(std::move(missing));
  }
  if (HoldsItsSubsidy(grant) && grant.amount_fen() != stored.subsidy_fen()) {
    v1::DecisionDifference amount;
    amount.set_path("amount_fen");
    amount.set_stored(absl::StrCat(grant.amount_fen()));
    amount.set_recomputed(absl::StrCat(stored.subsidy_fen()));
    found.push_back(std::move(amount));
  }
  replay.mutable_differences()->Assign(found.begin(), found.end());
  replay.set_result(found.empty() && !replay.hash_broken() ? v1::REPLAY_RESULT_EQUAL
                                                           : v1::REPLAY_RESULT_DIFFERENT);
  return replay;
}

}  // namespace fuju::catalogue
