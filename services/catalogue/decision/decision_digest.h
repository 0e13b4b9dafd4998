#pragma once

#include <string>

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// SHA-256, lower-case hex, over what a grant's decision was made of and what it found: facts,
// history, item, division, price, quantity, day and catalogue version; amounts, and every rule with
// its words. Not over what happens to the grant later (state, vendor, funds, batch), nor over the
// stored hash itself. Each value is written with its name and length, so that two different grants
// can not be written alike; the names are part of the format and never change. Pure.
std::string DecisionDigest(const v1::Grant& grant);

// Puts the digest into the grant's decision: the last step of making a grant.
void SealDecision(v1::Grant& grant);

}  // namespace fuju::catalogue
