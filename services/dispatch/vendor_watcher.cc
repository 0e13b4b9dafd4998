#include "dispatch/vendor_watcher.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

#include "chassis/store/aggregate_store.h"
#include "chassis/telemetry/log.h"
#include "dispatch/vendor.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"

namespace fuju::dispatch {
namespace {

constexpr int kPageSize = 200;
constexpr absl::Duration kRefreshLimit = absl::Seconds(30);
constexpr absl::Duration kRefreshPause = absl::Seconds(1);

template <typename FactMessage>
const std::string& TypeOf() {
  return FactMessage::descriptor()->full_name();
}

}  // namespace

VendorWatcher::VendorWatcher(const DispatchStores* stores, chassis::Fanout* fanout,
                             DispatchMetrics* metrics)
    : stores_(stores),
      fanout_(fanout),
      metrics_(metrics),
      feeds_(static_cast<size_t>(stores->raw()->keys().partitions())) {}

VendorWatcher::~VendorWatcher() { Stop(); }

absl::Status VendorWatcher::Load(absl::Time deadline) {
  if (absl::Status status = Refresh(deadline); !status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("stopping");
    loaded_ = true;
  }
  keeper_ = std::thread([this] { KeepFresh(); });
  return absl::OkStatus();
}

void VendorWatcher::Stop() {
  std::vector<std::unique_ptr<chassis::Fanout::Subscription>> ended;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (keeper_.joinable()) keeper_.join();
  {
    absl::MutexLock lock(&mutex_);
    for (Feed& feed : feeds_) ended.push_back(std::move(feed.subscription));
  }
  // Destroyed without the lock: each waits for its listener, which may be waiting for the lock.
}

absl::StatusOr<VendorDirectory> VendorWatcher::Vendors() const {
  absl::MutexLock lock(&mutex_);
  if (!loaded_) return absl::UnavailableError("the vendor directory is not loaded yet");
  if (directory_ == nullptr) {
    auto vendors = std::make_shared<std::vector<v1::Vendor>>();
    vendors->reserve(known_.size());
    for (const auto& [name, known] : known_) vendors->push_back(known.vendor);
    directory_ = std::move(vendors);
  }
  return directory_;
}

absl::Status VendorWatcher::Refresh(absl::Time deadline) {
  const int partitions = stores_->raw()->keys().partitions();
  {
    absl::MutexLock lock(&mutex_);
    complete_ = false;
  }
  for (int partition = 0; partition < partitions; ++partition) {
    std::unique_ptr<chassis::Fanout::Subscription> old;
    {
      absl::MutexLock lock(&mutex_);
      Feed& feed = feeds_[static_cast<size_t>(partition)];
      if (feed.subscription != nullptr && !feed.ended) continue;
      old = std::move(feed.subscription);
    }
    old.reset();
    Subscribe(partition);
  }
  {
    absl::MutexLock lock(&mutex_);
    const auto ready = [this]()
                           ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || AllStarted(); };
    if (!mutex_.AwaitWithDeadline(absl::Condition(&ready), deadline) || stopping_) {
      return absl::UnavailableError("the event streams can not be read");
    }
  }
  if (absl::Status status = ReadAll(deadline); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  complete_ = true;
  return absl::OkStatus();
}

void VendorWatcher::Subscribe(int partition) {
  const size_t at = static_cast<size_t>(partition);
  {
    absl::MutexLock lock(&mutex_);
    feeds_[at].started = feeds_[at].ended = false;
  }
  auto subscription = fanout_->Subscribe(
      partition, "",
      [this, at](const std::string&) {
        absl::MutexLock lock(&mutex_);
        feeds_[at].started = true;
      },
      [this](const std::string&, const fuju::event::v1::Event& event) { OnEvent(event); },
      [this, at](const absl::Status&) {
        absl::MutexLock lock(&mutex_);
        feeds_[at].ended = true;
      });
  absl::MutexLock lock(&mutex_);
  feeds_[at].subscription = std::move(subscription);
}

absl::Status VendorWatcher::ReadAll(absl::Time deadline) {
  std::string cursor;
  do {
    absl::StatusOr<chassis::Page<VendorRecord>> page = absl::UnknownError("no answer");
    absl::Notification answered;
    stores_->vendors.List(kVendorIndex, "", cursor, kPageSize, deadline,
                          [&](absl::StatusOr<chassis::Page<VendorRecord>> result) {
                            page = std::move(result);
                            answered.Notify();
                          });
    answered.WaitForNotification();
    if (!page.ok()) return page.status();
    for (const auto& item : page->items) {
      Learn(item.aggregate.state.vendor(), item.aggregate.version);
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return absl::OkStatus();
}

void VendorWatcher::OnEvent(const fuju::event::v1::Event& event) {
  if (event.type() == TypeOf<v1::VendorRegistered>()) {
    v1::VendorRegistered fact;
    if (event.data().UnpackTo(&fact)) Learn(fact.vendor(), event.aggregate_version());
  } else if (event.type() == TypeOf<v1::VendorUpdated>()) {
    v1::VendorUpdated fact;
    if (event.data().UnpackTo(&fact)) Learn(fact.vendor(), event.aggregate_version());
  }
}

void VendorWatcher::Learn(const v1::Vendor& vendor, int64_t version) {
  if (version == 0) return;
  absl::MutexLock lock(&mutex_);
  Known& known = known_[vendor.name()];
  // A page that was read before a fact arrived is older than the fact.
  if (version <= known.version) return;
  known.version = version;
  known.vendor = vendor;
  directory_ = nullptr;
  metrics_->SetDirectoryVendors(known_.size());
}

void VendorWatcher::KeepFresh() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return stopping_ || NeedsRefresh();
      };
      mutex_.Await(absl::Condition(&wanted));
      if (stopping_) return;
    }
    const absl::Status status = Refresh(absl::Now() + kRefreshLimit);
    if (status.ok()) continue;
    chassis::LogWarning("the vendor directory could not be refreshed",
                        {{"error", std::string(status.message())}});
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kRefreshPause);
  }
}

bool VendorWatcher::AllStarted() const {
  return absl::c_all_of(feeds_, [](const Feed& feed) { return feed.started && !feed.ended; });
}

bool VendorWatcher::NeedsRefresh() const {
  return !complete_ || absl::c_any_of(feeds_, [](const Feed& feed) { return feed.ended; });
}

}  // namespace fuju::dispatch
