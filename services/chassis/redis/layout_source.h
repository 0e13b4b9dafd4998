#pragma once

#include <memory>

#include "absl/status/statusor.h"

#include "chassis/redis/endpoint.h"
#include "chassis/redis/layout.h"

namespace fuju::chassis::redis {

// Asks a deployment where its slots are. Of one thread.
class LayoutSource {
 public:
  virtual ~LayoutSource() = default;

  // Asks and waits, for less than a second for each node that does not answer. UNAVAILABLE if
  // nobody could tell.
  virtual absl::StatusOr<Learned> Ask() = 0;
};

// Asks several nodes of a Redis Cluster and believes the one with the greatest epoch: a primary
// that was cut off still tells of itself as it was.
std::unique_ptr<LayoutSource> MakeClusterSource(const Deployment& deployment);

// Asks all Sentinels, believes those that know of the last failover (sentinel_claims.h), and then
// asks the node that they name whether it is a primary: it may not have been told yet.
std::unique_ptr<LayoutSource> MakeSentinelSource(const Deployment& deployment);

}  // namespace fuju::chassis::redis
