#pragma once

#include <string>
#include <vector>

#include "catalogue/versions/catalogue.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// A catalogue with what decisions look at: ratios, a ceiling, shared allowances, limits of persons,
// grounds for an early replacement, top-ups, a service share.
storage::v1::CatalogueRecord ManyRules(const std::string& label);

// 620102 and 620103.
vocabulary::RegionTable TwoCounties();

// Grants as the reactions make and store them: by `catalogue`, of persons of all ages, groups and
// disabilities, with histories, in 620102 and 620103. The same number gives the same grant.
v1::Grant StoredGrant(int number, const Catalogue& catalogue);

}  // namespace fuju::catalogue
