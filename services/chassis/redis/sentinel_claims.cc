#include "chassis/redis/sentinel_claims.h"

#include <algorithm>

namespace fuju::chassis::redis {

std::vector<PrimaryClaim> SentinelClaims::Believed(const std::vector<PrimaryClaim>& claims,
                                                   size_t asked) {
  if (!claims.empty() && claims.size() == asked) epoch_ = 0;
  for (const PrimaryClaim& claim : claims) epoch_ = std::max(epoch_, claim.epoch);
  std::vector<PrimaryClaim> believed;
  for (const PrimaryClaim& claim : claims) {
    if (claim.epoch == epoch_) believed.push_back(claim);
  }
  return believed;
}

}  // namespace fuju::chassis::redis
