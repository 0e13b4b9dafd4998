#include "catalogue/versions/catalogue_watcher.h"

#include <algorithm>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

#include "catalogue/versions/publication.h"
#include "chassis/telemetry/log.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

constexpr absl::Duration kRefreshLimit = absl::Seconds(30);
constexpr absl::Duration kRefreshPause = absl::Milliseconds(500);
constexpr absl::Duration kMetricsPause = absl::Minutes(1);
// A version has some ten kilobytes for every 20 items.
constexpr int kLabelsAtOnce = 200;
constexpr size_t kVersionsAtOnce = 20;

using CatalogueRecord = storage::v1::CatalogueRecord;

}  // namespace

CatalogueWatcher::CatalogueWatcher(const CatalogueStores* stores, chassis::Fanout* fanout,
                                   CatalogueMetrics* metrics, std::string province)
    : stores_(stores),
      fanout_(fanout),
      metrics_(metrics),
      province_(std::move(province)),
      set_(std::make_shared<const CatalogueSet>()) {}

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

std::string ProvinceOf(const vocabulary::RegionTable& regions) {
  const std::vector<vocabulary::Region> prefectures = regions.Prefectures();
  return prefectures.empty() ? "" : prefectures.front().code.Province().digits();
}

std::shared_ptr<const CatalogueSet> CatalogueWatcher::Set() const {
  absl::MutexLock lock(&mutex_);
  return set_;
}

std::shared_ptr<const Catalogue> CatalogueWatcher::For(absl::string_view area,
                                                       absl::CivilDay date) const {
  return Set()->For(area, date);
}

std::shared_ptr<const Catalogue> CatalogueWatcher::InForce() const {
  return For("", vocabulary::TodayInShanghai(stores_->Now()));
}

void CatalogueWatcher::Learn(CatalogueRecord record) {
  std::vector<CatalogueRecord> records;
  records.push_back(std::move(record));
  LearnAll(std::move(records));
}

void CatalogueWatcher::LearnAll(std::vector<CatalogueRecord> records) {
  absl::MutexLock learning(&learning_);
  const std::shared_ptr<const CatalogueSet> known = Set();
  std::vector<SharedRecord> versions = known->versions();
  for (CatalogueRecord& record : records) {
    SharedRecord version = ReadRecord(std::move(record), province_);
    const bool is_new = version->version().state() == v1::CATALOGUE_STATE_PUBLISHED &&
                        known->Find(version->version().version()) == nullptr;
    if (is_new) versions.push_back(std::move(version));
  }
  if (versions.size() != known->versions().size()) {
    auto set = std::make_shared<const CatalogueSet>(std::move(versions));
    absl::MutexLock lock(&mutex_);
    // The old one is freed by the last reader that still has it.
    set_.swap(set);
  }
  ShowMetrics();
}

void CatalogueWatcher::ShowMetrics() const {
  if (const std::shared_ptr<const Catalogue> catalogue = InForce(); catalogue != nullptr) {
    metrics_->SetInForce(catalogue->item_count(),
                         catalogue->chain().front()->version().publish_time());
  }
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
  return ReadPublished(deadline);
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

absl::Status CatalogueWatcher::ReadPublished(absl::Time deadline) {
  std::vector<std::string> unknown;
  std::string cursor;
  do {
    absl::StatusOr<chassis::RawStore::IndexPage> page = absl::UnknownError("no answer");
    absl::Notification answered;
    stores_->raw()->ListIndexes({std::string(kCatalogueIndex)}, std::string(kCatalogueRoute),
                                cursor, kLabelsAtOnce, deadline,
                                [&](absl::StatusOr<chassis::RawStore::IndexPage> result) {
                                  page = std::move(result);
                                  answered.Notify();
                                });
    answered.WaitForNotification();
    if (!page.ok()) return page.status();
    const std::shared_ptr<const CatalogueSet> known = Set();
    for (chassis::IndexEntry& entry : page->entries) {
      if (known->Find(entry.member) == nullptr) unknown.push_back(std::move(entry.member));
    }
    cursor = std::move(page->next_cursor);
  } while (!cursor.empty());
  return ReadVersions(unknown, deadline);
}

absl::Status CatalogueWatcher::ReadVersions(const std::vector<std::string>& labels,
                                            absl::Time deadline) {
  std::vector<CatalogueRecord> records;
  for (size_t begin = 0; begin < labels.size(); begin += kVersionsAtOnce) {
    const size_t end = std::min(labels.size(), begin + kVersionsAtOnce);
    absl::StatusOr<std::vector<chassis::Versioned<CatalogueRecord>>> read =
        absl::UnknownError("no answer");
    absl::Notification answered;
    stores_->versions.GetMany(
        {labels.begin() + begin, labels.begin() + end}, deadline,
        [&](absl::StatusOr<std::vector<chassis::Versioned<CatalogueRecord>>> result) {
          read = std::move(result);
          answered.Notify();
        });
    answered.WaitForNotification();
    if (!read.ok()) return read.status();
    for (auto& version : *read) {
      if (version.exists()) records.push_back(std::move(version.state));
    }
  }
  LearnAll(std::move(records));
  return absl::OkStatus();
}

void CatalogueWatcher::KeepFresh() {
  while (true) {
    bool woken;
    {
      absl::MutexLock lock(&mutex_);
      const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return stopping_ || stale_ || ended_;
      };
      woken = mutex_.AwaitWithTimeout(absl::Condition(&wanted), kMetricsPause);
      if (stopping_) return;
    }
    if (!woken) {
      ShowMetrics();
      continue;
    }
    const absl::Status status = Refresh(absl::Now() + kRefreshLimit);
    if (status.ok()) continue;
    metrics_->CountReloadFailure();
    chassis::LogWarning("the published catalogues could not be read",
                        {{"error", std::string(status.message())}});
    absl::MutexLock lock(&mutex_);
    stale_ = true;
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kRefreshPause);
  }
}

}  // namespace fuju::catalogue
