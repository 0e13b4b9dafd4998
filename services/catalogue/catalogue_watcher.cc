#include "catalogue/catalogue_watcher.h"

#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

#include "catalogue/publication.h"
#include "chassis/telemetry/log.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::catalogue {
namespace {

constexpr absl::Duration kRefreshLimit = absl::Seconds(30);
constexpr absl::Duration kRefreshPause = absl::Milliseconds(500);

using CatalogueRecord = storage::v1::CatalogueRecord;

}  // namespace

CatalogueWatcher::CatalogueWatcher(const CatalogueStores* stores, chassis::Fanout* fanout,
                                   CatalogueMetrics* metrics)
    : stores_(stores), fanout_(fanout), metrics_(metrics) {}

CatalogueWatcher::~CatalogueWatcher() { Stop(); }

absl::Status CatalogueWatcher::Load(absl::Time deadline) {
  if (absl::Status status = Refresh(deadline); !status.ok()) return status;
  keeper_ = std::thread([this] { KeepFresh(); });
  return absl::OkStatus();
}

void CatalogueWatcher::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (keeper_.joinable()) keeper_.join();
  subscription_.reset();
}

std::shared_ptr<const Catalogue> CatalogueWatcher::InForce() const {
  absl::MutexLock lock(&mutex_);
  return in_force_;
}

void CatalogueWatcher::Learn(CatalogueRecord record) {
  auto catalogue = std::make_shared<const Catalogue>(std::move(record));
  absl::MutexLock lock(&mutex_);
  if (in_force_ != nullptr && !catalogue->Supersedes(*in_force_)) return;
  metrics_->SetInForce(catalogue->version());
  // The old one is freed by the last reader that still has it.
  in_force_.swap(catalogue);
}

absl::Status CatalogueWatcher::Refresh(absl::Time deadline) {
  bool ended;
  {
    absl::MutexLock lock(&mutex_);
    ended = ended_;
    stale_ = false;
  }
  if (ended) {
    if (absl::Status status = SubscribeAgain(deadline); !status.ok()) return status;
  }
  return ReadInForce(deadline);
}

absl::Status CatalogueWatcher::SubscribeAgain(absl::Time deadline) {
  subscription_.reset();
  {
    absl::MutexLock lock(&mutex_);
    started_ = ended_ = false;
  }
  const int partition = stores_->raw()->keys().PartitionOf(
      std::string_view(kCatalogueRoute.data(), kCatalogueRoute.size()));
  subscription_ = fanout_->Subscribe(
      partition, "",
      [this](const std::string&) {
        absl::MutexLock lock(&mutex_);
        started_ = true;
      },
      [this](const std::string&, const fuju::event::v1::Event& event) {
        if (event.type() != v1::CataloguePublished::descriptor()->full_name()) return;
        absl::MutexLock lock(&mutex_);
        stale_ = true;
      },
      [this](const absl::Status&) {
        absl::MutexLock lock(&mutex_);
        ended_ = true;
      });
  absl::MutexLock lock(&mutex_);
  const auto settled = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return started_ || ended_ || stopping_;
  };
  mutex_.AwaitWithDeadline(absl::Condition(&settled), deadline);
  if (started_ && !ended_) return absl::OkStatus();
  ended_ = true;
  return absl::UnavailableError("the catalogue's event stream can not be read");
}

absl::Status CatalogueWatcher::ReadInForce(absl::Time deadline) {
  absl::StatusOr<chassis::Page<CatalogueRecord>> page = absl::UnknownError("no answer");
  absl::Notification answered;
  stores_->versions.List(std::string(kCatalogueIndex), std::string(kCatalogueRoute), "", 1,
                         deadline, [&](absl::StatusOr<chassis::Page<CatalogueRecord>> result) {
                           page = std::move(result);
                           answered.Notify();
                         });
  answered.WaitForNotification();
  if (!page.ok()) return page.status();
  for (auto& item : page->items) Learn(std::move(item.aggregate.state));
  return absl::OkStatus();
}

void CatalogueWatcher::KeepFresh() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return stopping_ || stale_ || ended_;
      };
      mutex_.Await(absl::Condition(&wanted));
      if (stopping_) return;
    }
    const absl::Status status = Refresh(absl::Now() + kRefreshLimit);
    if (status.ok()) continue;
    metrics_->CountReloadFailure();
    chassis::LogWarning("the catalogue in force could not be read",
                        {{"error", std::string(status.message())}});
    absl::MutexLock lock(&mutex_);
    stale_ = true;
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kRefreshPause);
  }
}

}  // namespace fuju::catalogue
