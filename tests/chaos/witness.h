#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/redis/pipelined_client.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chaos {

// One entry of an events stream.
struct Entry {
  std::string id;
  std::string bytes;
};
// By stream, in the order of the stream.
using Streams = std::map<std::string, std::vector<Entry>>;

// Partitions of the deployments under test.
inline constexpr int kPartitions = 16;

// The events streams of all services.
std::vector<std::string> EventStreams();

// Reads all entries that `streams` hold now. Waits.
Streams ReadAll(chassis::redis::Client& redis, const std::vector<std::string>& streams);

// Reads every events stream from its beginning while it lives, belongs to no group and acknowledges
// nothing, so that neither trimming nor a lost end of a stream escapes it. It waits while Redis is
// away.
class Witness {
 public:
  explicit Witness(const chassis::redis::Deployment& redis);
  ~Witness();

  // Facts of a service that answer another fact, as far as it has read.
  int64_t reactions(const std::string& service) const;

  // Ends the reading; everything seen. Once.
  Streams Stop();

 private:
  void Main();
  // Reads what is new in all streams of a partition; whether anything is.
  bool ReadPartition(int partition);
  void Count(const std::vector<Entry>& entries, size_t from);

  const std::unique_ptr<chassis::redis::Client> redis_;
  std::atomic<bool> stopping_{false};
  mutable absl::Mutex mutex_;
  std::map<std::string, int64_t> reactions_ ABSL_GUARDED_BY(mutex_);
  // Used by the thread only, until it has ended.
  Streams seen_;
  std::thread thread_;
};

}  // namespace fuju::chaos
