#pragma once

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "catalogue/catalogue.h"
#include "catalogue/metrics.h"
#include "catalogue/wiring.h"
#include "chassis/streams/fanout.h"

namespace fuju::catalogue {

// Keeps the catalogue in force in memory, so that a quote asks Redis nothing about it. Every
// instance follows the stream by itself, not as one of a group: all of them have to learn of a
// publication. Thread-safe.
class CatalogueWatcher {
 public:
  // What is passed outlives this.
  CatalogueWatcher(const CatalogueStores* stores, chassis::Fanout* fanout,
                   CatalogueMetrics* metrics);
  // Stops.
  ~CatalogueWatcher();
  CatalogueWatcher(const CatalogueWatcher&) = delete;
  CatalogueWatcher& operator=(const CatalogueWatcher&) = delete;

  // Subscribes, then reads the catalogue in force, so that no publication falls between; that there
  // is none yet is no error. Waits, at most until `deadline`: UNAVAILABLE then. Afterwards a thread
  // of its own reads again after a publication, and after a subscription that ended. Once.
  absl::Status Load(absl::Time deadline);

  // Ends the subscription and joins the thread; before the fanout stops. Idempotent.
  void Stop();

  // Null if none was published yet.
  std::shared_ptr<const Catalogue> InForce() const;

  // Takes a published catalogue, unless a later one is known.
  void Learn(storage::v1::CatalogueRecord record);

 private:
  absl::Status Refresh(absl::Time deadline);
  absl::Status SubscribeAgain(absl::Time deadline);
  absl::Status ReadInForce(absl::Time deadline);
  void KeepFresh();

  const CatalogueStores* const stores_;
  chassis::Fanout* const fanout_;
  CatalogueMetrics* const metrics_;

  mutable absl::Mutex mutex_;
  // A mutex and not std::atomic<std::shared_ptr>: that of g++ 12 is no lock-free one either, and
  // ThreadSanitizer can not see what it orders (GCC PR 101761).
  std::shared_ptr<const Catalogue> in_force_ ABSL_GUARDED_BY(mutex_);
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  // No subscription runs.
  bool ended_ ABSL_GUARDED_BY(mutex_) = true;
  // Something was published since the last reading began.
  bool stale_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the thread that loads, then of the keeper, then of Stop.
  std::unique_ptr<chassis::Fanout::Subscription> subscription_;
  std::thread keeper_;
};

}  // namespace fuju::catalogue
