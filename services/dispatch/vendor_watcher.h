#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/streams/fanout.h"
#include "dispatch/metrics.h"
#include "dispatch/wiring.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

namespace fuju::dispatch {

// All vendors, immutable.
using VendorDirectory = std::shared_ptr<const std::vector<v1::Vendor>>;

// Keeps the vendor directory that matching reads: a copy of all vendors in memory, loaded once and
// then kept fresh by the facts of all partitions. It may lag by the time that a fact takes, so it
// is a hint only; the offer's commit decides. Thread-safe.
class VendorWatcher {
 public:
  // What is passed outlives this.
  VendorWatcher(const DispatchStores* stores, chassis::Fanout* fanout, DispatchMetrics* metrics);
  // Stop must have been called.
  ~VendorWatcher();
  VendorWatcher(const VendorWatcher&) = delete;
  VendorWatcher& operator=(const VendorWatcher&) = delete;

  // Subscribes, then reads all vendors, so that no change falls between. Waits, at most until
  // `deadline`: UNAVAILABLE then. Afterwards a subscription that ends is made again, and the
  // vendors read again, by a thread of its own. Once.
  absl::Status Load(absl::Time deadline);

  // Ends the subscriptions and joins the thread; before the fanout stops. Idempotent.
  void Stop();

  // UNAVAILABLE until loaded.
  absl::StatusOr<VendorDirectory> Vendors() const;

 private:
  // One partition's subscription.
  struct Feed {
    std::unique_ptr<chassis::Fanout::Subscription> subscription;
    bool started = false;
    bool ended = false;
  };
  struct Known {
    int64_t version = 0;
    v1::Vendor vendor;
  };

  absl::Status Refresh(absl::Time deadline);
  void Subscribe(int partition);
  absl::Status ReadAll(absl::Time deadline);
  void OnEvent(const fuju::event::v1::Event& event);
  void Learn(const v1::Vendor& vendor, int64_t version);
  void KeepFresh();
  bool AllStarted() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool NeedsRefresh() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const DispatchStores* const stores_;
  chassis::Fanout* const fanout_;
  DispatchMetrics* const metrics_;

  mutable absl::Mutex mutex_;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  // Nothing was missed since all vendors were read.
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Feed> feeds_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);
  // Made from known_ when it is asked for; null after a change.
  mutable VendorDirectory directory_ ABSL_GUARDED_BY(mutex_);
  std::thread keeper_;
};

}  // namespace fuju::dispatch
