#pragma once

#include "absl/strings/string_view.h"

#include "catalogue/decision/decide.h"
#include "catalogue/decision/verdict.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Gives a verdict words: each rule with what it looked at, where that comes from, and for a failure
// one sentence in Chinese and English that says what would change the answer. `in` is what the
// verdict was made of, with the row of its item; `catalogue_version` the label of the version that
// decided. Pure.
v1::SubsidyDecision RenderDecision(const DecisionInputs& in, const Verdict& verdict,
                                   absl::string_view catalogue_version);

// What is stored leaves out the sources that follow from a rule's code and the decision's item and
// version, which is all but those of a row that a version above has: a quarter of a grant's bytes.
// AddSources puts them back for who reads it. Pure.
void DropPlainSources(v1::SubsidyDecision& decision);
void AddSources(v1::SubsidyDecision& decision);

}  // namespace fuju::catalogue
