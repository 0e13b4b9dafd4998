#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "catalogue/metrics.h"
#include "catalogue/versions/catalogue_set.h"
#include "catalogue/wiring.h"
#include "chassis/streams/fanout.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// The code of the province whose regions these are.
std::string ProvinceOf(const vocabulary::RegionTable& regions);

// Keeps all published versions in memory, so that a quote asks Redis nothing about them. Every
// instance follows the stream by itself, not as one of a group: all of them have to learn of a
// publication. That a version becomes effective needs no event: whoever asks says the day.
// Thread-safe.
class CatalogueWatcher {
 public:
  // What is passed outlives this. `province` is the area of versions that name none.
  CatalogueWatcher(const CatalogueStores* stores, chassis::Fanout* fanout,
                   CatalogueMetrics* metrics, std::string province);
  // Stops.
  ~CatalogueWatcher();
  CatalogueWatcher(const CatalogueWatcher&) = delete;
  CatalogueWatcher& operator=(const CatalogueWatcher&) = delete;

  // Subscribes, then reads the published versions, so that no publication falls between; that there
  // is none yet is no error. Waits, at most until `deadline`: UNAVAILABLE then. Afterwards a thread
  // of its own reads again after a publication, and after a subscription that ended. Once.
  absl::Status Load(absl::Time deadline);

  // Ends the subscription and joins the thread; before the fanout stops. Idempotent.
  void Stop();

  // All that is published, as far as this process knows; never null.
  std::shared_ptr<const CatalogueSet> Set() const;

  // The catalogue of an area on a day, as CatalogueSet::For.
  std::shared_ptr<const Catalogue> For(absl::string_view area, absl::CivilDay date) const;

  // The province's today; null if it has none in force.
  std::shared_ptr<const Catalogue> InForce() const;

  // Takes a stored version; nothing happens if it is no published one or known already.
  void Learn(storage::v1::CatalogueRecord record);

  const std::string& province() const { return province_; }

 private:
  absl::Status Refresh(absl::Time deadline);
  absl::Status SubscribeAgain(absl::Time deadline);
  absl::Status ReadPublished(absl::Time deadline);
  absl::Status ReadVersions(const std::vector<std::string>& labels, absl::Time deadline);
  void LearnAll(std::vector<storage::v1::CatalogueRecord> records);
  // By the date, so again from time to time.
  void ShowMetrics() const;
  void KeepFresh();

  const CatalogueStores* const stores_;
  chassis::Fanout* const fanout_;
  CatalogueMetrics* const metrics_;
  const std::string province_;

  // One makes the next set at a time; readers do not wait for it.
  absl::Mutex learning_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  // A mutex and not std::atomic<std::shared_ptr>: that of g++ 12 is no lock-free one either, and
  // ThreadSanitizer can not see what it orders (GCC PR 101761).
  std::shared_ptr<const CatalogueSet> set_ ABSL_GUARDED_BY(mutex_);
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
